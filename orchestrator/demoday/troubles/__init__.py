"""What goes wrong on a seeded day, one file per kind of trouble; ranges are in docs/demo-day.md."""
