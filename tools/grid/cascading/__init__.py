"""Cascading outages: protection, islands, balance and flows, one event after the other."""
