"""Which data a short-circuit calculation needs, which of them a net lacks, and the caller's assumptions laid in.

Nothing is made up here: a value comes from the model or from a named assumption, else it is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tools.amount import Amount
from tools.element import ElementKind, ElementRef
from tools.errors import InvalidArgumentError
from tools.grid.connectivity import Connectivity
from tools.grid.elements import element_refs, resolve_element
from tools.grid.inventory import TERMINALS
from tools.grid.schema.short_circuit import (
    AssumedData,
    AssumedField,
    Assumption,
    CurrentCase,
    FaultType,
    MissingData,
)
from tools.units import split_name

if TYPE_CHECKING:
    from pandapower import pandapowerNet

_SHOWN = 10
_ASYNCHRONOUS = ("async", "async_doubly_fed")
_VECTOR_GROUPS = frozenset(
    ("Yy", "Yd", "Dy", "Dd", "Dyn", "YNd", "Yyn", "YNyn", "YNy", "Yzn", "ZNyn", "ZNd", "ZNy", "Zd")
)
_TEXTS = frozenset({"vector_group"})

# What each ratio is multiplied with, of the rows that lack the column.
_RATIOS: Mapping[AssumedField, tuple[str, Callable[[pandapowerNet, pd.DataFrame], pd.Series[float]]]] = {
    AssumedField.GEN_POWER_RATIO: ("sn_mva", lambda _, rows: _number(rows, "max_p_mw").where(lambda p: p > 0)),
    AssumedField.GEN_VOLTAGE_RATIO: (
        "vn_kv",
        lambda net, rows: pd.Series(net.bus.vn_kv.reindex(rows.bus).to_numpy(), index=rows.index),
    ),
    AssumedField.GEN_RESISTANCE_RATIO: (
        "rdss_ohm",
        lambda _, rows: _number(rows, "xdss_pu") * _number(rows, "vn_kv") ** 2 / _number(rows, "sn_mva"),
    ),
    AssumedField.LINE_R0_RATIO: ("r0_ohm_per_km", lambda _, rows: _number(rows, "r_ohm_per_km")),
    AssumedField.LINE_X0_RATIO: ("x0_ohm_per_km", lambda _, rows: _number(rows, "x_ohm_per_km")),
    AssumedField.LINE_C0_RATIO: ("c0_nf_per_km", lambda _, rows: _number(rows, "c_nf_per_km")),
    AssumedField.TRAFO_VK0_RATIO: ("vk0_percent", lambda _, rows: _number(rows, "vk_percent")),
    AssumedField.TRAFO_VKR0_RATIO: ("vkr0_percent", lambda _, rows: _number(rows, "vkr_percent")),
}


@dataclass(frozen=True)
class Need:
    """One column that the calculation reads.

    Attributes:
        kind: Table.
        column: Column of that table.
        positive: Whether zero is no value either.
        among: Column and values that select the rows concerned; all live rows when None.
    """

    kind: ElementKind
    column: str
    positive: bool = False
    among: tuple[str, tuple[object, ...]] | None = None


@dataclass
class Filled:
    """What became of the data.

    Attributes:
        missing: What is still missing.
        assumed: Assumptions that were used.
        unused: Those that nothing needed.
    """

    missing: list[MissingData] = field(default_factory=list)
    assumed: list[AssumedData] = field(default_factory=list)
    unused: list[AssumedField] = field(default_factory=list)


def fill_data(
    net: pandapowerNet,
    topology: Connectivity,
    fault: FaultType,
    current: CurrentCase,
    assumptions: Sequence[Assumption],
) -> Filled:
    """Lay the assumptions into what a private net lacks, and say what is still missing.

    Args:
        net: Private copy; its tables are filled in place.
        topology: Its islands: what has no supply needs no data.
        fault: Faults to earth need zero-sequence data as well.
        current: Minimum currents need the conductors' end temperature, maximum ones motors and converters.
        assumptions: The caller's values.

    Raises:
        InvalidArgumentError: for a value that the field cannot have, or that is given twice.
        UnknownElementError, AmbiguousElementError: for the element of an assumption that is not there.
    """
    given = _given(net, assumptions)
    _drop_clock_numbers(net)
    done, used = Filled(), set()
    for need in _needs(net, fault, current):
        frame = _concerned(net, topology, need)
        if need.column not in net[need.kind.value]:
            net[need.kind.value][need.column] = None if need.column in _TEXTS else np.nan
        for at, (assumption, ref) in enumerate(given):
            if _column_of(assumption.field) == (need.kind, need.column):
                lacking = _lacking(net, need, frame)
                here = lacking if ref is None else [index for index in lacking if index == ref.index]
                filled = _lay_in(net, need, here, assumption)
                if filled:
                    used.add(at)
                    done.assumed.append(_assumed(net, need, filled, assumption))
        lacking = _lacking(net, need, frame)
        if lacking:
            refs = element_refs(net, need.kind, lacking[:_SHOWN])
            done.missing.append(
                MissingData(
                    field=f"{need.kind}.{need.column}", count=len(lacking), elements=refs, assume=_stand_ins(need)
                )
            )
    done.unused = list(dict.fromkeys(item.field for at, (item, _) in enumerate(given) if at not in used))
    return done


def _drop_clock_numbers(net: pandapowerNet) -> None:
    """``YNd5`` is ``YNd`` to the zero-sequence system; a phase shift does not change its impedances."""
    for table in ("trafo", "trafo3w"):
        if "vector_group" in net[table]:
            groups = net[table].vector_group
            net[table]["vector_group"] = groups.map(
                lambda text: text.rstrip("0123456789") if isinstance(text, str) else text
            )


def _needs(net: pandapowerNet, fault: FaultType, current: CurrentCase) -> Iterator[Need]:
    case = "max" if current is CurrentCase.MAXIMUM else "min"
    yield Need(ElementKind.EXT_GRID, f"s_sc_{case}_mva", positive=True)
    yield Need(ElementKind.EXT_GRID, f"rx_{case}")
    for column in ("sn_mva", "vn_kv", "xdss_pu", "cos_phi"):
        yield Need(ElementKind.GEN, column, positive=True)
    yield Need(ElementKind.GEN, "rdss_ohm")
    if current is CurrentCase.MINIMUM:
        yield Need(ElementKind.LINE, "endtemp_degree")
    else:
        for column in ("pn_mech_mw", "vn_kv", "lrc_pu", "efficiency_n_percent", "cos_phi_n"):
            yield Need(ElementKind.MOTOR, column, positive=True)
        yield Need(ElementKind.MOTOR, "rx")
        yield from _static_needs(net)
    if fault is FaultType.LINE_TO_GROUND:
        yield from _earth_needs(case)


def _static_needs(net: pandapowerNet) -> Iterator[Need]:
    """Converters and asynchronous machines among the static generators."""
    if "generator_type" in net.sgen:
        yield Need(ElementKind.SGEN, "sn_mva", positive=True, among=("generator_type", ("async",)))
        yield Need(ElementKind.SGEN, "lrc_pu", positive=True, among=("generator_type", ("async",)))
        yield Need(ElementKind.SGEN, "rx", among=("generator_type", _ASYNCHRONOUS))
        for column in ("max_ik_ka", "kappa"):
            yield Need(ElementKind.SGEN, column, positive=True, among=("generator_type", ("async_doubly_fed",)))
    yield Need(ElementKind.SGEN, "k", among=("current_source", (True,)))
    yield Need(ElementKind.SGEN, "sn_mva", among=("current_source", (True,)))


def _earth_needs(case: str) -> Iterator[Need]:
    """The zero-sequence system."""
    yield Need(ElementKind.EXT_GRID, f"x0x_{case}", positive=True)
    yield Need(ElementKind.EXT_GRID, f"r0x0_{case}")
    for column in ("r0_ohm_per_km", "x0_ohm_per_km", "c0_nf_per_km"):
        yield Need(ElementKind.LINE, column)
    for column in ("vector_group", "vk0_percent", "vkr0_percent", "mag0_percent", "mag0_rx", "si0_hv_partial"):
        yield Need(ElementKind.TRAFO, column, positive=column == "vk0_percent")
    yield Need(ElementKind.TRAFO3W, "vector_group")
    for side in ("hv", "mv", "lv"):
        yield Need(ElementKind.TRAFO3W, f"vk0_{side}_percent", positive=True)
        yield Need(ElementKind.TRAFO3W, f"vkr0_{side}_percent")
    for column in ("rft0_pu", "xft0_pu", "rtf0_pu", "xtf0_pu"):
        yield Need(ElementKind.IMPEDANCE, column)


def _given(net: pandapowerNet, assumptions: Sequence[Assumption]) -> list[tuple[Assumption, ElementRef | None]]:
    """Assumptions with their element, those for one element first."""
    found: list[tuple[Assumption, ElementRef | None]] = []
    for item in assumptions:
        kind, _ = _column_of(item.field)
        _check(item)
        found.append((item, None if item.element is None else resolve_element(net, item.element, (kind,))))
    if len({(item.field, ref) for item, ref in found}) < len(found):
        raise InvalidArgumentError("assumptions: the same field is given twice for the same elements; right is once")
    return sorted(found, key=lambda pair: pair[1] is None)


def _check(item: Assumption) -> None:
    _, column = _column_of(item.field)
    if column in _TEXTS:
        if item.value not in _VECTOR_GROUPS:
            raise InvalidArgumentError(
                f"assumptions: {item.field} {item.value!r} is no vector group that can be calculated; right would be "
                f"one of {', '.join(sorted(_VECTOR_GROUPS))}, without the clock number"
            )
    elif isinstance(item.value, str) or not isfinite(item.value) or item.value < 0:
        raise InvalidArgumentError(
            f"assumptions: {item.field} {item.value!r} is not a number from zero up; give it in the column's unit"
        )


def _column_of(assumed: AssumedField) -> tuple[ElementKind, str]:
    table, _, column = assumed.value.partition(".")
    return ElementKind(table), _RATIOS[assumed][0] if assumed in _RATIOS else column


def _stand_ins(need: Need) -> tuple[AssumedField, ...]:
    return tuple(item for item in AssumedField if _column_of(item) == (need.kind, need.column))


def _concerned(net: pandapowerNet, topology: Connectivity, need: Need) -> list[int]:
    """Rows in service that a bus with a source stands at."""
    table, live = net[need.kind.value], topology.energised_buses()
    ends = list(TERMINALS[need.kind])
    here = table.in_service.astype(bool) & table[ends].isin(live).any(axis=1)
    if need.among is not None:
        column, values = need.among
        here &= table[column].isin(values)
    return [int(index) for index in table.index[here]]


def _lacking(net: pandapowerNet, need: Need, indices: Sequence[int]) -> list[int]:
    rows = net[need.kind.value].loc[list(indices)]
    if need.column in _TEXTS:
        known = rows[need.column].map(lambda text: isinstance(text, str) and bool(text.strip()))
    else:
        values = _number(rows, need.column)
        known = values > 0 if need.positive else values >= 0
        if need.column == "cos_phi":
            known &= values <= 1
    return [int(index) for index in rows.index[~known.astype(bool)]]


def _lay_in(net: pandapowerNet, need: Need, indices: Sequence[int], assumption: Assumption) -> list[int]:
    """Fill a column of some rows; those whose ratio has nothing to be multiplied with stay as they are."""
    if not indices:
        return []
    table = net[need.kind.value]
    if assumption.field in _RATIOS:
        base = _RATIOS[assumption.field][1](net, table.loc[list(indices)])
        values = (base * float(assumption.value)).dropna()
        table.loc[values.index, need.column] = values
        return [int(index) for index in values.index]
    table.loc[list(indices), need.column] = assumption.value
    return list(indices)


def _assumed(net: pandapowerNet, need: Need, indices: Sequence[int], assumption: Assumption) -> AssumedData:
    text = assumption.value if isinstance(assumption.value, str) else None
    name = assumption.field.removesuffix("_min")  # the least of a ratio, no minutes
    unit = "celsius" if need.column == "endtemp_degree" else split_name(name)[1] or ""
    return AssumedData(
        field=assumption.field,
        amount=None if isinstance(assumption.value, str) else Amount(value=assumption.value, unit=unit),
        text=text,
        count=len(indices),
        elements=element_refs(net, need.kind, indices[:_SHOWN]),
    )


def _number(rows: pd.DataFrame, column: str) -> pd.Series[float]:
    """A column as numbers; NaN where the table has no such column or the cell is no number."""
    if column not in rows:
        return pd.Series(np.nan, index=rows.index)
    return pd.to_numeric(rows[column], errors="coerce")
