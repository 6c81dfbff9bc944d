"""Grids in the formats that operators exchange, read by pypowsybl and carried over to pandapower element by element.

pypowsybl reads each format into one model (IIDM: buses, branches as pi or star circuits in ohms and siemens,
regulators, limits). Everything after the reading is the same for all of them, and stands here.
"""
