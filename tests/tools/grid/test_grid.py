"""A loaded grid is read by several threads at once, as the agents of a crew do."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pandapower.networks as nw
import pandas as pd

from tools.grid.grid import Grid


def test_grid__look_ups_are_built_before_threads_share_it():
    """pandas builds an index's table at the first look-up; threads that race for it may miss a label."""
    net = nw.case39()
    for table in net.values():
        if isinstance(table, pd.DataFrame):
            table.index = pd.Index(table.index.to_list(), dtype="int64")
    grid = Grid(name="shared", fingerprint="0" * 64, net=net)
    tables = [table for table in net.values() if isinstance(table, pd.DataFrame) and len(table)]
    assert all(labels._engine.is_mapping_populated for table in tables for labels in (table.index, table.columns))
    known = {kind: grid.net[kind].index.to_list() for kind in ("bus", "line", "ext_grid")}
    together = Barrier(16)

    def look(_):
        together.wait()
        return all(index in grid.net[kind].index for kind in known for index in known[kind])

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(look, range(16)))
