"""Oscillations and frequency events in fast, even samples: what is live, what swings, how the frequency went."""
