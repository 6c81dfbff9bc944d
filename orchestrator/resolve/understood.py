"""What was understood of a question, as a statement in which every digit lies in a token."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agents.question import Intent, Premise, Resolved
from agents.statement import Statement, TokenKind, TokenSpan
from orchestrator.resolve.mention import Doubt, Mention
from tools.element import ElementKind, ElementRef, parse_canonical
from tools.grid.inventory import BRANCH_KINDS, Inventory, Item
from tools.grid.schema.actions import Action, Redispatch, SetTap, ShedLoad, SwitchBranch, SwitchShunt, TransferLoad

_ASKED = {
    Intent.OVERVIEW: "the state of the grid",
    Intent.STATE: "the present values",
    Intent.RANKING: "a ranking",
    Intent.TOTALS: "load, generation, losses and slack",
    Intent.LIMITS: "the limits",
    Intent.SECURITY: "the single outages",
    Intent.DOUBLE_OUTAGES: "outages of two elements at once",
    Intent.CASCADE: "how far outages spread",
    Intent.RESTORE: "how what is dark comes back",
    Intent.WHAT_IF: "what the change does",
    Intent.ADVICE: "what can be done",
    Intent.WHY: "the reason",
    Intent.DESCRIBE: "the data in the model",
    Intent.PATH: "how it is connected",
    Intent.MODEL: "the soundness of the model",
    Intent.STANDARDS: "what the library of standards says",
    Intent.RECORD: "an earlier record",
    Intent.LOSSES: "where power is lost",
    Intent.SHORT_CIRCUIT: "short-circuit currents",
    Intent.DRAW: "a picture",
    Intent.RECONFIGURE: "the best radial configuration of the feeder",
    Intent.DISPATCH: "the optimal dispatch",
    Intent.SHED: "the least load to be shed",
    Intent.HELP: "what can be asked",
}
_RANKED = {
    "loading": "the highest loadings",
    "low_voltage": "the lowest voltages",
    "high_voltage": "the highest voltages",
    "losses": "the highest losses",
    "generation": "the largest outputs",
}
_SHOWN = 6


class Words:
    """Collects text and tokens; positions are code points."""

    def __init__(self) -> None:
        self._text = ""
        self._tokens: list[TokenSpan] = []

    def say(self, text: str) -> None:
        """Add prose; digits in it become the user's own words."""
        for piece in re.split(r"(\S*\d\S*)", text):
            if any(letter.isdigit() for letter in piece):
                self.token(piece, TokenKind.USER)
            else:
                self._text += piece

    def token(self, text: str, kind: TokenKind) -> None:
        """Add a typed piece of text."""
        self._tokens.append(TokenSpan(start=len(self._text), end=len(self._text) + len(text), kind=kind))
        self._text += text

    def add(self, said: Statement) -> None:
        """Go on from a statement."""
        shift = len(self._text)
        self._text += said.text
        self._tokens += [
            item.model_copy(update={"start": item.start + shift, "end": item.end + shift}) for item in said.tokens
        ]

    def statement(self) -> Statement:
        """All that was added."""
        return Statement(text=self._text, tokens=tuple(self._tokens))


def label(item: Item, inventory: Inventory) -> str:
    """An element as it is shown: its canonical form with its name, else with its buses.

    Example: ``line:14 (bus 10–bus 11)``.
    """
    if item.ref.name:
        return f"{item.ref} ({item.ref.name})"
    if item.ref.kind is ElementKind.BUS:
        return str(item.ref)
    ends = "–".join(_bus(inventory, bus) for bus in item.buses)
    return f"{item.ref} ({ends})" if item.ref.kind in BRANCH_KINDS else f"{item.ref} (at {ends})"


def _bus(inventory: Inventory, index: int) -> str:
    item = inventory.get(ElementKind.BUS, index)
    name = item.ref.name if item else ""
    return f"bus {name}" if name.isdigit() else (name or f"bus:{index}")


def describe(resolved: Resolved, mentions: Sequence[Mention], inventory: Inventory) -> Statement:
    """Say what was understood, and every doubt about an element."""
    words = Words()
    words.say(
        " and ".join(_asked(intent, resolved.ranking) for intent in resolved.intents) or "no question to the grid"
    )
    if resolved.elements:
        words.say(" of " if resolved.intents else "; elements named: ")
        _list(words, [_ref(ref, inventory) for ref in resolved.elements])
    _hypothesis(words, resolved, inventory)
    _wishes(words, resolved, inventory)
    _premises(words, resolved.premises)
    for phrase in resolved.untaken:
        words.say("; not taken up: ")
        words.token(f"“{phrase}”", TokenKind.USER)
    for mention in mentions:
        _doubt(words, mention, inventory)
    words.say(".")
    return words.statement()


def _asked(intent: Intent, ranking: str | None) -> str:
    return _RANKED.get(ranking or "", _ASKED[intent]) if intent is Intent.RANKING else _ASKED[intent]


def _ref(ref: ElementRef, inventory: Inventory) -> str:
    item = inventory.get(ref.kind, ref.index)
    return label(item, inventory) if item else str(ref)


def _list(words: Words, names: Sequence[str]) -> None:
    for position, name in enumerate(names[:_SHOWN]):
        words.say(", " if position else "")
        words.token(name, TokenKind.IDENTIFIER)
    if len(names) > _SHOWN:
        words.say(" and others")


def _hypothesis(words: Words, resolved: Resolved, inventory: Inventory) -> None:
    if resolved.reset:
        words.say("; earlier hypotheses are dropped")
    if resolved.hypothesis.outages:
        words.say("; with ")
        _list(words, [_ref(ref, inventory) for ref in resolved.hypothesis.outages])
        words.say(" out")
    for opening, actions in (("in force: ", resolved.hypothesis.actions), ("simulated: ", resolved.proposed)):
        for action in actions:
            words.say(f"; {opening}")
            _action(words, action, inventory)


def _wishes(words: Words, resolved: Resolved, inventory: Inventory) -> None:
    """What was read of remedies, of loads to be shed, and of outages in sequence or together."""
    named: list[tuple[str, tuple[ElementRef, ...]]] = []
    if (remedies := resolved.remedies) is not None:
        named += [(f"; {remedies.mode}, for the outage of ", remedies.contingencies), ("; leaving ", remedies.barred)]
        words.say("".join(f"; without {kind.replace('_', ' ')}" for kind in remedies.without))
    if (shedding := resolved.shedding) is not None:
        named += [("; first ", shedding.first), ("; last ", shedding.last), ("; not at all ", shedding.barred)]
    if (screening := resolved.screening) is not None:
        words.say("; of units" * screening.units + "; one after the other" * screening.sequential)
        named.append(("; as a common mode ", screening.group))
    for opening, refs in named:
        if refs:
            words.say(opening)
            _list(words, [_ref(ref, inventory) for ref in refs])
    for action in screening.adjustment if screening is not None else ():
        words.say("; between the outages ")
        _action(words, action, inventory)


def _action(words: Words, action: Action, inventory: Inventory) -> None:
    words.token(_named(action.element, inventory), TokenKind.IDENTIFIER)
    match action:
        case SwitchBranch() | SwitchShunt():
            words.say(" closed" if action.closed else " opened")
        case Redispatch():
            words.say(f" {'raised' if action.delta_p_mw >= 0 else 'lowered'} by ")
            words.token(f"{abs(action.delta_p_mw):g} MW", TokenKind.USER)
        case SetTap():
            words.say(" set to tap position ")
            words.token(str(action.tap_pos), TokenKind.USER)
        case ShedLoad():
            words.say(" shed by ")
            words.token(f"{action.p_mw:g} MW", TokenKind.USER)
        case TransferLoad():
            words.say(" relieved of ")
            words.token(f"{action.p_mw:g} MW", TokenKind.USER)
            words.say(" which goes to ")
            words.token(_named(action.to_bus, inventory), TokenKind.IDENTIFIER)


def _named(canonical: str, inventory: Inventory) -> str:
    parsed = parse_canonical(canonical)
    item = inventory.get(*parsed) if parsed else None
    return label(item, inventory) if item else canonical


def _premises(words: Words, premises: Sequence[Premise]) -> None:
    for premise in premises:
        words.say("; to be checked: ")
        words.token(f"“{premise.text}”", TokenKind.USER)


def _doubt(words: Words, mention: Mention, inventory: Inventory) -> None:
    if mention.doubt in {Doubt.NONE, Doubt.SET}:
        return
    words.say("; ")
    words.token(f"“{mention.text.strip()}”", TokenKind.USER)
    words.say(_DOUBTS[mention.doubt])
    names = [label(item, inventory) for item in mention.items] or list(mention.near)
    if mention.doubt is Doubt.TOO_MANY:
        words.token(str(mention.total), TokenKind.IDENTIFIER)
    elif names:
        _list(words, names)
    else:
        words.say("none of that kind")


_DOUBTS = {
    Doubt.NAME_AND_INDEX: " can mean each of ",
    Doubt.SAME_NAME: " is the name of each of ",
    Doubt.GUESSED: " was taken as ",
    Doubt.UNKNOWN: " is not in the grid, which has ",
    Doubt.TOO_MANY: " was cut to the first of ",
}
