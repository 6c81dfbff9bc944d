"""Words that are numbers, and words that claim a status, wherever they stand."""

import re

# Zero and one have uses that are no counts ("one outage at a time"); here they count only in prose of a model.
_SMALL = (
    "zero|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    "eighteen|nineteen"
)
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_SCALES = (
    "hundred|hundreds|thousand|thousands|million|millions|billion|dozen|dozens|score|scores|half|halves|third|thirds|"
    "quarter|quarters|tenth|tenths|percent|twice|thrice|double|doubled|doubles|triple|tripled|quadruple|"
    "couple|pair|pairs|fourth|fifth|sixth|seventh|eighth|ninth"
)

_SINGLE = ["one", *_SMALL.split("|")[1:9]]

# Values of the number words that a count can be spelled with; larger ones are refused.
NUMBER_VALUES: dict[str, int] = {"none": 0, "zero": 0}
NUMBER_VALUES |= {word: value for value, word in enumerate(["one", *_SMALL.split("|")[1:]], start=1)}
NUMBER_VALUES |= {word: 10 * tens for tens, word in enumerate(_TENS.split("|"), start=2)}
NUMBER_VALUES |= {
    f"{ten}-{word}": NUMBER_VALUES[ten] + NUMBER_VALUES[word] for ten in _TENS.split("|") for word in _SINGLE
}

NUMBER_WORD = re.compile(rf"(?<![\w-])(?:(?:{_TENS})-\w+|{_TENS}|{_SMALL}|{_SCALES})(?!\w)", re.IGNORECASE)

# Claims on the state of the grid, on causes and on proof; the renderer and the prose gate both refuse them as
# free text. Kept as stems so that inflections do not slip through.
STATUS_WORD = re.compile(
    r"(?<!\w)(?:(?:in)?secur(?:e|ely)|(?:un)?safe(?:ly)?|(?:ab)?normal(?:ly)?|(?:un)?healthy|fine|okay|ok|(?:un)?stable|"
    r"overload(?:ed|s|ing)?|undervolt\w*|overvolt\w*|congested|"
    r"(?:un)?verified|(?:un)?confirmed|(?:un|not |never )affected|unharmed|unproblematic|trouble-free|compliant|"
    r"caus(?:ed|es|ing)|because|due to|owing to|thanks to|all clear|"
    r"(?:with)?in(?:side)? (?:all |its |their |the |every |any )*(?:limits?|bounds?|rating|ratings|range)|"
    r"(?:no|not an?y?|without(?: an?y?)?|zero|nothing)[ -](?:new |standing |further |limit |thermal |voltage )*"
    r"(?:violations?|overloads?|problems?|issues?|concerns?|risks?|limits? (?:is|are|was|were)|worr\w+|wrong|"
    r"undervoltages?|overvoltages?)|"
    r"nothing to worry|no need to worry|free of)(?!\w)",
    re.IGNORECASE,
)

# "N-1" names a criterion, it is no number.
CRITERION = re.compile(r"(?<![\w-])[Nn]-[012k](?![\w-])")


def numeric_characters(text: str) -> list[int]:
    """Positions of characters with a numeric value in any script: digits, superscripts, fractions."""
    return [position for position, char in enumerate(text) if char.isnumeric()]
