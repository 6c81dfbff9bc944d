"""Attribution and refutation on sums whose parts are known."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from tools.causal.mechanism import Mechanism, attribute
from tools.causal.refutation import Trial, refute
from tools.causal.schema.causes import RefuterKind

ROWS = 480


def mechanism(*, where: str, size: float) -> Mechanism:
    """A reading that is the sum of two parts and noise; one node departs in one moment, and all below it follow."""
    rng = np.random.default_rng(1)
    own = {name: spread * rng.normal(size=ROWS) for name, spread in (("a", 1.0), ("b", 0.5), ("reading", 0.3))}
    noise = {name: values.copy() for name, values in own.items()}
    noise[where][0] = size
    table = pd.DataFrame({"a": noise["a"], "b": noise["b"]})
    table["reading"] = table.a + table.b + noise["reading"]
    graph = nx.DiGraph([("a", "reading"), ("b", "reading")])
    return Mechanism(graph, "reading", table.iloc[1:].reset_index(drop=True), table.iloc[:1], "mw")


@pytest.mark.parametrize("where", ["a", "b", "reading"])
def test_attribute__lays_a_departure_to_the_node_that_departed(where):
    found = attribute(mechanism(where=where, size=12.0), seed=1)
    assert max(found.share, key=found.share.get) == where
    assert found.share[where] > 0.85
    assert sum(found.share.values()) == pytest.approx(1.0)


def test_attribute__without_a_cause_the_target_is_what_the_rest_makes_it():
    made = mechanism(where="a", size=12.0)
    found = attribute(made, seed=1)
    rest = float(made.departed.reading.iloc[0]) - 12.0
    assert found.without["a"] == pytest.approx(rest + float(made.ordinary.a.median()))


def test_attribute__leaves_the_global_chance_as_it_was():
    before = np.random.get_state()[1].copy()
    attribute(mechanism(where="a", size=12.0), seed=1)
    assert (np.random.get_state()[1] == before).all()


def trial(slope: float, *, long: bool = True) -> Trial:
    rng = np.random.default_rng(2)
    cause, rest = 0.3 * rng.normal(size=(2, ROWS))
    cause[100 : 120 if long else 101] += 8.0
    return Trial(cause, slope * cause + rest + 0.2 * rng.normal(size=ROWS), rest)


def test_refute__an_effect_that_is_there_withstands():
    found = {one.kind: one for one in refute(trial(1.0), seed=1)}
    assert set(found) == set(RefuterKind)
    assert all(one.withstood for one in found.values())
    assert found[RefuterKind.SUBSET].effect == pytest.approx(1.0, abs=0.05)
    assert found[RefuterKind.PLACEBO].new_effect == pytest.approx(0.0, abs=0.1)


def test_refute__an_effect_that_is_not_there_does_not_withstand():
    assert not all(one.withstood for one in refute(trial(0.0), seed=1))


def test_refute__of_a_few_moments_the_placebo_alone_is_tried():
    assert [one.kind for one in refute(trial(1.0, long=False), seed=1)] == [RefuterKind.PLACEBO]


def test_refute__what_never_moved_has_no_effect():
    still = Trial(np.zeros(ROWS), np.ones(ROWS), np.zeros(ROWS))
    assert refute(still, seed=1) == ()
