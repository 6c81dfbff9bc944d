"""Commands that write beside the service: they wait until nobody owns the data directory."""

from orchestrator.service.ownership import find_owner
from orchestrator.settings import Settings
from tools.errors import InvalidArgumentError


def refuse_owned(settings: Settings) -> None:
    """Refuse to write where a service is the one writer.

    Raises:
        InvalidArgumentError: with its address.
    """
    if (owner := find_owner(settings.home)) is not None:
        raise InvalidArgumentError(
            f"the service at {owner.address} owns {settings.home}; another GRIDCREW_HOME would be right"
        )
