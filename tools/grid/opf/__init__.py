"""Optimal power flow: the problem of a state, its AC and DC solution, and the proof by an independent power flow."""
