"""How equipment stands: temperatures, ageing, loss of life."""
