"""The way of a question, from its words to a recorded, gated report."""
