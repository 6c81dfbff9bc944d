"""What every section of a shift report is made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from agents.finding import Finding
from agents.question import Resolved
from agents.report import Figure, Section, SectionState, Table
from agents.statement import Draft, Statement
from orchestrator.belonging import section_of
from orchestrator.compose.board import Board
from orchestrator.compose.not_checked import reason_of
from orchestrator.compose.phrases import Piece, Say, draft
from orchestrator.compose.shift.changes import Changes
from tools.result import Result
from tools.vocabulary import Severity

Part = tuple[type[Result], str, str]
"""What a section draws on: result, the tool that gives it, and what the tool looks at."""
_LONGEST = 16
"""Statements of a section; tables carry the rest."""


@dataclass(frozen=True)
class Frame:
    """The evidence of a shift and what was found in it.

    Attributes:
        board: The evidence.
        resolved: The question.
        say: Renders a draft.
        findings: All findings of the run.
        changes: What is new, standing and gone since the last report.
    """

    board: Board
    resolved: Resolved
    say: Say
    findings: tuple[Finding, ...]
    changes: Changes

    def found(self, key: str) -> tuple[Finding, ...]:
        """The findings of a section that are graver than information."""
        grave = (item for item in self.findings if item.severity is not Severity.INFORMATION)
        return tuple(item for item in grave if section_of(item.kind) == key)

    def said(self, sentences: Iterable[Draft]) -> tuple[Statement, ...]:
        """The first sentences, rendered."""
        return tuple(self.say(sentence) for sentence in islice(sentences, _LONGEST))

    def section(
        self,
        key: str,
        title: str,
        *,
        state: SectionState,
        sentences: Iterable[Draft],
        tables: tuple[Table, ...] = (),
        figures: tuple[Figure, ...] = (),
    ) -> Section:
        """A section with its findings by name, and what changed since the last report."""
        said = self.said(sentences)
        known = {statement.text for statement in said}
        named = tuple(item.statement for item in self.found(key) if item.statement.text not in known)
        changed = tuple(self.say(sentence) for sentence in self.changes.of(key, checked=state is not _UNCHECKED))
        return Section(
            key=key, title=title, state=state, statements=(*said, *named, *changed), tables=tables, figures=figures
        )

    def without(self, key: str, title: str, reason: Piece) -> Section:
        """A section whose source is missing; nothing is compared with what was not looked at."""
        return Section(key=key, title=title, state=_UNCHECKED, statements=(self.say(draft("not checked: ", reason)),))

    def gaps(self, parts: Iterable[Part]) -> tuple[Draft, ...]:
        """A sentence on each part of a section that was not checked."""
        return tuple(
            draft(f"{name} not checked: ", reason_of(self.board, tool, name.lower()), ".")
            for result, tool, name in parts
            if not self.board.has(result)
        )

    def state_of(self, key: str, gaps: tuple[Draft, ...] = ()) -> SectionState:
        """Whether a section has findings; one that looked at a part only never reads as nothing found."""
        if self.found(key):
            return SectionState.FINDINGS
        return _UNCHECKED if gaps else SectionState.NOTHING_FOUND


_UNCHECKED = SectionState.NOT_CHECKED
