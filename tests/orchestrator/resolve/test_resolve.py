"""Questions as operators put them, against what a reader of the question takes them to mean."""

from functools import cache
from pathlib import Path

import pytest
import yaml

from agents.question import Question, Resolved
from orchestrator.resolve import resolve
from tests_support import embedder, inventory  # noqa: F401
