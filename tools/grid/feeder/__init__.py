"""Radial feeders: which configurations there are, what each loses, and which of them is best."""
