"""Why a report cannot be published."""

from tools.errors import GridCrewError


class PublishError(GridCrewError):
    """The report is not fit to be shown: a bug of ours, or a stored report that was changed."""


class MalformedStatementError(PublishError):
    """A statement's spans overlap or leave its text; showing it would tie numbers to the wrong source."""


class UnsafePictureError(PublishError):
    """A figure holds something that a self-contained picture never does: a script, a link, a foreign element."""
