"""What the load will be, and how sure that is."""
