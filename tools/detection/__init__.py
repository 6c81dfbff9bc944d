"""What is out of the ordinary in the readings, and which sensors cannot be trusted."""
