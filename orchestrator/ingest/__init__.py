"""From a file to the store: what was measured, logged or recorded elsewhere, read by a mapping file."""
