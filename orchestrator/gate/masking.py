"""What a refused sentence looks like in a report: its numbers and claims blanked."""

import re

from orchestrator.gate.untrusted import TEXT_LIMIT, neutralise
from orchestrator.gate.wordings import NUMBER_WORD, STATUS_WORD

_BLOCK = "▒▒▒"
_REFERENCE = re.compile(r"[\[(]{2}e\d+[^\])]{0,200}[\])]{2}")


def masked(prose: str) -> str:
    """The sentence without any number or claim that could be read out of it.

    >>> masked("Line is at 111.8 % and secure.")
    'Line is at ▒▒▒ % and ▒▒▒.'
    """
    line = neutralise(prose, TEXT_LIMIT)
    for pattern in (_REFERENCE, STATUS_WORD, NUMBER_WORD):
        line = pattern.sub(_BLOCK, line)
    blanked = "".join("▒" if char.isnumeric() else char for char in line)
    return re.sub(r"[+−-]?▒[▒.,]*(?<=▒)", _BLOCK, blanked)
