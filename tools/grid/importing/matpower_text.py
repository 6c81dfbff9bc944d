"""The tables in a MATPOWER case file: a small part of the MATLAB language, and a clear refusal of the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matpowercaseframes.reader import parse_file
from numpy.typing import NDArray

from tools.errors import GridUnavailableError

Table = NDArray[np.float64]

# Least numbers of columns of format version 2.
_COLUMNS = {"bus": 13, "gen": 10, "branch": 11}
_BASE_KV, _PD_QD, _R_X = 9, slice(2, 4), slice(2, 4)  # columns of bus, bus and branch

_MATRIX = re.compile(r"mpc\.(\w+)\s*=\s*\[(.*?)\]\s*;?", re.DOTALL)
_CELLS = re.compile(r"mpc\.(\w+)\s*=\s*\{(.*?)\}\s*;?", re.DOTALL)
_SCALAR = re.compile(r"mpc\.(\w+)\s*=\s*([^;\[\{\n]+);?")
# The two statements of MATPOWER's distribution cases; anything else that computes is refused.
_OHM_TO_PU = "mpc.branch(:,[BR_RBR_X])=mpc.branch(:,[BR_RBR_X])/(Vbase^2/Sbase)"
_KW_TO_MW = "mpc.bus(:,[PDQD])=mpc.bus(:,[PDQD])/1e3"
_HARMLESS = re.compile(
    r"function.*|end|return|define_constants|\[.*\]=idx_\w+|Vbase=mpc\.bus\(1,BASE_KV\)\*1e3|Sbase=mpc\.baseMVA\*1e6"
)


@dataclass(frozen=True)
class MatpowerTables:
    """The case as in the file, in MATPOWER's own columns and units.

    Attributes:
        base_mva: System base.
        bus: One row a bus; bus numbers as in the file.
        gen: One row a unit.
        branch: One row a line or transformer.
        gencost: One row a unit, or two (active, reactive); None without costs.
        bus_name: One a bus, or empty.
        ignored: Fields of the case that are not read.
    """

    base_mva: float
    bus: Table
    gen: Table
    branch: Table
    gencost: Table | None
    bus_name: tuple[str, ...]
    ignored: tuple[str, ...]


def read_tables(text: str, path: Path) -> MatpowerTables:
    """Tables of a case file of format version 2.

    Raises:
        GridUnavailableError: when the text is no such file, or computes its data in a way that is not known.
    """
    code = _plain(text)
    fields = dict.fromkeys(match[1] for pattern in (_MATRIX, _CELLS, _SCALAR) for match in pattern.finditer(code))
    if missing := [name for name in ("bus", "gen", "branch", "baseMVA") if name not in fields]:
        raise GridUnavailableError(
            f"{path} is not a MATPOWER case of format version 2: mpc.{missing[0]} is missing or no plain table"
        )
    matrices = _MATRIX.sub(lambda match: f"mpc.{match[1]} = [\n{_rows(match[2])}\n];\n", code)
    base = _number(re.search(r"mpc\.baseMVA\s*=\s*([^;\s]+)", code), path)
    tables = {name: _table(name, matrices, path) for name in _COLUMNS}
    _apply_statements(_statements(code), tables, base, path)
    has_cost = "gencost" in fields and parse_file("gencost", matrices)
    return MatpowerTables(
        base_mva=base,
        bus=tables["bus"],
        gen=tables["gen"],
        branch=tables["branch"],
        gencost=_table("gencost", matrices, path) if has_cost else None,
        bus_name=_names(code, len(tables["bus"])),
        ignored=tuple(sorted(set(fields) - {"version", "baseMVA", "bus", "gen", "branch", "gencost", "bus_name"})),
    )


def _plain(text: str) -> str:
    """The code without comments and line continuations, the case's variable called ``mpc``."""
    text = re.sub(r"^\s*%\{\s*$.*?^\s*%\}\s*$", "", text.replace("\r\n", "\n"), flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"('[^'\n]*')|%[^\n]*|\.\.\.[^\n]*\n", lambda match: match[1] or "", text)
    variable = re.search(r"^\s*function\s+(\w+)\s*=", text, re.MULTILINE)
    return re.sub(rf"\b{variable[1]}\.", "mpc.", text) if variable else text


def _rows(body: str) -> str:
    """A matrix with one row a line and blanks between numbers."""
    return body.replace(",", " ").replace(";", "\n")


def _table(name: str, code: str, path: Path) -> Table:
    rows = parse_file(name, code) or []
    widths = {len(row) for row in rows}
    if len(widths) > 1:
        raise GridUnavailableError(f"{path}: the rows of mpc.{name} have different lengths: {sorted(widths)}")
    if not rows or widths.pop() < _COLUMNS.get(name, 1):
        raise GridUnavailableError(f"{path}: mpc.{name} needs at least one row of {_COLUMNS.get(name, 1)} numbers")
    if words := [cell for row in rows for cell in row if isinstance(cell, str) and not _is_special(cell)]:
        raise GridUnavailableError(f"{path}: mpc.{name} holds {words[0]!r}, wanted are plain numbers")
    return np.array([[float(cell) for cell in row] for row in rows])


def _is_special(cell: str) -> bool:
    return cell.lstrip("+-").lower() in {"inf", "nan"}


def _number(match: re.Match[str] | None, path: Path) -> float:
    try:
        value = float(match[1]) if match else 0.0
    except ValueError:
        value = 0.0
    if not 0.0 < value < np.inf:
        raise GridUnavailableError(f"{path}: mpc.baseMVA must be a number above zero")
    return value


def _names(code: str, buses: int) -> tuple[str, ...]:
    """Bus names when there is one for each bus; MATPOWER itself does not care."""
    for match in _CELLS.finditer(code):
        names = tuple(name.replace("''", "'").strip() for name in re.findall(r"'((?:[^'\n]|'')*)'", match[2]))
        if match[1] == "bus_name" and len(names) == buses:
            return names
    return ()


def _statements(code: str) -> list[str]:
    """What the file does besides stating tables, without blanks and commas."""
    for pattern in (_MATRIX, _CELLS, _SCALAR):
        code = pattern.sub("", code)
    lines = (re.sub(r"\s+", "", line) for line in re.split(r"[;\n]", re.sub(r"\[[^\]]*\]", _compact, code)))
    return [line for line in lines if line and not _HARMLESS.fullmatch(line)]


def _compact(match: re.Match[str]) -> str:
    return re.sub(r"[\s,]+", "", match[0])


def _apply_statements(statements: list[str], tables: dict[str, Table], base_mva: float, path: Path) -> None:
    """Carry out the unit conversions of the distribution cases, in place."""
    for statement in statements:
        if statement == _OHM_TO_PU:
            tables["branch"][:, _R_X] /= tables["bus"][0, _BASE_KV] ** 2 / base_mva
        elif statement == _KW_TO_MW:
            tables["bus"][:, _PD_QD] /= 1e3
        elif "mpc." in statement or "=" in statement:
            raise GridUnavailableError(
                f"{path} computes its data ({statement[:80]!r}); save the case with plain tables (savecase in MATPOWER)"
            )
        else:
            raise GridUnavailableError(f"{path} is no plain MATPOWER case: {statement[:80]!r} is not understood")
