"""Tools over a power grid, on pandapower and lightsim2grid."""
