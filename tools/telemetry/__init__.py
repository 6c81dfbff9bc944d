"""Readings and grids as they are stored; tools see them through the sources of their context."""
