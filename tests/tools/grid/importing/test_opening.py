"""Opening grids by name and from pandapower JSON, and every way in which that may fail."""

import gzip
import json
import os

import numpy as np
import pandapower as pp
import pandapower.networks
import pytest

from tools.errors import GridUnavailableError
from tools.grid.importing import known_cases, open_grid
from tools.grid.importing.fingerprint import fingerprint
from tools.grid.importing.payload import read_payload


@pytest.fixture
def small():
    net = pp.create_empty_network()
    a, b = pp.create_bus(net, 20.0, name="A"), pp.create_bus(net, 20.0, name="B")
    pp.create_ext_grid(net, a)
    pp.create_line(net, a, b, 0.1 + 0.2, "NAYY 4x50 SE")
    pp.create_load(net, b, 1 / 3, 0.1)
    return net


def test_open_grid__case_name_in_any_case_and_the_same_object_again():
    assert open_grid("case9") is open_grid(" CASE9 ")
    assert len(open_grid("case9").net.bus) == 9


def test_open_grid__does_not_solve():
    assert open_grid("case5").net.res_bus.empty


def test_known_cases__holds_every_case_of_pandapower():
    shipped = {name for name in dir(pandapower.networks) if name.startswith("case")}
    assert shipped <= set(known_cases())
    assert {"create_cigre_network_mv", "mv_oberrhein"} <= set(known_cases())


@pytest.mark.parametrize("suffix", [".json", ".json.gz"])
def test_open_grid__json_plain_and_packed(small, tmp_path, suffix):
    text = pp.to_json(small)
    path = tmp_path / f"north.v2{suffix}"
    path.write_bytes(gzip.compress(text.encode(), mtime=0) if suffix.endswith("gz") else text.encode())
    grid = open_grid(str(path))
    assert grid.name == "north.v2"
    assert list(grid.net.bus.name) == ["A", "B"]
    assert grid.fingerprint == fingerprint(small)


def test_open_grid__file_that_changed_is_read_again(small, tmp_path):
    path = tmp_path / "grid.json"
    pp.to_json(small, str(path))
    before = open_grid(str(path))
    assert open_grid(str(path)) is before
    small.load.loc[0, "p_mw"] = 0.5
    pp.to_json(small, str(path))
    os.utime(path, (1, 1))
    assert open_grid(str(path)).net.load.p_mw.at[0] == 0.5


def test_open_grid__unknown_name_offers_the_nearest():
    with pytest.raises(GridUnavailableError, match="case39"):
        open_grid("caes39")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.json", b"", "empty"),
        ("blank.json", b" \n ", "empty"),
        ("cut.json.gz", gzip.compress(bytes(range(256)), mtime=0)[:-20], "breaks off"),
        ("bad.json.gz", gzip.compress(b"x" * 99, mtime=0)[:20] + b"rubbish" * 9, "gzip"),
        ("rubbish.json", bytes(range(255, 127, -1)), "not a text file"),
        ("words.json", b"hello", "not JSON"),
        ("list.json", b"[1, 2]", "not a pandapower network"),
        ("other.json", b'{"name": "x"}', "not a pandapower network"),
        ("deep.json", b"[" * 100_000, "deeply"),
        ("half.json", b'{"bus": {"_module": "pandas", "_class": "DataFrame", "_object": "{}"}}', "pandapower"),
        ("text.m", b"write a poem", "MATPOWER"),
        ("text.zip", b"PK not really", "zip"),
        ("net.p", b"\x80\x04", "suffix"),
        ("net", b"{}", "suffix"),
    ],
)
def test_open_grid__unreadable_file_is_said_in_one_sentence(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(GridUnavailableError, match=message) as error:
        open_grid(str(path))
    assert len(str(error.value)) < 600


def test_open_grid__missing_file_and_folder(tmp_path):
    with pytest.raises(GridUnavailableError, match="no grid file"):
        open_grid(str(tmp_path / "nothing.json"))
    with pytest.raises(GridUnavailableError, match="folder"):
        open_grid(str(tmp_path))


@pytest.mark.parametrize("nested", [False, True])
def test_open_grid__file_that_names_foreign_code_is_refused(small, tmp_path, nested):
    foreign = {"_module": "antigravity", "_class": "fly", "_object": "{}"}
    content = json.loads(pp.to_json(small))
    content["_object"]["controller"] = json.dumps(foreign).replace("_m", "\\u005fm") if nested else foreign
    path = tmp_path / "grid.json"
    path.write_text(json.dumps(content))
    with pytest.raises(GridUnavailableError, match="antigravity"):
        open_grid(str(path))


def test_open_grid__table_that_points_to_another_file_is_refused(small, tmp_path):
    content = json.loads(pp.to_json(small))
    content["_object"]["load"]["_object"] = str(tmp_path / "secret.json")
    path = tmp_path / "grid.json"
    path.write_text(json.dumps(content))
    with pytest.raises(GridUnavailableError, match="another file"):
        open_grid(str(path))


def test_read_payload__a_bomb_stops_at_the_limit(tmp_path):
    path = tmp_path / "bomb.json.gz"
    path.write_bytes(gzip.compress(b"0" * 50_000_000, mtime=0))
    with pytest.raises(GridUnavailableError, match="more than 1 MiB"):
        read_payload(path, max_bytes=2**20)


def test_fingerprint__same_content_same_number(small):
    before = fingerprint(small)
    pp.runpp(small)
    small.bus["extra"] = None
    small.load["in_service"] = small.load["in_service"].astype(object)
    small.line = small.line[list(reversed(small.line.columns))]
    small.bus = small.bus.sort_index(ascending=False)
    small["name"] = "another name"
    assert fingerprint(small) == before
    assert fingerprint(pp.from_json_string(pp.to_json(small))) == before


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [("load", "p_mw", 0.3333), ("bus", "name", "C"), ("line", "in_service", False), ("ext_grid", "vm_pu", np.nan)],
)
def test_fingerprint__any_other_value_another_number(small, table, column, value):
    before = fingerprint(small)
    small[table].loc[0, column] = value
    assert fingerprint(small) != before


@pytest.mark.realdata
def test_open_grid__older_format_solves_to_the_published_losses(realdata):
    grid = open_grid(str(realdata / "networks/rts_gmlc/pandapower_net.json.gz"))
    assert grid.notes == ("Converted from pandapower format 2.0.1 to 3.3.0.",)
    net = pp.from_json_string(pp.to_json(grid.net))
    pp.runpp(net)
    assert net.res_line.pl_mw.sum() + net.res_trafo.pl_mw.sum() == pytest.approx(153.97, abs=0.05)
