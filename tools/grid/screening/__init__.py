"""Order-1 outages in one batch: per-unit arrays, topology, the batch solve, and its reduction to a few numbers."""
