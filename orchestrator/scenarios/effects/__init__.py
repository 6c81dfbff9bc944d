"""What each kind of trouble does, one file per family; each draws its magnitudes and says its truth."""
