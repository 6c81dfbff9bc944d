"""Which buses are without supply, and why: readings and switch states held against each other."""
