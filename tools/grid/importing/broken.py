"""What a third party's reader raises on a file whose form is right and whose content is not."""

BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    ImportError,
    LookupError,
    NotImplementedError,
    TypeError,
    UserWarning,
    ValueError,
)
"""Caught around the one call of the reader only, and turned into a ``GridUnavailableError`` that quotes it."""
