"""What changed since the last shift report: new, still standing, no longer found."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from agents.finding import Finding
from agents.statement import Draft, Token, TokenKind
from orchestrator.belonging import key_of, section_of
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, draft, listed
from orchestrator.gate.words import enum_forms
from orchestrator.record_schema import RecordExcerpt, RecordKind
from tools.vocabulary import Severity

_SHOWN = 5
_OF_STATE = frozenset({"exceedances", "security"})
"""Sections on the state of the grid: what has ended there is past, whereas an intruder may still be about."""


@dataclass(frozen=True)
class Changes:
    """The findings of this report against the open items of those before.

    Attributes:
        carried: The open items on record; None when they could not be read.
        findings: Those of this report that are graver than information.
    """

    carried: Exhibit[RecordExcerpt] | None
    findings: tuple[Finding, ...]

    @property
    def first(self) -> bool:
        """Whether there is no report before to compare with."""
        return self.carried is None or self.carried.result.as_of is None

    def of(self, key: str, *, checked: bool) -> Iterator[Draft]:
        """The sentence on one section; none when there is nothing to compare with or nothing was looked at."""
        if self.carried is None or self.first or not checked:
            return
        mine = [place for place, row in enumerate(self.carried.result.rows) if section_of(row.kind) == key]
        found = {key_of(item) for item in self.findings}
        known = {row.key for row in self.carried.result.rows}
        parts: list[Piece] = []
        if fresh := [item for item in self.findings if section_of(item.kind) == key and key_of(item) not in known]:
            parts.append(["new: ", named(fresh)])
        for words, there in (("still open: ", True), ("no longer found: ", False)):
            places = [place for place in mine if (self.carried.result.rows[place].key in found) is there]
            if places:
                parts.append([words, self.titles(places)])
        said: Piece = listed(parts, last="; ", comma="; ") if parts else "no change"
        yield draft("Since the report of ", self.carried.ref("as_of"), ": ", said, ".")

    def titles(self, places: list[int]) -> Piece:
        """Open items as they were written then, each with its age."""
        assert self.carried is not None  # noqa: S101 - places are those of its rows
        shown: list[Piece] = []
        for place in places:
            title: Piece = self.carried.ref("rows", place, "title")
            if self.carried.result.rows[place].age_h is not None:
                title = [title, " (for ", self.carried.ref("rows", place, "age_h"), ")"]
            shown.append(title)
        return _enumerated(shown)


def changes_since(board: Board, findings: Iterable[Finding]) -> Changes:
    """Compare with the open items that this run has read."""
    records = board.every(RecordExcerpt)
    carried = next((item for item in records if item.result.kind is RecordKind.OPEN_ITEMS), None)
    return Changes(carried, tuple(item for item in findings if item.severity is not Severity.INFORMATION))


def named(findings: Sequence[Finding], shown: int = _SHOWN) -> Piece:
    """Findings by kind and element, which are names and no measurement, each once."""
    return _enumerated(list(dict.fromkeys(_name(item) for item in findings)), shown)


def _name(finding: Finding) -> Token:
    past = finding.end is not None and section_of(finding.kind) in _OF_STATE
    about = "; ".join([*(str(asset) for asset in finding.assets[:1]), *(["over by now"] if past else [])])
    return Token(kind=TokenKind.IDENTIFIER, text=f"{enum_forms(finding.kind)[0]}{about and f' ({about})'}")


def _enumerated(names: Sequence[Piece], shown: int = _SHOWN) -> Piece:
    """The first of some names: a, b and c; or a, b, c and others."""
    return listed([*names[:shown], "others"] if len(names) > shown else names)
