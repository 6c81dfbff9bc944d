"""What a sensor usually shows at an hour of a kind of day in such weather, learnt from a month to three before it."""
