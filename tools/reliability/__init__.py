"""How often and how long customers were without supply."""
