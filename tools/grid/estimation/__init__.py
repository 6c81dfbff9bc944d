"""Weighted least squares state estimation: network, measurements, equations, gain, bad data, topology."""
