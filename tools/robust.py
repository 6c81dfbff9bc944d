"""Spread that outliers do not move."""

MAD_TO_SIGMA = 1.4826
"""Standard deviation of a normal sample, of its median absolute deviation (1 / norm.ppf(0.75))."""
