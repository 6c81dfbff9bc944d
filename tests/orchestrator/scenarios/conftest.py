"""Scenarios that tests write themselves."""

from collections.abc import Callable

import pytest

from orchestrator.scenarios.generate import generate
from orchestrator.scenarios.generated import Generated
from orchestrator.scenarios.schema.scenario import Scenario


@pytest.fixture(scope="session")
def made() -> Callable[..., Generated]:
    """Generate a scenario on case14 with these troubles; each only once."""
    known: dict[str, Generated] = {}

    def make(*troubles: dict, seed: int = 1, **fields) -> Generated:
        said = {"name": "mine", "title": "Mine", "grid": {"case": "case14"}, **fields, "troubles": troubles}
        scenario = Scenario.model_validate(said)
        key = f"{scenario.model_dump_json()} {seed}"
        if key not in known:
            known[key] = generate(scenario, seed)
        return known[key]

    return make
