"""The databases under test."""

import sys
from pathlib import Path

# The tests of runs use the same databases, so they are a module.
sys.path.insert(0, str(Path(__file__).parent))

from databases import (
    address,
    empty_engine,
    engine,
    migrated_file,
    migrated_schema,
    postgres_address,
    postgres_engine,
    sqlite_address,
    sqlite_engine,
)

__all__ = [
    "address",
    "empty_engine",
    "engine",
    "migrated_file",
    "migrated_schema",
    "postgres_address",
    "postgres_engine",
    "sqlite_address",
    "sqlite_engine",
]
