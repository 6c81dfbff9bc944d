"""The databases under test."""

import sys
from pathlib import Path

# The tests of runs use the same databases, so they are a module.
sys.path.insert(0, str(Path(__file__).parent))

from databases import address, empty_engine, engine, postgres_address, sqlite_address

__all__ = ["address", "empty_engine", "engine", "postgres_address", "sqlite_address"]
