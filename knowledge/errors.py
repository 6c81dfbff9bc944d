"""Errors of the library; none of them can be corrected by the caller, so they stop the run."""

from tools.errors import GridCrewError


class EmbedderUnavailableError(GridCrewError):
    """The sentence-embedding model is not installed, incomplete, or not the file it should be."""


class CorpusError(GridCrewError):
    """A digest or the limits file of the library is malformed; the message names file, field and what is right."""
