"""Understanding an operator's question without a language model."""

from orchestrator.resolve.resolver import resolve

__all__ = ["resolve"]
