"""No study leaves anything behind for the next: the same questions in two orders, each with grids of its own."""

from collections import Counter

from benchmarks.grid.bench_leaks import differing
from benchmarks.grid.random_studies import Questions


def test_studies__random_calls_give_the_same_answers_in_any_order():
    # answers are compared as text: equal to the last bit, for every study starts from the same start vectors
    asked = Questions(seed=2).draw(100, light=True)
    assert len(Counter(one.tool for one in asked)) >= 10
    assert differing(asked, seed=2) == ([], [])


def test_studies__a_grid_that_is_changed_by_a_call_is_found(monkeypatch):
    def careless(desk, _):
        desk.nets["case9"].load.at[0, "p_mw"] += 1.0
        return str(desk.nets["case9"].load.p_mw.sum())

    monkeypatch.setattr("benchmarks.grid.random_studies.Desk.answer", careless)
    other, changed = differing(Questions(seed=2).draw(5), seed=2)
    assert len(other) > 0
    assert changed == ["case9", "case9"]
