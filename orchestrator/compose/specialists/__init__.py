"""Findings of the specialists beside the grid monitor, one module an agent."""
