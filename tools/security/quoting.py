"""Untrusted text made safe to show: nothing invisible, nothing cut without saying how much."""

import unicodedata

MAX_NAME = 200
MAX_LINE = 2000
# Control, format (bidirectional overrides, zero widths), surrogates, private use, line and paragraph separators.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def visible(text: str) -> str:
    r"""The text with every character that does not show written as its escape; the rest stays as it is.

    >>> visible("a\x1b[2Jb")
    'a\\x1b[2Jb'
    """
    return "".join(_escape(char) if unicodedata.category(char) in _HIDDEN else char for char in text)


def shortened(text: str, limit: int) -> str:
    """At most ``limit`` characters; what was cut is counted at the end.

    >>> shortened("abcdefghijklmnopqrstuvwxyz0123456789", 30)
    'abcdefg… [29 characters cut]'
    """
    if len(text) <= limit:
        return text
    # the mark grows with the number in it, so its length is taken for the largest number it may hold
    kept = limit - len(f"… [{len(text)} characters cut]")
    return f"{text[:kept]}… [{len(text) - kept} characters cut]"


def quoted_line(text: str) -> str:
    """A log line as data."""
    return shortened(visible(text), MAX_LINE)


def quoted_name(text: str) -> str:
    """The name of an account or a machine as data."""
    return shortened(visible(text), MAX_NAME)


def _escape(char: str) -> str:
    code = ord(char)
    if code < 0x100:  # noqa: PLR2004 - one byte
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004 - the basic plane
