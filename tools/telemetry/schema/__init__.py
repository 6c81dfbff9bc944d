"""Sensors, readings, log entries and records as tools see them."""
