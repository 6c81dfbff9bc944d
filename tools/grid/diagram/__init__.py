"""Pictures of a grid: what is drawn, where it lies, what its state marks, and the SVG."""

import logging

# pypowsybl warns at import about its optional optimal power flow, which no picture needs
logging.getLogger("powsybl").setLevel(logging.ERROR)
