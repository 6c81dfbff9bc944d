"""What can go wrong with a stored run."""

from tools.errors import GridCrewError


class RecordConflictError(GridCrewError):
    """Something else is already recorded in this place; a record is never overwritten."""


class RecordDamagedError(GridCrewError):
    """A stored body cannot be read any more.

    Attributes:
        place: Table, row and, inside its body, the field.
    """

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"The record is damaged at {place}: {reason}")
        self.place = place
        self.reason = reason
