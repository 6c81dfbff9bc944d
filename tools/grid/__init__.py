"""Tools over a power grid, on pandapower and lightsim2grid."""

import logging

# at its import pypowsybl warns of an extra that nobody here uses, onto the terminal of every command that draws
logging.getLogger("powsybl").setLevel(logging.ERROR)
