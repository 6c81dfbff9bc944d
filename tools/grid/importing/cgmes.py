"""CGMES: the profiles of a grid model in one zip file, by pandapower's converter."""

from __future__ import annotations

import io
import warnings
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pandapower.converter.cim.cim2pp.from_cim import from_cim
from pandas.errors import PerformanceWarning, SettingWithCopyWarning

from tools.errors import GridUnavailableError
from tools.grid.importing.broken import BROKEN
from tools.grid.importing.payload import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pandapower import pandapowerNet

    from tools.grid.importing.payload import Payload

# Namespaces that tell the version; pandapower's converter must be told it.
_VERSIONS = {b"http://iec.ch/TC57/2013/CIM-schema-cim16#": "2.4.15", b"http://iec.ch/TC57/CIM100#": "3.0"}
_HEAD = 8192  # bytes in which the namespaces stand
_BY_PRODUCTS = ("CGMES", "report_container")  # the raw XML tables and the converter's log


_SAME_LEVEL_KV = 1e-6


def read_cgmes(payload: Payload) -> tuple[pandapowerNet, tuple[str, ...]]:
    """The network of a zip with at least the equipment (EQ) and topology (TP) profiles.

    Raises:
        GridUnavailableError: when the file is no zip, or holds no CGMES model that can be converted.
    """
    profiles = _profiles(payload)
    version = _version(profiles, payload.path)
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        # pandapower's converter writes to copies and joins empty tables, in ways that pandas will change
        for category in (FutureWarning, SettingWithCopyWarning, PerformanceWarning):
            warnings.simplefilter("ignore", category)
        files = [_write(Path(folder) / f"{count}.xml", content) for count, content in enumerate(profiles)]
        try:
            net = from_cim(file_list=files, cgmes_version=version, create_tap_controller=False)
        except BROKEN as error:
            raise GridUnavailableError(f"{payload.path} cannot be converted from CGMES: {error}") from error
    if net.bus.empty:
        raise GridUnavailableError(f"{payload.path} has no topological nodes: its topology profile (TP) is missing")
    for name in _BY_PRODUCTS:
        net.pop(name, None)
    return net, (f"Converted from CGMES {version}.", *_complete(net))


def _profiles(payload: Payload) -> list[bytes]:
    """The XML files in the zip, none unpacked beyond the size that any grid file may have."""
    try:
        with zipfile.ZipFile(io.BytesIO(payload.content)) as archive:
            members = [member for member in archive.infolist() if member.filename.lower().endswith((".xml", ".rdf"))]
            if sum(member.file_size for member in members) > MAX_BYTES:
                raise GridUnavailableError(f"{payload.path} unpacks to more than {MAX_BYTES // 2**20} MiB")
            contents = [archive.read(member) for member in members]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise GridUnavailableError(f"{payload.path} is no readable zip file: {error}") from error
    if any(b"<!DOCTYPE" in content or b"<!ENTITY" in content for content in contents):
        raise GridUnavailableError(f"{payload.path} defines XML entities, which no CGMES file does; it is not opened")
    return contents


def _version(profiles: list[bytes], path: Path) -> str:
    """The CGMES version by the namespace of the files."""
    for namespace, version in _VERSIONS.items():
        if any(namespace in content[:_HEAD] for content in profiles):
            return version
    raise GridUnavailableError(f"{path} holds no CGMES profile of version {' or '.join(_VERSIONS.values())}")


def _write(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return str(path)


def _complete(net: pandapowerNet) -> Iterator[str]:
    """Fill in what a power flow cannot do without and exchanged models often lack; in place, and said."""
    lines = net.line[["from_bus", "to_bus"]].to_numpy(dtype=int)
    unknown = int(net.bus["vn_kv"].isna().sum())
    for _ in range(len(net.bus) if unknown else 0):
        known = net.bus["vn_kv"].notna()
        ends = [(a, b) for pair in lines for a, b in (pair, pair[::-1]) if known.at[a] and not known.at[b]]
        for start, end in ends:
            net.bus.loc[end, "vn_kv"] = net.bus.at[start, "vn_kv"]
        if not ends:
            break
    if unknown:
        yield f"{unknown} buses came without nominal voltage (boundary file missing); it was taken from their lines."
    slack = not net.ext_grid.empty or bool(net.gen["slack"].fillna(value=False).any())
    units = net.gen[net.gen["in_service"].astype(bool)]
    if not slack and len(units):
        largest = units["max_p_mw"].fillna(units["p_mw"]).idxmax()
        net.gen.loc[largest, "slack"] = True
        yield f"The model names no reference; the largest unit, gen:{largest}, was made the slack."
    yield from _mixed_levels(net)
    yield "Transformer ratings are the rated powers; current limits of transformers were not taken over."


def _mixed_levels(net: pandapowerNet) -> Iterator[str]:
    """Lines between unequal nominal voltages stand for an ideal ratio, which the exchanged model does not carry."""
    start, end = (net.line[side].map(net.bus["vn_kv"]) for side in ("from_bus", "to_bus"))
    mixed = net.line.index[(start - end).abs() > _SAME_LEVEL_KV]
    if len(mixed):
        named = ", ".join(f"line:{index}" for index in mixed)
        yield f"{len(mixed)} lines join buses of unequal nominal voltage ({named}): voltages beyond them are doubtful."
