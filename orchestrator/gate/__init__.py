"""The gates of rules 1 and 2: numbers and claims of status reach a report only as references to evidence."""

from orchestrator.gate.errors import UngroundedDraftError, UnrenderableReferenceError
from orchestrator.gate.frame import GateFrame, Refusal
from orchestrator.gate.prose import gate_prose
from orchestrator.gate.render import render
from orchestrator.gate.shown import shown
from orchestrator.gate.text import gate_text
from orchestrator.gate.verify import verify_statement

__all__ = [
    "GateFrame",
    "Refusal",
    "UngroundedDraftError",
    "UnrenderableReferenceError",
    "gate_prose",
    "gate_text",
    "render",
    "shown",
    "verify_statement",
]
