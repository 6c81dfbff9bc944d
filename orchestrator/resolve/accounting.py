"""The account of a question: which of its words nothing took up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from agents.question import Intent
from orchestrator.resolve.mention import Mention
from orchestrator.resolve.vocabulary import Vocabulary, kinds, neutral, of_change, takes_up
from tools.element import ElementRef

_TOKEN = re.compile(r"@\d+|n-[12]\b|\d+(?:[.,:]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)?")
_CRITERION = "n-1"
_DOUBLE = "n-2"
_BETWEEN = 2
"""Words that were taken up, or change nothing, between two that were not: they stay in one quotation."""
_NEGATION = frozenset({"not", "never", "no", "nor", "neither", "without", "none", "unless", "until", "non"})
_DENIED_ON_PURPOSE = re.compile(
    r"\b(?:why|how come)\b.*\bnot\b|^(?:so |and |but |ok )*(?:is|are|do|does|did|can|could|should|will|would|"
    r"have|has|was) .*\bnot\b|\bcan not (?:afford|lose|take|survive|stand|be lost|trip|see|tell|believe|trust)\b|"
    r"\bmust not\b|\b(?:is|are|do|does|was) not (?:ok|okay|fine|good|normal|right|within|in|secure|look|"
    r"sure|know|understand|work|seem)\b|"
    r"\bbetter not\b|\bif not\b|\bor not\b|\bnot (?:only|sure|yet|really)\b|\bno (?:idea|clue|problem|more|longer)\b|"
    r"\bif (?:no|none)\b|\bnothing\b|\b(?:has|have|with) no\b|\bi do not\b|\bdare not\b|\bnot allowed\b"
)

_EFFECT = re.compile(r"^(?:does|do|will|would|can|could)\s+[a-z]+\s+(?=(?:the\s+)?@)")
"""What a change is asked to do, once the change itself is taken out: "does (closing the tie) lift bus 17"."""


@dataclass(frozen=True)
class Scene:
    """What was made of a question.

    Attributes:
        intents: What is answered.
        taken: Elements that the answer looks at, or that are changed.
        changed: Elements that a change was read for.
        rest: The marked text without claims and changes.
        pieces: The texts that changes were read from.
        claims: The texts that premises were read from.
        mentions: By number of the mark.
        numbers: Digits that were taken up: rows, identifiers.
        loose: Whether a change was read from the whole of the rest.
        also: Phrases that are known not to be taken up.
    """

    intents: tuple[Intent, ...]
    taken: frozenset[ElementRef]
    changed: frozenset[ElementRef]
    rest: str
    pieces: tuple[str, ...]
    claims: tuple[str, ...]
    mentions: tuple[Mention, ...]
    numbers: frozenset[str] = frozenset()
    loose: bool = False
    also: tuple[str, ...] = field(default=())


def left_over(scene: Scene) -> tuple[str, ...]:
    """The phrases, in the user's words, that could change the meaning and were not taken up."""
    if set(scene.intents) & {Intent.STANDARDS, Intent.HELP}:
        return ()  # the library is searched by all words of the question
    known = takes_up(scene.intents) | neutral() | kinds()
    change = neutral() | of_change() | kinds() | takes_up([Intent.WHAT_IF])
    claim = neutral() | kinds() | takes_up([Intent.LIMITS, Intent.SECURITY, Intent.STATE, Intent.OVERVIEW])
    read = known | change if scene.loose else known
    scene = replace(scene, rest=_EFFECT.sub(" ", scene.rest)) if scene.pieces else scene
    found = [
        *scene.also,
        *_phrases(scene.rest, scene, _judge(scene, read, numbers=scene.loose, text=scene.rest)),
        *(
            phrase
            for piece in scene.pieces
            for phrase in _phrases(
                piece, scene, _judge(replace(scene, taken=scene.changed), change, numbers=True, text=piece)
            )
        ),
        *(
            phrase
            for piece in scene.claims
            for phrase in _phrases(piece, scene, _judge(scene, claim | Vocabulary(_CLAIMED), numbers=False, text=""))
        ),
    ]
    return tuple(dict.fromkeys(found))


_CLAIMED = frozenset({"not", "no"})


def _judge(scene: Scene, known: Vocabulary, *, numbers: bool, text: str) -> Callable[[str], bool]:
    """Whether a token was taken up."""
    denied = bool(_DENIED_ON_PURPOSE.search(text))

    def taken(token: str) -> bool:
        if token.startswith("@"):
            mention = scene.mentions[int(token[1:])]
            return any(item.ref in scene.taken for item in mention.items)
        if token == _DOUBLE:
            return numbers or Intent.DOUBLE_OUTAGES in scene.intents
        if token == _CRITERION:
            return (
                numbers
                or not {Intent.SECURITY, Intent.OVERVIEW, Intent.ADVICE, Intent.DISPATCH}.isdisjoint(scene.intents)
                or "secure" in known
            )
        if token[0].isdigit():
            return numbers or token in scene.numbers
        if token in _NEGATION:
            return denied or token in known
        return len(token) == 1 or token.split("'", maxsplit=1)[0] in known or token in known

    return taken


def _phrases(text: str, scene: Scene, taken: Callable[[str], bool]) -> Iterator[str]:
    """Runs of tokens that were not taken up, with the few between them."""
    tokens = list(_TOKEN.finditer(text))
    open_at = [number for number, token in enumerate(tokens) if not taken(token[0])]
    runs: list[tuple[int, int]] = []
    for number in open_at:
        near = (
            runs
            and number - runs[-1][1] <= _BETWEEN
            and not re.search(r"[,;?!]", text[tokens[runs[-1][1]].end() : tokens[number].start()])
        )
        if near:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    for first, last in runs:
        denies = tokens[last][0] in _NEGATION and last + 1 < len(tokens)  # what is denied belongs to the denial
        words = text[tokens[first].start() : tokens[last + denies].end()]
        yield spoken(words, scene.mentions)


def spoken(text: str, mentions: Sequence[Mention]) -> str:
    """Marked words as the user wrote them."""
    plain = re.sub(r"@(\d+)", lambda match: mentions[int(match[1])].text.strip(), text)
    return re.sub(r"\s+", " ", plain).strip(" ,.;:?!")
