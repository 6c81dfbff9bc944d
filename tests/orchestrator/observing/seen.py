"""What can be seen of a small grid on a day that is nearly over, and what is understood of a question about it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from agents.question import Question
from orchestrator.observing import Observable, observe
from tools.element import ElementKind, ElementRef
from tools.telemetry.schema.operations import Asset
from tools.telemetry.schema.sensor import Sensor

NOW = datetime(2026, 3, 10, 23, 59, tzinfo=UTC)
TRAFO = ElementRef(kind=ElementKind.TRAFO, index=3)
BUS = ElementRef(kind=ElementKind.BUS, index=5)
SENSORS = (
    Sensor(name="OT", quantity="top_oil_temperature", unit="celsius", asset="ETT"),
    Sensor(name="trafo3.top_oil", quantity="top_oil_temperature", unit="celsius", element=TRAFO, asset="T3"),
    Sensor(name="ambient", quantity="ambient_temperature", unit="celsius"),
    Sensor(name="bus5.vm", quantity="vm", unit="pu", element=BUS),
)
ASSETS = (Asset(name="T3", kind="transformer", element=TRAFO), Asset(name="ETT", kind="transformer"))
SEEN = Observable(sensors=SENSORS, assets=ASSETS, as_of=NOW, zone=ZoneInfo("UTC"))


def observed(text, inventory, **more):
    seen = Observable(sensors=SENSORS, assets=ASSETS, as_of=NOW, zone=ZoneInfo("UTC"), **more)
    return observe(Question(text=text, grid="case39"), inventory, seen)
