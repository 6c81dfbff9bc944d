"""A plan is carried out in full and in its order, whatever single calls come to."""

from agents.evidence import FailedCall
from agents.plan import Plan, PlanStep
from orchestrator.collecting import Collecting
from orchestrator.investigating import investigate

STEPS = (("monitor", "check_model"), ("detector", "detect_anomalies"), ("monitor", "solve_power_flow"))


class Failing:
    """A door behind which no call can be answered."""

    def __init__(self):
        self.asked = []

    def call(self, agent, tool, arguments, number=None):
        self.asked.append((number, agent, tool))
        return FailedCall(tool=tool, agent=agent, arguments=arguments, error="SourceMissingError", reason="no source")


def test_investigate__makes_every_call_in_the_order_of_the_plan():
    door = Failing()
    tools = Collecting(door)
    investigate(Plan(steps=tuple(PlanStep(agent=agent, tool=tool, purpose="why") for agent, tool in STEPS)), tools)
    assert door.asked == [(number, *step) for number, step in enumerate(STEPS, start=1)]
    assert [failed.tool for failed in tools.board.failed] == [tool for _, tool in STEPS]
