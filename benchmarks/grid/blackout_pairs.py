"""Pairs of outages of which somebody knows that they black a grid out, and other pairs of the same grid beside them."""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from pandapower import pandapowerNet

from tools.grid.cascading.subject import BRANCHES
from tools.grid.elements import resolve_element
from tools.grid.importing.matpower_numbers import BRANCH_NUMBER

Pair = tuple[str, str]
SEED = 0


def known_pairs(net: pandapowerNet, file: Path) -> list[Pair]:
    """The pairs in a file with two columns, each pair once; lines that begin with # are passed over.

    Args:
        net: The grid.
        file: References (``line:14`` or a name), or rows of ``mpc.branch`` counted from one for a MATPOWER case.

    Raises:
        ValueError: for a row without two elements, or a number that the grid does not know.
        UnknownElementError, AmbiguousElementError: for a reference that names nothing or several elements.
    """
    numbers = dict(_numbered(net))
    found: dict[frozenset[str], Pair] = {}
    for at, row in enumerate(csv.reader(file.read_text(encoding="utf-8").splitlines()), start=1):
        cells = [cell.strip() for cell in row if cell.strip()]
        if not cells or cells[0].startswith("#"):
            continue
        if unknown := [cell for cell in cells if cell.isdecimal() and int(cell) not in numbers]:
            raise ValueError(f"{file}, line {at}: the grid knows no row {unknown[0]} of mpc.branch")
        texts = (numbers[int(cell)] if cell.isdecimal() else cell for cell in cells)
        match [str(resolve_element(net, text, BRANCHES)) for text in texts]:
            case [one, other] if one != other:
                found.setdefault(frozenset((one, other)), (one, other))
            case _:
                raise ValueError(f"{file}, line {at}: {','.join(row)!r} does not name two different elements")
    return list(found.values())


def other_pairs(net: pandapowerNet, known: list[Pair], count: int) -> list[Pair]:
    """So many different pairs of lines and transformers in service that are not known ones, each equally likely."""
    names = []
    for kind in BRANCHES:
        table = net[kind.value]
        names += [f"{kind.value}:{index}" for index in table.index[table.in_service.astype(bool)]]
    taken, drawn = {frozenset(pair) for pair in known}, list[Pair]()
    most = len(names) * (len(names) - 1) // 2 - len(taken)
    generator = np.random.default_rng(SEED)
    while len(drawn) < min(count, most):
        one, other = generator.choice(len(names), 2, replace=False).tolist()
        pair = (names[one], names[other])
        if frozenset(pair) not in taken:
            taken.add(frozenset(pair))
            drawn.append(pair)
    return drawn


def _numbered(net: pandapowerNet) -> Iterator[tuple[int, str]]:
    for kind in BRANCHES:
        if BRANCH_NUMBER in net[kind.value]:
            for index, number in net[kind.value][BRANCH_NUMBER].dropna().items():
                yield int(number), f"{kind.value}:{index}"
