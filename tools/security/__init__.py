"""Who came in, and which commands were sent."""
