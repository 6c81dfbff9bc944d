"""The way of a question, from its plan to its report; it reads from top to bottom."""

from agents.report import Report
from orchestrator.collecting import Collecting
from orchestrator.desk import Desk
from orchestrator.investigating import investigate
from orchestrator.runs.journal import ModelCaller, ToolCaller
from orchestrator.runs.record import RunHeader
from orchestrator.speaking import listen
from orchestrator.writing import write_report


def follow(header: RunHeader, tools: ToolCaller, models: ModelCaller, desk: Desk) -> Report:
    """Answer one question with evidence from tools only.

    The plan always runs in full; a language model may add calls, never remove one.

    Args:
        header: The run, with its question resolved and its plan made.
        tools: Door to the tools.
        models: Door to the language model.
        desk: How to show times, how much a model may add, how to name the report.
    """
    collecting = Collecting(tools)
    if header.plan is not None:
        investigate(header.plan, collecting)
    spoken = listen(header, collecting, models, desk)
    return write_report(header, collecting.board, spoken, desk)
