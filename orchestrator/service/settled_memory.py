"""Memory that has settled: what is loaded once and stays is kept out of the garbage collector's full rounds.

Models, engines and libraries are a million objects. A full round of the collector walks all of them and holds every
thread meanwhile, about a second in each third or fourth report. They never become garbage, so they are set aside.
"""

import gc
import sys


class SettledMemory:
    """Sets aside what modules have brought since the last look; a module is loaded by the first call that needs it."""

    def __init__(self) -> None:
        self._modules = 0

    def settle(self) -> bool:
        """Set aside all there is if modules were loaded since the last time; garbage is collected before.

        What runs under way hold at that moment is set aside with it: it is freed by its references as ever, and only
        its cycles stay, which is little, for modules are loaded a few times and then never again.

        Returns:
            Whether anything was set aside.
        """
        modules = len(sys.modules)
        if modules == self._modules:
            return False
        gc.collect()
        gc.freeze()
        self._modules = modules
        return True
