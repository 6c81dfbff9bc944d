"""One crew for one run: built anew each time, since a shared one fails under concurrent runs."""

from collections.abc import Sequence
from dataclasses import dataclass

from crewai import Agent, Crew, Process, Task

from agents.spec import AgentSpec
from orchestrator.crew.llm import GatewayLLM
from orchestrator.crew.tooling import tools_for
from orchestrator.crew.voice import Voice
from orchestrator.runs.journal import ToolCaller

_BACKSTORY = (
    "You work in a control room at night. You rely on recorded evidence only, and you say what was not checked."
)
_SLACK_ITERATIONS = 2
"""Beside one for each tool call: one to answer, one after a reply in the wrong form."""


@dataclass(frozen=True)
class Assignment:
    """What one agent has to do in a run: its declaration and its filled-in prompt."""

    spec: AgentSpec
    prompt: str


def run_crew(
    assignments: Sequence[Assignment], voice: Voice, caller: ToolCaller, *, model: str, calls: int
) -> dict[str, str]:
    """Let the specialists speak side by side, and the coordinator after all of them, who hears what they said.

    Args:
        assignments: Agents with their prompts; the coordinator comes last.
        voice: Who speaks for them.
        caller: Door to the tools.
        model: Name for the journal.
        calls: Tool calls that each agent may add to the plan.

    Returns:
        Agent name to its last word.
    """
    agents = [_agent(item.spec, voice, caller, model, calls) for item in assignments]
    tasks: list[Task] = []
    for place, (item, agent) in enumerate(zip(assignments, agents, strict=True), start=1):
        last = place == len(assignments)
        tasks.append(
            Task(
                description=item.prompt,
                expected_output="The sentences asked for, and nothing else",
                agent=agent,
                async_execution=not last,
                context=list(tasks) if last and tasks else None,
            )
        )
    crew = Crew(
        agents=agents,
        tasks=tasks,
        process=Process.sequential,
        memory=False,
        cache=False,
        tracing=False,
        share_crew=False,
        verbose=False,
    )
    output = crew.kickoff()
    return {item.spec.name: done.raw for item, done in zip(assignments, output.tasks_output, strict=True)}


def _agent(spec: AgentSpec, voice: Voice, caller: ToolCaller, model: str, calls: int) -> Agent:
    return Agent(
        role=spec.role,
        goal=spec.goal,
        backstory=_BACKSTORY,
        llm=GatewayLLM(spec.name, model, voice),
        tools=tools_for(spec.tools, spec.name, caller, calls),
        allow_delegation=False,
        cache=False,
        verbose=False,
        max_iter=calls + _SLACK_ITERATIONS,
        max_retry_limit=0,
    )
