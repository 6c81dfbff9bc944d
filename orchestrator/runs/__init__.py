"""Recorded runs: what is kept of each, and how it is resumed, replayed and verified."""
