"""A run that records calls until it is killed: ``endless_run.py ADDRESS``."""

import sys

from sample_run import FakeTools, header_of

from orchestrator.runs.journal import JournaledTools
from orchestrator.runs.run_store import RunStore
from orchestrator.store.engine import open_engine

store = RunStore(open_engine(sys.argv[1]))
store.start(header_of())
tools = JournaledTools(store, "r-1", FakeTools())
number = 0
while True:
    tools.call(f"agent{number}", "solve_power_flow", {})
    number += 1
