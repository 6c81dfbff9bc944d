"""Scenarios: a grid, a time, what goes wrong in it, and what the tools ought to find."""
