"""The demo days that tests share; making one takes a second."""

from collections.abc import Callable

import pytest

from orchestrator.demoday.day import Day, make_day


@pytest.fixture(scope="session")
def clean_day() -> Day:
    return make_day(None)


@pytest.fixture(scope="session")
def day_of() -> Callable[[int], Day]:
    """Seeded days, each made once."""
    made: dict[int, Day] = {}

    def make(seed: int) -> Day:
        if seed not in made:
            made[seed] = make_day(seed)
        return made[seed]

    return make
