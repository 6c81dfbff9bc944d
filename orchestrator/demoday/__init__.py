"""A made-up day of one grid, with known troubles on request; everything in it says that it is simulated."""
