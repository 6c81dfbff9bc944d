"""Which elements a piece of text names: canonical form, kind and number, or the element's own name."""

import re
from collections import defaultdict
from collections.abc import Mapping

from orchestrator.gate.typed_number import UNIT
from orchestrator.gate.untrusted import element_text
from orchestrator.gate.wordings import NUMBER_WORD, STATUS_WORD
from tools.element import ElementKind, ElementRef, parse_canonical

_SPOKEN: dict[str, ElementKind] = {
    "bus": ElementKind.BUS,
    "busbar": ElementKind.BUS,
    "node": ElementKind.BUS,
    "line": ElementKind.LINE,
    "transformer": ElementKind.TRAFO,
    "trafo": ElementKind.TRAFO,
    "generator": ElementKind.GEN,
    "gen": ElementKind.GEN,
    "load": ElementKind.LOAD,
    "shunt": ElementKind.SHUNT,
    "switch": ElementKind.SWITCH,
    "sgen": ElementKind.SGEN,
    "external grid": ElementKind.EXT_GRID,
    "ext_grid": ElementKind.EXT_GRID,
    "trafo3w": ElementKind.TRAFO3W,
    "impedance": ElementKind.IMPEDANCE,
    "storage": ElementKind.STORAGE,
}
_CANONICAL = re.compile(rf"(?:{'|'.join(ElementKind)}):[0-9]+(?![\w.][0-9]|\w)", re.IGNORECASE)
_BY_NUMBER = re.compile(
    rf"(?:the )?({'|'.join(_SPOKEN)}) (?:no\. |number |#)?([0-9]+)(?!\w|[.,:/-][0-9])", re.IGNORECASE
)
_PLURAL = {f"{spoken}{'es' if spoken == 'bus' else 's'}": spoken for spoken in _SPOKEN if " " not in spoken}
_LISTED = re.compile(rf"(?:the )?({'|'.join(_PLURAL)}) (?=[0-9])", re.IGNORECASE)
# A number of a list that counts or measures something else is none of the elements.
_OTHERWISE = r"(?! ?(?:outages?|contingenc|cases?|of |more|new|buses|lines|branches|units|times|hours))"
_MEMBER = re.compile(rf"([0-9]{{1,5}})(?![\w%]|[.:/-][0-9]|,[0-9])(?! ?(?:{UNIT})(?!\w)){_OTHERWISE}")
_MEASURED = re.compile(rf"[0-9] ?(?:{UNIT})(?!\w)|[0-9][.,][0-9]")
_FIRST_WORD = re.compile(r"[^\W_]+")


class Naming:
    """The names of a run's elements.

    Args:
        elements: Canonical form to name; names are untrusted.
        asked: Those of them that the question names.
    """

    def __init__(self, elements: Mapping[str, str], asked: Mapping[str, str] | None = None) -> None:
        self._names = dict(elements)
        self._asked = {name.strip().lower(): canonical for canonical, name in (asked or {}).items()}
        self._of_name: dict[str, set[str]] = defaultdict(set)
        for canonical, name in elements.items():
            self._of_name[name.strip().lower()].add(canonical)
        self._bare: dict[str, list[str]] = defaultdict(list)
        for name in {name.strip() for name in elements.values()}:
            if _stands_alone(name):
                self._bare[_first_word(name)].append(name)
        for names in self._bare.values():
            names.sort(key=len, reverse=True)

    def at(self, text: str, position: int) -> tuple[int, frozenset[str]] | None:
        """The end of the mention that begins here and the elements it may mean; empty when it names none."""
        if match := _CANONICAL.match(text, position):
            known = frozenset({match[0].lower()} & self._names.keys())
            return self._past_name(text, match.end(), known), known
        if match := _BY_NUMBER.match(text, position):
            kind = _SPOKEN[match[1].lower()]
            spoken = f"{match[1]} {match[2]}".lower()
            named = {name for key in (match[2], spoken) for name in self._of_name.get(key, ())}
            meant = {item for item in named if item.startswith(f"{kind}:")} | self._of_name.get(spoken, set())
            by_index = {f"{kind}:{int(match[2])}"} & self._names.keys()
            # A model is shown indices, so a bare number is one, unless the question's own element has it as its name.
            if by_index and self._asked.get(match[2], "") not in meant - by_index and spoken not in self._of_name:
                meant = by_index
            return match.end(), frozenset(meant | by_index)
        for name in self._bare.get(_first_word(text[position : position + 60]), ()):
            end = position + len(name)
            if text.startswith(name, position) and not text[end : end + 1].isalnum():
                return end, frozenset(self._of_name[name.lower()])
        return None

    def listed(self, text: str, position: int, spoken: str = "") -> tuple[int, frozenset[str], str] | None:
        """A member of "buses 7, 5 and 6": its end, the elements that it may mean and the kind's word.

        Args:
            text: The sentence.
            position: Where the member begins; the first one begins with the plural word.
            spoken: The kind's word in the singular; empty for the first member.
        """
        start = position
        if not spoken:
            head = _LISTED.match(text, position)
            if head is None:
                return None
            spoken, start = _PLURAL[head[1].lower()], head.end()
        member = _MEMBER.match(text, start)
        if member is None:
            return None
        _, meant = self.at(f"{spoken} {member[1]}", 0) or (0, frozenset())
        return member.end(), meant, spoken

    def written(self, text: str, canonical: str) -> str:
        """How a mention is printed: a bare number gets the canonical form beside it when the element's name differs."""
        found = parse_canonical(canonical)
        name = self._names.get(canonical, "")
        number = _BY_NUMBER.fullmatch(text)
        same = number and name.lower() in {"", number[2], f"{number[1]} {number[2]}".lower()}
        if found is None or text.lower() == canonical or same or text == name:
            return text
        return element_text(ElementRef(kind=found[0], index=found[1], name=name))

    def _past_name(self, text: str, end: int, known: frozenset[str]) -> int:
        """A canonical form may carry its own name behind it, as the renderer prints it."""
        for canonical in known:
            name = self._names[canonical]
            for shown in (f" ({name})", f' "{name}"', f" “{name}”"):
                if name and text.startswith(shown, end):
                    return end + len(shown)
        return end


def _first_word(text: str) -> str:
    match = _FIRST_WORD.match(text)
    return match[0] if match else ""


def _stands_alone(name: str) -> bool:
    """Whether a bare name can be told from prose: it has a digit or a capital, and makes no claim."""
    distinct = any(char.isdigit() or char.isupper() for char in name)
    claims = STATUS_WORD.search(name) or NUMBER_WORD.search(name) or _MEASURED.search(name)
    few = len(name.split()) <= 4  # noqa: PLR2004 - a longer name is a sentence
    return len(name) > 1 and name[0].isalpha() and distinct and few and not claims
