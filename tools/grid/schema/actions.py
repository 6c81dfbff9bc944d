"""The closed vocabulary of grid actions: whatever is advised is one of these six."""

from typing import Annotated, Literal

from pydantic import Field

from tools.result import Result

Reference = Annotated[str, Field(min_length=1, description="Element as kind:index (line:14) or by its name")]


class SwitchBranch(Result):
    """Open or close a line, a transformer or a switch."""

    type: Literal["switch_branch"] = "switch_branch"
    element: Reference
    closed: bool


class Redispatch(Result):
    """Change the active power set-point of a unit; the slack takes the balance."""

    type: Literal["redispatch"] = "redispatch"
    element: Reference
    delta_p_mw: float = Field(description="Added to the set-point; generation is positive")


class SetTap(Result):
    """Move the tap changer of a transformer to a position within its range."""

    type: Literal["set_tap"] = "set_tap"
    element: Reference
    tap_pos: int


class SwitchShunt(Result):
    """Switch a shunt reactor or capacitor in or out."""

    type: Literal["switch_shunt"] = "switch_shunt"
    element: Reference
    closed: bool


class TransferLoad(Result):
    """Move part of a load to another bus, through a feeder tie outside the model."""

    type: Literal["transfer_load"] = "transfer_load"
    element: Reference
    to_bus: Reference
    p_mw: float = Field(gt=0, description="Active power moved; reactive power moves in proportion")


class ShedLoad(Result):
    """Disconnect part of a load."""

    type: Literal["shed_load"] = "shed_load"
    element: Reference
    p_mw: float = Field(gt=0, description="Active power shed; reactive power is shed in proportion")


Action = Annotated[
    SwitchBranch | Redispatch | SetTap | SwitchShunt | TransferLoad | ShedLoad,
    Field(discriminator="type"),
]
