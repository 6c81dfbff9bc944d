"""A whole text of a language model, sentence by sentence."""

import re
from collections.abc import Mapping
from dataclasses import replace

from agents.evidence import Evidence
from agents.statement import Statement
from orchestrator.gate.context import Context
from orchestrator.gate.frame import GateFrame, Refusal
from orchestrator.gate.masking import masked
from orchestrator.gate.prose import gate_sentence

LONGEST_TEXT = 20_000
"""Code points that are read; what is beyond is refused in one piece."""
MOST_SENTENCES = 400
"""Sentences that are judged; an answer has a dozen, and the time is bounded."""
# A sentence ends at a mark followed by space and something that can begin a sentence, or at the end of a line.
_END = re.compile(
    r"(?<=[.!?])(?<!\bno\.)(?<!\bi\.e\.)(?<!\be\.g\.)(?<!p\.u\.)[\"”)]?[ \t]+(?=[A-Z\[\"“*\d-])|\s*\n+\s*",
    re.IGNORECASE,
)
_STATE = re.compile(r"(?i)\b(?:out|outage|loss|losing|trip\w*|without|after|before|contingency)\b|/case\]\]")


def sentences(text: str) -> list[str]:
    """The sentences of a text, in order, none empty."""
    return [piece.strip() for piece in _END.split(text) if piece and piece.strip(" \t*#->_")]


def gate_text(text: str, evidence: Mapping[str, Evidence], frame: GateFrame) -> tuple[Statement | Refusal, ...]:
    """Judge every sentence of a text.

    After a sentence about another state, a sentence about a value must name its own: a reader would carry the
    state over.

    Args:
        text: As typed by the model.
        evidence: The run's evidence by id.
        frame: The rest that it is judged by.
    """
    context = Context.of(evidence, frame)
    explicit = replace(context, case=None)
    outcomes: list[Statement | Refusal] = []
    elsewhere = False
    pieces = sentences(text[:LONGEST_TEXT])
    for sentence in pieces[:MOST_SENTENCES]:
        outcome = gate_sentence(sentence, explicit if elsewhere else context)
        outcomes.append(outcome)
        elsewhere = elsewhere or (isinstance(outcome, Statement) and _STATE.search(sentence) is not None)
    if len(pieces) > MOST_SENTENCES:
        outcomes.append(Refusal("there are too many sentences; what is beyond their bound was not read", "…"))
    if len(text) > LONGEST_TEXT:
        outcomes.append(
            Refusal("the text is too long; what is beyond its bound was not read", masked(text[LONGEST_TEXT:]))
        )
    return tuple(outcomes)
