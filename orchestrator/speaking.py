"""What the crew says, and what of it reaches the report."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from pydantic import TypeAdapter

from agents.coordinator import COORDINATOR
from agents.question import ReportStatus, Resolved
from agents.spec import AgentSpec
from agents.statement import Draft, Statement, Struck
from agents.team import SPECIALISTS
from orchestrator.collecting import Collecting
from orchestrator.compose.board import Board
from orchestrator.compose.leading import lead
from orchestrator.compose.remarks import remark
from orchestrator.compose.summary import summarise
from orchestrator.crew.crew import Assignment, run_crew
from orchestrator.crew.digest import fact_lines
from orchestrator.crew.voice import Voice, last_word
from orchestrator.desk import Desk
from orchestrator.gate import GateFrame, Refusal, gate_text, render
from orchestrator.prompting import load_prompt
from orchestrator.runs.journal import ModelCaller
from orchestrator.runs.record import RunHeader

CORRECTION = "correction.v1"
_DRAFTS = TypeAdapter(tuple[Draft, ...])
_QUOTED = re.compile(r"'[^']*'")
"""What a reason quotes of the refused sentence; the model may read it, the report must not repeat it."""


@dataclass(frozen=True)
class Spoken:
    """Words that passed the gate, and those that did not.

    Attributes:
        summary: The line that answers first.
        remarks: What each specialist added, by agent, when a language model spoke for it.
        struck: Sentences refused twice, masked.
        fallback: Why the embedded text stands in for the model's; None when it does not.
    """

    summary: tuple[Statement, ...]
    remarks: Mapping[str, tuple[Statement, ...]] = field(default_factory=dict)
    struck: tuple[Struck, ...] = ()
    fallback: str | None = None


def listen(header: RunHeader, tools: Collecting, models: ModelCaller, desk: Desk) -> Spoken:
    """Let the crew speak about the evidence, and gate every sentence.

    A refused question is answered without the crew: there is no evidence to speak about.
    """
    resolved = header.resolved or Resolved()
    if resolved.status is ReportStatus.REFUSED:
        return Spoken(_rendered(summarise(tools.board, resolved), tools.board, desk))
    planned = tools.board
    specialists = taking_part(header)
    texts = {spec.name: remark(planned, resolved, spec.name) for spec in specialists}
    say = partial(render, evidence={item.id: item for item in planned.evidence}, zone=desk.zone)
    texts[COORDINATOR.name] = lead(header.kind, planned, resolved, say)
    side_by_side = [spec.name for spec in specialists]
    kind, model = header.reasoner.kind, header.reasoner.model
    voice = Voice(models, kind, model, lambda agent: _to_json(texts[agent]), side_by_side)
    team = (*specialists, COORDINATOR)
    said = run_crew(
        [Assignment(spec, _prompt(spec, header, planned, texts, speaks=voice.is_model)) for spec in team],
        voice,
        tools,
        model=model,
        calls=desk.calls if voice.is_model else 0,
    )
    embedded = _rendered(texts[COORDINATOR.name], planned, desk)
    if not voice.is_model:
        return Spoken(embedded, fallback=voice.failure)
    return _gated(tools, voice, {spec.name: said[spec.name] for spec in team}, embedded, _frame(header, desk))


def taking_part(header: RunHeader) -> tuple[AgentSpec, ...]:
    """The specialists that have a part in the plan; one that has nothing to look at has nothing to say."""
    planned = {step.agent for step in (header.plan.steps if header.plan else ())}
    return tuple(spec for spec in SPECIALISTS if spec.name in planned)


def _to_json(drafts: tuple[Draft, ...]) -> str:
    return _DRAFTS.dump_json(drafts).decode()


def _rendered(drafts: tuple[Draft, ...], board: Board, desk: Desk) -> tuple[Statement, ...]:
    say = partial(render, evidence={item.id: item for item in board.evidence}, zone=desk.zone)
    return tuple(say(item) for item in drafts)


def _prompt(
    spec: AgentSpec, header: RunHeader, board: Board, texts: dict[str, tuple[Draft, ...]], *, speaks: bool
) -> str:
    """The agent's task; the embedded reasoner reads the evidence itself and needs no list of it."""
    understood = header.resolved.understood if header.resolved else None
    own = [item for item in board.evidence if item.agent == spec.name or spec is COORDINATOR]
    values = {
        "question": header.question.text,
        "understood": understood.text if understood else header.question.text,
        "facts": fact_lines(own) if speaks else "(read by the embedded reasoner from the record)",
        "answer": _to_json(texts[spec.name]) if speaks else "(composed)",
    }
    return load_prompt(spec.prompt).fill(**values)


def _frame(header: RunHeader, desk: Desk) -> GateFrame:
    """What a model's sentence is judged against beside the evidence; under a hypothesis it must name its case."""
    resolved = header.resolved or Resolved()
    hypothetical = bool(resolved.hypothesis.outages or resolved.hypothesis.actions or resolved.proposed)
    return GateFrame(
        zone=desk.zone,
        case=None if hypothetical else "base",
        elements=resolved.elements,
        question=header.question.text,
        grid=header.grid.name if header.grid else "",
    )


def _gated(
    tools: Collecting, voice: Voice, said: dict[str, str], embedded: tuple[Statement, ...], frame: GateFrame
) -> Spoken:
    """The model's sentences that hold; each refused one goes back once with its reason, and is then struck."""
    kept: dict[str, tuple[Statement, ...]] = {}
    struck: list[Struck] = []
    for agent, text in said.items():
        accepted, refused = _sift(text, tools, frame)
        if refused:
            again = last_word(voice.say(agent, [{"role": "user", "content": _correction(refused)}]))
            corrected, still = _sift(again, tools, frame) if voice.is_model else ((), refused)
            accepted += corrected
            struck += [Struck(reason=_QUOTED.sub("▒▒▒", item.reason), masked=item.masked) for item in still]
        kept[agent] = accepted
    answer = kept.pop(COORDINATOR.name)
    if not answer:
        why = voice.failure or "no sentence of the model could be grounded in the evidence"
        return Spoken(embedded, kept, tuple(struck), why)
    return Spoken(_lead(embedded, answer), kept, tuple(struck), voice.failure)


def _sift(text: str, tools: Collecting, frame: GateFrame) -> tuple[tuple[Statement, ...], tuple[Refusal, ...]]:
    outcomes = gate_text(text, {item.id: item for item in tools.board.evidence}, frame)
    accepted = tuple(item for item in outcomes if isinstance(item, Statement))
    return accepted, tuple(item for item in outcomes if isinstance(item, Refusal))


def _correction(refused: tuple[Refusal, ...]) -> str:
    lines = "\n".join(f"- {item.masked} ({item.reason})" for item in refused)
    return load_prompt(CORRECTION).fill(refused=lines)


def _lead(embedded: tuple[Statement, ...], spoken: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """The line that answers is the deterministic one, unless the model's sentences carry all that it refers to."""
    needed = {(span.evidence, span.path) for span in embedded[0].spans}
    carried = {(span.evidence, span.path) for item in spoken for span in item.spans}
    return spoken if needed and needed <= carried else (embedded[0], *spoken)
