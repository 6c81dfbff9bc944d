"""The tool on transformers whose oil was made by the differential equation, and on a real one without a nameplate."""

import csv
import gzip
from datetime import UTC, datetime, timedelta

import numpy as np
import pandapower as pp
import pytest

from tests.tools.assets.test_thermal import ONAF, ambient_at, load_at
from tests.tools.grid.conftest import OneGrid
from tests.tools.memory_sources import MemoryAssets, MemoryTelemetry, series
from tools.assets.schema.transformer import AssessTransformerArguments
from tools.assets.thermal import oil_lag_min, steady_rise
from tools.assets.transformer import assess_transformer
from tools.context import Clock, ToolContext
from tools.element import ElementKind, ElementRef
from tools.errors import SourceMissingError, UnknownElementError
from tools.grid.grid import Grid
from tools.limits import LimitTable
from tools.result import canonical_json
from tools.telemetry.schema.operations import Asset, TransformerNameplate
from tools.telemetry.schema.sensor import Sensor, Side

DAY = datetime(2026, 3, 10, tzinfo=UTC)
END = DAY + timedelta(minutes=1439)
MINUTES = np.arange(1440)
TRAFO = ElementRef(kind=ElementKind.TRAFO, index=0, name="T0")
PLATE = TransformerNameplate(
    rated_power_mva=100.0,
    cooling="ONAF",
    insulation="normal",
    **{name: getattr(ONAF, name) for name in ONAF.__dataclass_fields__},
)
OIL = Sensor(name="t0.oil", element=TRAFO, asset="T0", quantity="top_oil_temperature", unit="celsius", noise=0.2)
AIR = Sensor(name="air", quantity="ambient_temperature", unit="celsius")
LOADING = Sensor(name="t0.loading", element=TRAFO, quantity="loading", unit="percent")
RNG = np.random.default_rng(7)


def oil_of(load, extra=0.0):
    """Top oil by the differential equation in steps of six seconds."""
    target = ambient_at(MINUTES) + steady_rise(ONAF, load) + extra
    theta, found = float(target[0]), []
    for minute in MINUTES:
        for part in range(10):
            share = target[max(minute - 1, 0)] + (target[minute] - target[max(minute - 1, 0)]) * (part + 1) / 10
            theta += 0.1 / oil_lag_min(ONAF) * (share - theta)
        found.append(theta)
    return np.array(found)


def readings(sensor: Sensor, values):
    return series(sensor, DAY, 60, values)


def network():
    net = pp.create_empty_network()
    hv, lv = pp.create_bus(net, 110.0), pp.create_bus(net, 20.0)
    pp.create_ext_grid(net, hv)
    pp.create_transformer_from_parameters(
        net,
        hv,
        lv,
        sn_mva=100.0,
        vn_hv_kv=115.0,
        vn_lv_kv=21.0,
        vkr_percent=0.3,
        vk_percent=12,
        pfe_kw=50,
        i0_percent=0.1,
    )
    return net


def assess(*held, plate: TransformerNameplate | None = PLATE, kind: str = "transformer", **arguments):
    assets = MemoryAssets(Asset(name="T0", kind=kind, element=TRAFO, nameplate=plate))
    context = ToolContext(
        OneGrid(Grid("test", "f" * 64, network())),
        LimitTable(limits=()),
        Clock(END, END),
        telemetry=MemoryTelemetry(*held),
        assets=assets,
    )
    return assess_transformer(context, AssessTransformerArguments(**arguments))


def healthy(scale: float = 0.6, extra=0.0):
    load = load_at(MINUTES) * scale
    noise = 0.2 * np.random.default_rng(1).standard_normal((2, 1440))
    return (
        readings(OIL, oil_of(load, extra) + noise[0]),
        readings(AIR, ambient_at(MINUTES) + noise[1]),
        readings(LOADING, 100 * load),
    )


def test_assess__named_as_element_and_as_asset_is_one_transformer():
    load, oil, air = healthy()
    assert len(assess(load, oil, air, elements=("trafo:0", "T0")).rows) == 1


def test_assess__healthy_day_agrees_with_the_physics_and_has_no_issue():
    [row] = assess(*healthy()).rows
    assert row.issues == ()
    assert row.not_checked == ()
    assert row.at == END
    assert row.expected_celsius == pytest.approx(oil_of(load_at(MINUTES) * 0.6)[-1], abs=0.1)
    assert row.loading_percent == pytest.approx(60 * load_at(1439))
    assert abs(row.deviation_kelvin) < 1.0


def test_assess__ageing_is_the_integral_of_the_rate():
    # a constant load: hot spot 20 + 52 + 26 = 98 degC ages one hour an hour
    held = (
        readings(OIL, np.full(1440, 72.0)),
        readings(AIR, np.full(1440, 20.0)),
        readings(LOADING, np.full(1440, 100.0)),
    )
    [row] = assess(*held, start=DAY, end=END).rows
    assert row.hot_spot_celsius == pytest.approx(98.0)
    assert row.ageing_rate == pytest.approx(1.0)
    assert row.loss_of_life_h == pytest.approx(1439 / 60)


def test_assess__loss_of_cooling_is_found_with_its_times():
    extra = np.where((MINUTES >= 600) & (MINUTES < 900), 14.0, 0.0)
    found = assess(*healthy(extra=extra))
    [issue] = found.rows[0].issues
    assert issue.kind == "cooling_loss"
    assert abs((issue.start - DAY).total_seconds() / 60 - 600) <= 15
    assert abs((issue.end - DAY).total_seconds() / 60 - 900) <= 15
    assert issue.deviation_kelvin == pytest.approx(issue.top_oil_celsius - issue.expected_celsius)
    assert issue.deviation_kelvin > 8
    assert not any(letter.isdigit() for letter in issue.cause)


def test_assess__load_from_power_and_voltage_equals_the_current():
    load = load_at(MINUTES) * 0.6
    vm = 1.02  # of 110 kV, on a winding rated for 115 kV
    s_mva = load * 100.0 * vm * 110 / 115
    sensors = [
        Sensor(name=f"t0.{q}", element=TRAFO, quantity=q, unit=u, side=Side.HV) for q, u in (("p", "mw"), ("q", "mvar"))
    ]
    bus = Sensor(name="b0.vm", element=ElementRef(kind=ElementKind.BUS, index=0), quantity="vm", unit="pu")
    oil, air, _ = healthy()
    held = (oil, air, readings(sensors[0], 0.8 * s_mva), readings(sensors[1], 0.6 * s_mva))
    [row] = assess(*held, readings(bus, np.full(1440, vm))).rows
    assert row.loading_percent == pytest.approx(60 * load_at(1439))
    assert row.issues == ()
    [without] = assess(*held).rows
    assert "voltage" in without.not_checked[0].what


def test_assess__a_lying_power_sensor_is_no_loss_of_cooling():
    load = load_at(MINUTES) * 0.6
    low = load - np.where((MINUTES > 500) & (MINUTES < 900), 0.25, 0.0)
    held = list(healthy()[:2])
    for side, values in ((Side.HV, low), (Side.LV, load * 0.99)):
        for quantity, unit, share in (("p", "mw", 80.0), ("q", "mvar", 60.0)):
            sensor = Sensor(name=f"t0.{quantity}_{side}", element=TRAFO, quantity=quantity, unit=unit, side=side)
            held.append(readings(sensor, share * values))
    [row] = assess(*held).rows
    assert row.issues == ()
    assert any("disagree" in item.reason for item in row.not_checked)


@pytest.mark.parametrize(("scale", "severity"), [(1.25, "warning"), (1.4, "critical"), (1.6, "emergency")])
def test_assess__over_temperature_by_the_limits_of_the_loading_guide(scale, severity):
    load = np.full(1440, scale)
    held = (readings(OIL, oil_of(load)), readings(AIR, ambient_at(MINUTES)), readings(LOADING, 100 * load))
    issues = [item for item in assess(*held).rows[0].issues if item.kind == "over_temperature"]
    assert severity in {item.severity.value for item in issues}
    order = ["warning", "critical", "emergency"]
    assert max(order.index(item.severity.value) for item in issues) == order.index(severity)


def test_assess__without_a_nameplate_the_rest_is_told_and_listed():
    [row] = assess(*healthy(), plate=None).rows
    assert row.top_oil_celsius is not None
    assert row.loading_percent is not None
    assert (row.expected_celsius, row.hot_spot_celsius, row.loss_of_life_h) == (None, None, None)
    assert any("loss of life" in item.what and item.reason == "no nameplate" for item in row.not_checked)


@pytest.mark.parametrize(
    ("gone", "empty", "said"),
    [
        ({"insulation": None}, "loss_of_life_h", "insulation"),
        ({"hot_spot_rise_kelvin": None}, "hot_spot_celsius", "hot_spot_rise_kelvin"),
        ({"top_oil_rise_kelvin": None}, "expected_celsius", "top_oil_rise_kelvin"),
        ({"k11": None, "cooling": None}, "expected_celsius", "k11"),
    ],
)
def test_assess__what_the_plate_lacks_is_not_made_up(gone, empty, said):
    [row] = assess(*healthy(), plate=PLATE.model_copy(update=gone)).rows
    assert getattr(row, empty) is None
    assert any(said in item.reason for item in row.not_checked)


def test_assess__the_standards_table_stands_in_where_the_cooling_is_known_and_says_so():
    plate = PLATE.model_copy(update={"k11": None, "winding_exponent": None})
    [row] = assess(*healthy(), plate=plate).rows
    assert row.expected_celsius is not None
    assert any(item.what == "winding_exponent, k11" and "60076-7" in item.reason for item in row.not_checked)


def test_assess__missing_sources_are_named():
    oil, air, loading = healthy()
    assert any(item.what == "expected top oil" for item in assess(oil, loading).rows[0].not_checked)
    assert any(item.what == "cooling" for item in assess(air, loading).rows[0].not_checked)
    assert any(item.what == "loading" for item in assess(oil, air).rows[0].not_checked)
    with pytest.raises(SourceMissingError, match="transformer"):
        assess(air, plate=None)


def test_assess__a_gap_is_told_and_starts_the_model_anew():
    oil, air, loading = healthy()
    quality = np.zeros(1440, dtype=np.int8)
    quality[300:400] = 2
    [row] = assess(oil, air, series(LOADING, DAY, 60, loading.value, quality)).rows
    [item] = row.not_checked
    assert item.what == "measured against expected"
    assert 90 <= item.count <= 102
    assert row.issues == ()


def test_assess__a_sensor_that_is_stuck_or_impossible_is_the_sensors_fault():
    oil, air, loading = healthy()
    stuck = np.where(MINUTES > 700, oil.value[700], oil.value)
    [issue] = assess(readings(OIL, stuck), air, loading).rows[0].issues
    assert issue.kind == "temperature_sensor_implausible"
    assert abs((issue.start - DAY).total_seconds() / 60 - 700) <= 2
    broken = np.where(MINUTES == 700, 850.0, oil.value)
    assert {item.kind.value for item in assess(readings(OIL, broken), air, loading).rows[0].issues} == {
        "temperature_sensor_implausible"
    }


def test_assess__is_asked_for_by_element_or_name_and_refuses_others():
    for name in ("trafo:0", "T0", "asset:T0"):
        assert len(assess(*healthy(), elements=(name,)).rows) == 1
    with pytest.raises(UnknownElementError, match="T0"):
        assess(*healthy(), elements=("T1",))


def test_assess__is_the_same_twice():
    assert canonical_json(assess(*healthy())) == canonical_json(assess(*healthy()))


@pytest.mark.realdata
def test_assess__real_transformer_without_a_nameplate(realdata):
    with gzip.open(realdata / "transformer" / "ETTh1.csv.gz", "rt") as file:
        rows = list(csv.DictReader(file))
    sensor = Sensor(name="OT", quantity="top_oil_temperature", unit="celsius")
    start = datetime.fromisoformat(rows[0]["date"]).replace(tzinfo=UTC)
    values = np.array([float(row["OT"]) for row in rows])
    end = start + timedelta(hours=len(rows) - 1)
    context = ToolContext(
        OneGrid(Grid("test", "f" * 64, network())),
        LimitTable(limits=()),
        Clock(end, end),
        telemetry=MemoryTelemetry(series(sensor, start, 3600, values)),
    )
    [row] = assess_transformer(context, AssessTransformerArguments(start=end - timedelta(days=60))).rows
    assert str(row.subject) == "sensor:OT"
    assert row.top_oil_celsius == pytest.approx(values[-1])
    assert row.issues == ()
    assert {"no nameplate"} <= {item.reason for item in row.not_checked}
