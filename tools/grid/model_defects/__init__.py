"""What may be wrong with a grid model, one file per kind of evidence."""
