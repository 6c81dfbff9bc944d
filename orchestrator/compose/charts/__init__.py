"""Figures over time: lines, bands and bars whose labels are fields of the evidence."""
