"""Names and texts from grid models, telemetry and users: shown as data, never as markup."""

import unicodedata

from tools.element import ElementRef

NAME_LIMIT = 60
TEXT_LIMIT = 600
# What HTML and Markdown could read as markup, and our own reference brackets.
_HARMLESS = str.maketrans({"<": "‹", ">": "›", "`": "'", "*": "∗", "|": "¦", "[": "(", "]": ")", "\\": "/"})


def neutralise(text: str, limit: int = NAME_LIMIT) -> str:
    """One bounded line without control characters, invisible characters or markup.

    Args:
        text: Whatever a file or a person wrote.
        limit: Most code points kept; an ellipsis marks what was cut.

    >>> neutralise("Line <b>9</b>")
    'Line ‹b›9‹/b›'
    """
    # Separators become spaces before invisible characters go, so that words stay apart.
    spaced = "".join(" " if char.isspace() else char for char in text[: 4 * limit])
    visible = "".join(char for char in spaced if unicodedata.category(char)[0] != "C")
    line = " ".join(visible.translate(_HARMLESS).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def element_text(element: ElementRef) -> str:
    """Canonical form with the name: in quotes when the name is a number, else in brackets.

    >>> element_text(ElementRef(kind="bus", index=11, name="12"))
    'bus:11 "12"'
    """
    name = neutralise(element.name)
    if not name:
        return str(element)
    return f'{element} "{name}"' if name.isnumeric() else f"{element} ({name})"
