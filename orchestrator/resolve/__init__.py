"""Understanding an operator's question without a language model."""

from orchestrator.resolve.resolver import resolve
from orchestrator.resolve.text import UserNumber, user_numbers

__all__ = ["UserNumber", "resolve", "user_numbers"]
