"""Deterministic tools over a grid, a time series or a log; no language model, no HTTP, no settings."""
