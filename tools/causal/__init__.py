"""From findings to causes: mechanism graphs of the grid, attribution, counterfactuals, refutation, verdict."""
