"""What is wrong with a draft of our own: a bug of the composer, never shown to a user as an answer."""

from tools.errors import GridCrewError


class UngroundedDraftError(GridCrewError):
    """A text part of a draft carries a digit, a number word or a claim of status; it should be a reference."""


class UnrenderableReferenceError(GridCrewError):
    """A reference leads nowhere, to an absent value, or to something that is no single value."""
