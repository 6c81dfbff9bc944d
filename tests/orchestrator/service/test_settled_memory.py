"""Settled memory: set aside once for each time that modules were loaded."""

import gc
import sys
from types import ModuleType

import pytest

from orchestrator.service.settled_memory import SettledMemory


@pytest.fixture(autouse=True)
def _thawed():
    yield
    gc.unfreeze()


def test_settle__sets_aside_what_is_there():
    assert SettledMemory().settle()
    assert gc.get_freeze_count()


def test_settle__nothing_new_is_left_alone():
    memory = SettledMemory()
    memory.settle()
    assert not memory.settle()


def test_settle__again_after_a_module_was_loaded(monkeypatch):
    memory = SettledMemory()
    memory.settle()
    monkeypatch.setitem(sys.modules, "loaded_later", ModuleType("loaded_later"))
    assert memory.settle()
