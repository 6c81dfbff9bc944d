"""Finding the elements that a question speaks of, and marking their places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from orchestrator.resolve.lexicon import lexicon
from orchestrator.resolve.lookup import SET_BOUND, Lookup
from orchestrator.resolve.mention import Doubt, Marked, Mention
from tools.element import ElementKind
from tools.grid.inventory import Inventory, normal_name

Place = tuple[int, int, tuple[Mention, ...]]

_UNIT_AHEAD = (
    r"(?!\d|[.,]\d|\s*(?:percent|[kmg]?w|mws?|megawatts?|mvar|mva|ka|a(?!\s+[a-z])|amps?|steps?|"
    r"am(?!\s+i\b)|pm|h|hours?|minutes?|"
    r"times)\b)"
)
_ID = rf"\d+\b{_UNIT_AHEAD}"
_JOIN = r"\s*(?:,\s*and|,\s*or|,|and|or|&|/|\+|vs\.?|versus)\s*"
_WAY = r"\s*(?:-|–|to|through|till)\s*"
_ALL = r"(?:(?:all|every|each|any|both)\s+)?(?:of\s+)?(?:the\s+)?"
_LEVEL = r"(?P<kv>\d+(?:\.\d+)?)\s*-?\s*kv"
_CHANGED = re.compile(
    r"\b(?:shed\w*|cut\w*|rais\w+|lower\w*|reduc\w+|increas\w+|decreas\w+|drop\w*|mov\w+|transfer\w*|shift\w*|"
    r"add\w*|more|less|extra|additional|by|to|curtail\w*|disconnect\w*|tak(?:e|ing)|redispatch\w*)\b"
)
_MAX_NAME_WORDS = 8
_MIN_NAME = 3
_BRANCHES = frozenset({ElementKind.LINE, ElementKind.TRAFO})


@cache
def _kinds() -> str:
    words = sorted(lexicon().kind_of, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"[\s-]") for word in words)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    kind = rf"\b(?P<kind>{_kinds()})\b"
    letters = "".join(lexicon().letters)
    bus = r"(?:the\s+)?(?:bus(?:es)?|node|substation)?\s*#?\s*"
    tag = (
        r"\s*(?:number|no\.?|nr\.?|num|id|#|:|=)?\s*(?P<mode>with index|index|idx|with name|named|called|"
        r"name)?\s*[#:=]?\s*"
    )
    sources = {
        "canonical": rf"\b(?P<table>{'|'.join(kind.value for kind in ElementKind)}):(?P<ids>\d+)\b",
        "between": rf"{kind}\s*(?:connecting|from|between|joining|that connects)\s+"
        rf"{bus}(?P<a>{_ID})\s*(?:-|to|and|with|&)\s*{bus}(?P<b>{_ID})",
        "pair": rf"{kind}\s*(?P<a>{_ID})\s*(?:-|to)\s*(?P<b>{_ID})",
        "range": rf"{kind}\s*(?P<a>{_ID}){_WAY}(?P<b>{_ID})",
        "valued": rf"{kind}\s*(?P<ids>\d+)(?=\s*(?:mws?|mvar|mva|ka|amps?|a(?!\s+[a-z])|percent|kw)"
        r"(?:\s+(?:now|please|right now|currently))?\s*(?:[?,;.!]|$|\band\s+(?!\d)))",
        "reversed": r"(?:(?<=voltage )|(?<=loading )|(?<=flow )|(?<=\bof )|(?<=\bat )|(?<=\bon ))"
        rf"(?P<ids>\d+)(?:st|nd|rd|th)?\s+(?P<kind>{_kinds()})\b(?!\s*[#:]?\d|\s+(?:system|grid|network|case|model))",
        "list": rf"{kind}{tag}(?P<ids>{_ID}(?:{_JOIN}{_ID})*)",
        "quoted": rf"(?:{kind}{tag})?\"(?P<name>[^\"]+)\"",
        "level": rf"\b{_ALL}{_LEVEL}\s+(?P<kind>{_kinds()})\b",
        "level_alone": rf"\b(?:the\s+)?{_LEVEL}\s+(?:voltage\s+)?(?:level|side|grid|network|system|part|buses)\b",
        "level_after": rf"{kind}\s+(?:at|on|of|in)\s+(?:the\s+)?{_LEVEL}(?:\s+level)?\b",
        "letter": rf"\b(?P<letter>[{letters}])[- ]?(?P<ids>\d+)\b",
        "every": rf"\b(?:all|every|each of|all of)(?: the)?\s+(?P<kind>{_kinds()})\b",
    }
    return tuple((name, re.compile(source)) for name, source in sources.items())


def find_mentions(text: str, inventory: Inventory) -> Marked:
    """Mark every mention of an element in a normalised, repaired text.

    The longest reading wins where two overlap; the inventory's own names win over kind and number.
    """
    finder = _Finder(text, Lookup(inventory))
    places: list[Place] = []
    for place in (*_names(text, inventory), *finder.places()):
        if all(place[1] <= start or end <= place[0] for start, end, _ in places):
            places.append(place)
    return _placed(_marked(text, sorted(places, key=lambda place: place[0])), Lookup(inventory))


def _placed(marked: Marked, lookup: Lookup) -> Marked:
    """``generator at bus 30`` is the generator there, not the bus."""
    mentions = list(marked.mentions)
    text = _DRAWN.sub(lambda match: _drawn(match, mentions, lookup), marked.text)

    def narrow(match: re.Match[str]) -> str:
        bus = mentions[int(match["mark"])]
        kinds = lexicon().kind_of[match["kind"]]
        if bus.kinds != (ElementKind.BUS,) or bus.doubt is Doubt.UNKNOWN or ElementKind.BUS in kinds:
            return match[0]
        items = lookup.at_bus(bus, kinds)
        if not items and not re.search(r"\b(?:of|in)\s+@", match[0]):
            words = match[0].replace(f"@{match['mark']}", bus.text)
            mentions[int(match["mark"])] = Mention(words, kinds, (), Doubt.UNKNOWN, lookup.placed_near(bus))
            return f"@{match['mark']}"
        if not items:
            return match[0]
        several = match["kind"] in lexicon().plurals or len({item.buses for item in items}) == 1
        doubt = Doubt.NONE if len(items) == 1 else (Doubt.SET if several else Doubt.NAME_AND_INDEX)
        mentions[int(match[("mark")])] = Mention(
            match[0].replace(f"@{match['mark']}", bus.text), kinds, items, doubt, total=len(items)
        )
        return f"@{match['mark']}"

    pattern = rf"\b(?P<kind>{_kinds()})\s+(?:(?:is|are)\s+)?(?:at|on|connected (?:to|at)|of|in)\s+@(?P<mark>\d+)\b"
    return Marked(re.sub(pattern, narrow, text), tuple(mentions))


_DRAWN = re.compile(
    r"\b(?P<word>demand|consumption|generation|infeed)\s+(?P<at>at|of|on|in)\s+(?:the\s+)?@(?P<mark>\d+)\b"
)


def _drawn(match: re.Match[str], mentions: list[Mention], lookup: Lookup) -> str:
    """``demand at bus 7`` is what the load there draws, where there is one."""
    word = "load" if match["word"] in {"demand", "consumption"} else "generator"
    bus = mentions[int(match["mark"])]
    there = bus.kinds == (ElementKind.BUS,) and lookup.at_bus(bus, lexicon().kind_of[word])
    return f"{word} {match['at']} @{match['mark']}" if there else match[0]


def _marked(text: str, places: Sequence[Place]) -> Marked:
    mentions: list[Mention] = []
    parts: list[str] = []
    done = 0
    for start, end, found in places:
        marks = range(len(mentions), len(mentions) + len(found))
        parts += [text[done:start], " and ".join(f"@{number}" for number in marks)]
        mentions += found
        done = end
    return Marked("".join([*parts, text[done:]]), tuple(mentions))


def _names(text: str, inventory: Inventory) -> Iterator[Place]:
    """The grid's own names that stand in the text, longest first; short and purely numeric ones need a kind."""
    words = [(match.start(), match.end()) for match in re.finditer(r"[^\s,;?!\"]+", text)]
    longest = min(_MAX_NAME_WORDS, max((name.count(" ") + 1 for name in inventory.by_name), default=0))
    for size in range(longest, 0, -1):
        for first in range(len(words) - size + 1):
            start, end = words[first][0], words[first + size - 1][1]
            name = normal_name(text[start:end].rstrip(".:'"))
            items = inventory.by_name.get(name, ())
            if items and len(name) >= _MIN_NAME and _speaking(name):
                kinds = tuple(dict.fromkeys(item.ref.kind for item in items))
                found = Lookup(inventory).name(name, _asked(text[:start], kinds), name)
                yield _with_kind(text, start), start + len(name), (found,)


def _speaking(name: str) -> bool:
    """Whether a name can be told from ordinary words without a kind before it."""
    return any(letter.isalpha() for letter in name) and name not in lexicon().vocabulary


def _asked(before: str, kinds: tuple[ElementKind, ...]) -> tuple[ElementKind, ...]:
    match = re.search(rf"\b({_kinds()})\s*$", before)
    asked = tuple(kind for kind in lexicon().kind_of.get(match[1], ()) if kind in kinds) if match else ()
    return asked or kinds


def _with_kind(text: str, start: int) -> int:
    match = re.search(rf"\b(?:{_kinds()})\s*$", text[:start])
    return match.start() if match else start


class _Finder:
    """Reads the patterns of one text."""

    def __init__(self, text: str, lookup: Lookup) -> None:
        self._text = text
        self._lookup = lookup

    def places(self) -> Iterator[Place]:
        for name, pattern in _patterns():
            for match in pattern.finditer(self._text):
                mentions = getattr(self, f"_{name}")(match)
                if mentions:
                    yield match.start(), match.end(), mentions

    def _canonical(self, match: re.Match[str]) -> tuple[Mention, ...]:
        return (self._lookup.number(match[0], (ElementKind(match["table"]),), match["ids"], "index"),)

    def _between(self, match: re.Match[str]) -> tuple[Mention, ...]:
        return self._joined(match) if self._joins(match) else ()

    def _pair(self, match: re.Match[str]) -> tuple[Mention, ...]:
        plural = match["kind"] in lexicon().plurals
        return self._joined(match) if self._joins(match) and not plural and not self._moves(match) else ()

    def _moves(self, match: re.Match[str]) -> bool:
        """Whether ``to`` gives a tap position: ``tap of trafo 2 to 3``."""
        return "tap" in self._text[: match.start()] and " to " in match[0]

    def _joins(self, match: re.Match[str]) -> bool:
        return bool(_BRANCHES & set(self._kind(match)))

    def _joined(self, match: re.Match[str]) -> tuple[Mention, ...]:
        return (self._lookup.between(match[0], self._kind(match), match["a"], match["b"]),)

    def _kind(self, match: re.Match[str]) -> tuple[ElementKind, ...]:
        return lexicon().kind_of.get((match["kind"] or "").replace("-", " "), ()) or lexicon().kind_of.get(
            match["kind"] or "", ()
        )

    def _list(self, match: re.Match[str]) -> tuple[Mention, ...]:
        kinds, word = self._kind(match), match["kind"]
        mode = "index" if "i" in (match["mode"] or "")[-5:] else ("name" if match["mode"] else "")
        found = re.findall(r"\d+", match["ids"])
        return tuple(self._lookup.number(f"{word} {digits}", kinds, digits, mode) for digits in found)

    def _reversed(self, match: re.Match[str]) -> tuple[Mention, ...]:
        """``voltage at 15 bus`` as some write it; ``at 3 buses`` is a count."""
        if match["kind"] in lexicon().plurals:
            return ()
        return (self._lookup.number(f"{match['kind']} {match['ids']}", self._kind(match), match["ids"]),)

    def _valued(self, match: re.Match[str]) -> tuple[Mention, ...]:
        """``gen 3 MW?`` asks for the MW of a generator; with a verb of change it would be an amount."""
        if match["kind"] in lexicon().plurals or _CHANGED.search(self._text):
            return ()
        return (self._lookup.number(f"{match['kind']} {match['ids']}", self._kind(match), match["ids"]),)

    def _range(self, match: re.Match[str]) -> tuple[Mention, ...]:
        """``lines 5-8`` are four lines; ``bus 1 to 30`` are the two ends of a path."""
        kinds, first, last = self._kind(match), int(match["a"]), int(match["b"])
        plural = match["kind"] in lexicon().plurals
        if not plural and kinds != (ElementKind.BUS,):
            return ()
        numbers = range(first, last + 1) if plural and first < last <= first + SET_BOUND else (first, last)
        return tuple(self._lookup.number(f"{match['kind']} {number}", kinds, str(number)) for number in numbers)

    def _quoted(self, match: re.Match[str]) -> tuple[Mention, ...]:
        kinds = self._kind(match) if match["kind"] else tuple(ElementKind)
        found = self._lookup.name(match[0], kinds, match["name"])
        return (found,) if found.items or match["kind"] else ()

    def _level(self, match: re.Match[str]) -> tuple[Mention, ...]:
        return (self._lookup.level(match[0], self._kind(match), float(match["kv"])),)

    _level_after = _level

    def _level_alone(self, match: re.Match[str]) -> tuple[Mention, ...]:
        """``the 110 kV level``: its buses."""
        return (self._lookup.level(match[0], (ElementKind.BUS,), float(match["kv"])),)

    def _letter(self, match: re.Match[str]) -> tuple[Mention, ...]:
        return (self._lookup.number(match[0], lexicon().letters[match["letter"]], match["ids"]),)

    def _every(self, match: re.Match[str]) -> tuple[Mention, ...]:
        found = self._lookup.every(match[0], self._kind(match)[:1])
        return (found,) if found.items else ()
