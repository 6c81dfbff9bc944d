"""The six actions with their values, read from a marked text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from orchestrator.resolve.amounts import Amount, Need, Way, read_amounts, read_position, redispatch_delta, shed_amount
from orchestrator.resolve.lookup import Lookup
from orchestrator.resolve.mention import Doubt, Marked, Mention
from orchestrator.resolve.patterns import DENIED, ELEMENTS, marks
from orchestrator.resolve.piece import Piece
from orchestrator.resolve.verbs import FALLING, FEWER, GOVERNING, MORE, POWER, RISING, SUPPOSED, TAKEN_OFF, VERB
from tools.element import ElementKind
from tools.grid.inventory import BRANCH_KINDS, Item
from tools.grid.schema.actions import Action, Redispatch, SetTap, ShedLoad, SwitchBranch, SwitchShunt, TransferLoad

_LESS = re.compile(
    r"\d+(?:[.,]\d+)?\s*(?:mw|kw|gw|percent)\s+(?:more|less|extra|additional)\s+(?:power |output )?"
    rf"(?:from|on|at|of|out of|by)\s+(?:{ELEMENTS})"
)
_OFF_AND_ON = re.compile(
    rf"\btak(?:e|es|ing)\s+(?P<amount>{POWER})\s+(?:off|from|out of|away from)\s+(?P<one>@\d+)\s*,?\s*(?:and|then)\s+"
    r"(?:put|puts|putting|add|adding|giv(?:e|ing)|load|mov(?:e|ing)|bring)\s+(?:it|that|them|this|"
    r"@\d+)\s+(?:back\s+)?(?:on|onto|to|into|at)\s+(?P<other>@\d+)"
)
_EXPLICIT = re.compile(r"(?<![\w@])(?P<sign>[+-])\s?\d+(?:[.,]\d+)?\s*(?:mws?|kw|gw|megawatts?)\b")
_CUT_OFF = re.compile(r"\b(?:cut(?:s|ting)?|interrupt(?:s|ed|ing)?)(?: off)?\b")
_SIGNED = re.compile(
    rf"(?P<elements>{ELEMENTS})\s+(?:at|up|down|by|to|tap|goes|producing|with|more|less|on tap(?= )|[+-]\s?\d)"
)
_SUBJECT = re.compile(
    rf"(?:\btaps?(?: position)? (?:of|on|at) (?:the )?)?(?:{ELEMENTS}(?:'s)?(?: taps?(?: position| changer)?)?|"
    rf"\d+(?:[.,]\d+)?\s*(?:mw|kw|gw|mva|"
    rf"percent)(?: of load| of {ELEMENTS})?)"
    r"\s+(?:(?:both|all|would|should|could|is|are|was|were|be|being|been|to|gets?|each)\s+)*$"
)
_END = re.compile(
    r"[?;:]|\s-\s|\bso that\b|\bto (?:relieve|unload|help|clear|fix)\b|\b(?:help|helps|relieve|relieves|clear|"
    r"clears|fix|fixes|unload|do)\b|"
    r"\bwhat\b|\bhow\b|\bdoes\b|\bwill\b|\s+and\s+(?!(?:the\s+)?(?:@|\d))|"
    r"\s+and\s+(?=(?:the\s+)?@\d+\s+(?:is\s+|are\s+|also\s+|gets?\s+)*(?:open|trip|out\b|clos|fail|lost|"
    r"off\b|goes|rais|"
    r"lower|up\b|down\b|increas|reduc|drop|fall|ris|produc|run|shed|cut))|,\s+(?!(?:the\s+|and\s+)*(?:@|\d))"
)
_UNITS = frozenset({ElementKind.GEN, ElementKind.SGEN, ElementKind.STORAGE})
_CUSTOMERS = frozenset({ElementKind.LOAD, ElementKind.BUS})
SWITCHED = frozenset({*BRANCH_KINDS, ElementKind.SWITCH})


@dataclass(frozen=True)
class _Missing:
    """Why an action was not understood: the reason, its marks, and whether an amount was given."""

    reason: str
    numbers: frozenset[int]
    amount: bool


@dataclass(frozen=True)
class Actions:
    """Actions in the order of the text.

    Attributes:
        items: What is to be simulated.
        used: Marks that belong to them.
        needs: What is missing or impossible, one reason each.
        rest: The text without the pieces that were read.
        pieces: The texts that they were read from.
        loose: Whether they were read from the whole text, which has no verb of change.
    """

    items: tuple[Action, ...] = ()
    used: frozenset[int] = frozenset()
    needs: tuple[_Missing, ...] = ()
    rest: str = ""
    pieces: tuple[str, ...] = ()
    loose: bool = False


def read_actions(text: str, marked: Marked, lookup: Lookup) -> Actions:
    """Read every action of a marked text."""
    text = _OFF_AND_ON.sub(r"shift \g<amount> from \g<one> to \g<other>", text)
    items: list[Action] = []
    needs: list[_Missing] = []
    used: set[int] = set()
    rest = text
    pieces: list[str] = []
    loosely = False
    for piece in _pieces(text, marked):
        try:
            found = _read(piece, lookup)
        except Need as need:
            needs.append(_Missing(str(need), frozenset(piece.numbers), bool(re.search(POWER, piece.text))))
            continue
        if found:
            items += found
            used |= piece.used_by(found)
            pieces.append(piece.text)
            rest = rest.replace(piece.text, " ")
    if not items and not needs and (loose := _loose(text, marked)):
        items = _redispatch(loose) if loose.of(_UNITS) else _loads(loose, lookup)
        used = loose.used_by(items)
        loosely = bool(items)
        rest = re.sub(r"@(\d+)", lambda match: " " if int(match[1]) in used else match[0], text)
    return Actions(
        tuple(dict.fromkeys(items)), frozenset(used), tuple(dict.fromkeys(needs)), rest, tuple(pieces), loosely
    )


def _loose(text: str, marked: Marked) -> Piece | None:
    """An amount that is said to be more or less, without a verb that says so: "impact of another 20 MW at gen 3"."""
    if signed := _EXPLICIT.search(text):
        piece = _piece(Way.UP if signed["sign"] == "+" else Way.DOWN, text, marked)
        return piece if piece.of(_UNITS) or (signed["sign"] == "-" and piece.of(_CUSTOMERS)) else None
    supposed = SUPPOSED.search(text) and re.search(POWER, text) and not re.search(r"\bthan\b|\bpercent\b", text)
    piece = _piece(Way.DOWN, text, marked)
    if MORE.search(text) or (supposed and piece.of(_UNITS) and RISING.search(text)):
        return _piece(Way.UP, text, marked) if piece.of(_UNITS) else None
    if FEWER.search(text) or (supposed and FALLING.search(text)):
        return piece if piece.of(_UNITS) or piece.of(_CUSTOMERS) else None
    return None


def _pieces(text: str, marked: Marked) -> Iterator[Piece]:
    verbs = [verb for verb in VERB.finditer(text) if not DENIED.search(text[: verb.start()])]
    if not verbs or _LESS.search(text):
        signed = _LESS.search(text) or _SIGNED.search(text)
        if signed and ("tap" not in signed[0] or re.search(r"(?<!@)\b\d", text[signed.start() :])):
            yield _piece(Way.SET, _governed(text[signed.start() :]), marked)
        return
    starts = [verb.start() if verb[0] == "with" else _start(text, verb.start()) for verb in verbs]
    for verb, start, end in zip(verbs, starts, [*starts[1:], len(text)], strict=True):
        yield _piece(Way(str(verb.lastgroup)), _governed(text[start:end]), marked)


def _start(text: str, verb: int) -> int:
    """Where the piece of a verb begins: at its subject, when that is an element or an amount.

    What another verb governs is no subject: "energising line 33 lifts bus 17" lifts nothing by itself.
    """
    subject = _SUBJECT.search(text[:verb])
    return subject.start() if subject and not GOVERNING.search(text[: subject.start()]) else verb


def _governed(text: str) -> str:
    return _END.split(text)[0]


def _piece(way: Way, text: str, marked: Marked) -> Piece:
    numbers = tuple(marks(text))
    return Piece(way, text, tuple(marked.mentions[number] for number in numbers), numbers)


def _read(piece: Piece, lookup: Lookup) -> list[Action]:
    if re.search(r"\btaps?\b|\btap position\b|\bsteps?\b", piece.text) and piece.of(_TRAFOS):
        return _taps(piece)
    if piece.way in {Way.OPEN, Way.CLOSE} or re.search(r"@\d+ (?:off|on|open|closed)\b(?! by)", piece.text):
        return _switching(piece) or _disconnected(piece, lookup)
    if piece.way is Way.MOVE and piece.of(_CUSTOMERS):
        return _transfer(piece, lookup)
    if piece.way is Way.MOVE and len(piece.of(_UNITS)) == _PAIR:
        return _shifted(piece)
    if piece.of(_UNITS):
        return _redispatch(piece)
    return _loads(piece, lookup)


def _taps(piece: Piece) -> list[Action]:
    return [
        SetTap(element=str(item.ref), tap_pos=read_position(piece.text, piece.way, item))
        for item in _each(piece.of(_TRAFOS))
    ]


def _switching(piece: Piece) -> list[Action]:
    state = re.search(r"@\d+ (off|on|open|closed)\b", piece.text)
    closed = piece.way is Way.CLOSE if not state else state[1] in {"on", "closed"}
    branches = [SwitchBranch(element=str(item.ref), closed=closed) for item in _each(piece.of(SWITCHED))]
    shunts = [SwitchShunt(element=str(item.ref), closed=closed) for item in _each(piece.of(_SHUNTS))]
    return [*branches, *shunts]


def _disconnected(piece: Piece, lookup: Lookup) -> list[Action]:
    """So many MW of a load that are disconnected are shed."""
    if piece.way is not Way.OPEN or not read_amounts(piece.text):
        return []
    return _loads(replace(piece, way=Way.SHED), lookup)


def _each(mentions: list[Mention]) -> list[Item]:
    """The elements that are changed: of a set all, of several readings the first."""
    items = [item for mention in mentions for item in (mention.items if mention.doubt in _SETS else mention.items[:1])]
    if len(items) > _MANY:
        raise Need("So many elements are not changed together; name a few.")
    return items


def _transfer(piece: Piece, lookup: Lookup) -> list[Action]:
    sources, targets = piece.of(_CUSTOMERS)[:-1], piece.of(_CUSTOMERS)[-1:]
    buses = [mention for mention in targets if mention.first.ref.kind is ElementKind.BUS]
    if not sources or not buses:
        raise Need("A transfer of load needs the load, the power to be moved, and the bus that takes it.")
    load = _load_of(sources[0], lookup)
    amount = shed_amount(_first(piece), load)
    return [TransferLoad(element=str(load.ref), to_bus=str(buses[0].first.ref), p_mw=amount)]


def _shifted(piece: Piece) -> list[Action]:
    first, second = (mention.first for mention in piece.of(_UNITS))
    delta = abs(redispatch_delta(Way.UP, _first(piece), second))
    return [
        Redispatch(element=str(first.ref), delta_p_mw=-delta),
        Redispatch(element=str(second.ref), delta_p_mw=delta),
    ]


def _redispatch(piece: Piece) -> list[Action]:
    if piece.way not in {Way.UP, Way.DOWN, Way.SET, Way.SHED}:
        return []
    amounts = read_amounts(piece.text)
    if not amounts:
        if piece.way in {Way.UP, Way.DOWN}:
            raise Need("A redispatch needs an amount, by or to so many MW.")
        return []
    units = _each(piece.of(_UNITS))
    shared = _shared(amounts, len(units))
    way = Way.DOWN if piece.way is Way.SHED or TAKEN_OFF.search(piece.text) else piece.way
    return [
        Redispatch(element=str(unit.ref), delta_p_mw=redispatch_delta(way, amount, unit))
        for unit, amount in zip(units, shared, strict=True)
    ]


def _loads(piece: Piece, lookup: Lookup) -> list[Action]:
    customers = piece.of(_CUSTOMERS)
    plain_bus = all(mention.first.ref.kind is ElementKind.BUS for mention in customers)
    if customers and TAKEN_OFF.search(piece.text):
        piece = replace(piece, way=Way.SHED)
    power = re.search(POWER, piece.text) and "percent" not in piece.text
    if plain_bus and _CUT_OFF.search(piece.text) and not read_amounts(piece.text) and "load" not in piece.text:
        return []  # a bus that is cut off loses its supply; nobody sheds anything
    spoken = piece.way is Way.SHED or (piece.way is Way.DOWN and (not plain_bus or "load" in piece.text or power))
    if piece.way in {Way.UP, Way.SET} and not plain_bus and read_amounts(piece.text):
        raise Need("Load can be shed or moved, not raised or set: growth of load is none of the six actions.")
    if not customers or not spoken:
        return []
    amounts = read_amounts(piece.text)
    if piece.way is Way.DOWN and not amounts:
        return []
    customers = (
        [mention.only(item) for mention in customers for item in mention.items] if _sets(customers) else customers
    )
    shared = _shared(amounts or [Amount.whole()], len(customers))
    return [_shed(mention, amount, lookup) for mention, amount in zip(customers, shared, strict=True)]


def _sets(mentions: list[Mention]) -> bool:
    return len(_each(mentions)) > len(mentions)


def _shared(amounts: list[Amount], elements: int) -> list[Amount]:
    """One amount for each element.

    Raises:
        Need: when it stays open which amount belongs to which element.
    """
    if len(amounts) not in {1, elements}:
        raise Need("It stays open which amount belongs to which element: say one amount for each.")
    return amounts if len(amounts) == elements else amounts * elements


def _shed(mention: Mention, amount: Amount, lookup: Lookup) -> Action:
    load = _load_of(mention, lookup)
    return ShedLoad(element=str(load.ref), p_mw=shed_amount(amount, load))


def _load_of(mention: Mention, lookup: Lookup) -> Item:
    if mention.first.ref.kind is ElementKind.LOAD:
        return mention.first
    for bus in mention.items:  # of the readings of a bus number, the first that has a load
        loads = lookup.at_bus(mention.only(bus), (ElementKind.LOAD,))
        if len(loads) > 1:
            raise Need("There are several loads at that bus: name the one that is meant.")
        if loads:
            return loads[0]
    raise Need("There is no load at that bus.")


def _first(piece: Piece) -> Amount:
    return (read_amounts(piece.text) or [Amount.whole()])[0]


_PAIR = 2
_MANY = 12
_SETS = frozenset({Doubt.SET, Doubt.TOO_MANY})
_TRAFOS = frozenset({ElementKind.TRAFO, ElementKind.TRAFO3W})
_SHUNTS = frozenset({ElementKind.SHUNT})
