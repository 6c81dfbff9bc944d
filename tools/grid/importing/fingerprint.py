"""One number for a grid model's content: what it is, not how it was stored or what was computed with it."""

from __future__ import annotations

import json
from hashlib import sha256
from numbers import Number
from typing import TYPE_CHECKING

import pandas as pd

from tools.grid.branch_bounds import RATINGS_IN_MVA

if TYPE_CHECKING:
    from pandapower import pandapowerNet

_PARAMETERS = ("f_hz", "sn_mva", "user_pf_options")


def fingerprint(net: pandapowerNet) -> str:
    """SHA-256 over all filled element tables and the parameters of a network, 64 hexadecimal digits.

    Equal for equal content: results, empty tables and columns, the order of rows and columns, pandas' dtypes, and
    digits beyond the 15 that JSON keeps do not count. Neither does the name of the network.
    """
    total = sha256()
    for name in sorted(key for key, value in net.items() if isinstance(value, pd.DataFrame)):
        if not name.startswith(("res_", "_")) and len(net[name]):
            total.update(f"\n[{name}]\n".encode())
            for line in _table(net[name]):
                total.update(line.encode())
    for name in _PARAMETERS:
        total.update(f"\n{name}={_canonical(net.get(name))}".encode())
    if RATINGS_IN_MVA in net:  # only where it is, so that other networks keep the fingerprint that they had
        total.update(f"\n{RATINGS_IN_MVA}={_canonical(net[RATINGS_IN_MVA])}".encode())
    return total.hexdigest()


def _table(rows: pd.DataFrame) -> list[str]:
    """The index and each column with a value in it, as one line of text each."""
    rows = rows.sort_index()
    lines = [f"{_joined(list(rows.index))}\n"]
    for column in sorted(rows.columns, key=str):
        cells = rows[column].tolist()
        if any(not _is_missing(cell) for cell in cells):
            lines.append(f"{column}:{_joined(cells)}\n")
    return lines


def _joined(cells: list[object]) -> str:
    return "\x1f".join(_canonical(cell) for cell in cells)


def _is_missing(cell: object) -> bool:
    return cell is None or cell is pd.NA or cell is pd.NaT or cell != cell  # noqa: PLR0124 - NaN


def _canonical(cell: object) -> str:
    """One spelling per value; 1, 1.0 and True are the same, as JSON and pandas mix them."""
    if isinstance(cell, str):
        return f'"{cell}"'
    if isinstance(cell, Number):
        return f"{float(cell) + 0.0:.15g}" if cell == cell else ""  # type: ignore[arg-type]  # noqa: PLR0124 - NaN
    return _canonical_object(cell)


def _canonical_object(cell: object) -> str:
    if isinstance(cell, dict):
        return "{" + ",".join(f"{key}:{_canonical(cell[key])}" for key in sorted(cell, key=str)) + "}"
    if isinstance(cell, list | tuple | set):
        return "[" + ",".join(_canonical(item) for item in cell) + "]"
    if hasattr(cell, "to_json"):  # pandapower's controllers and characteristics
        return _canonical(json.loads(cell.to_json()))
    if hasattr(cell, "tolist"):  # numpy's scalars and arrays
        return _canonical(cell.tolist())
    return "" if _is_missing(cell) else f'"{cell}"'
