"""Studies in this process, in two processes and on a Dask cluster: the same text, to the last bit."""

import pandapower as pp
import pandapower.networks as nw
import pytest
from distributed import LocalCluster

from tools.context import ToolContext
from tools.grid.cascade import simulate_cascade
from tools.grid.cascading import study
from tools.grid.contingencies import screen_contingencies
from tools.grid.grid import Grid
from tools.grid.schema.cascade import SimulateCascadeArguments
from tools.grid.schema.contingencies import ScreenContingenciesArguments
from tools.grid.screening import doubles, pairs
from tools.result import canonical_json
from tools.spreading import Spreading, StudyBackend


def rated_case30():
    """Ratings a third above the flows, so that pairs overload and cascades run."""
    net = nw.case30()
    pp.runpp(net)
    net.line["max_i_ka"] = (1.3 * net.res_line.i_ka).clip(lower=0.05)
    return net


@pytest.fixture
def answers(monkeypatch, context_of):
    """All pairs predicted and solved, and a hundred cascades, cut into many parts; no state is shared between calls."""
    monkeypatch.setattr(pairs, "VOLTAGES_IN_MEMORY", 30 * 100)
    monkeypatch.setattr(doubles, "MOST_SOLVED_ALL", 400)
    monkeypatch.setattr(study, "PART", 20)

    def ask(spreading):
        grid = Grid(name="case30", fingerprint=f"{spreading}", net=rated_case30())
        plain = context_of(grid)
        context = ToolContext(grids=plain.grids, limits=plain.limits, clock=plain.clock, spreading=spreading)
        screened = screen_contingencies(context, ScreenContingenciesArguments(order=2, limit=50))
        cascades = simulate_cascade(context, SimulateCascadeArguments(order=2, sample=100, limit=100, paths=3))
        assert screened.screening.flagged > 500  # some five parts of a hundred
        assert cascades.cascades > 0
        return canonical_json(screened), canonical_json(cascades)

    return ask


@pytest.fixture
def scheduler():
    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, protocol="tcp://", dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        yield cluster.scheduler_address


def test_studies__are_the_same_wherever_they_run(answers, scheduler):
    here = answers(Spreading())
    assert answers(Spreading(StudyBackend.PROCESSES, workers=2)) == here
    assert answers(Spreading(StudyBackend.DASK, scheduler=scheduler)) == here


def test_each__gives_parts_back_in_their_order_while_others_run():
    spread = Spreading(StudyBackend.PROCESSES, workers=2)
    assert list(spread.each(divmod, [(number, 7) for number in range(50)])) == [divmod(n, 7) for n in range(50)]


def test_each__an_error_of_a_part_is_an_error_of_the_study():
    with pytest.raises(ZeroDivisionError):
        list(Spreading(StudyBackend.PROCESSES, workers=2).each(divmod, [(1, 1), (1, 0), (1, 2)]))
