"""What a command needs of whoever answers: this process, or the service that owns the data directory."""

from typing import Protocol

from agents.incident import Incident
from agents.question import Question
from agents.report import Acknowledgement, Report
from orchestrator.home import Home, open_home
from orchestrator.runs.record import ReasonerChoice, ReportSummary, RunRecord, RunSummary
from orchestrator.runs.replay import Replay
from orchestrator.runs.verify import Verification
from orchestrator.service.ownership import find_owner
from orchestrator.settings import Settings


class AnyRunner(Protocol):
    """Answers questions and shows what is recorded."""

    def ask(self, question: Question, reasoner: ReasonerChoice) -> Report:
        """Answer a question, or write a shift report."""
        ...

    def explain(self, incident: str, reasoner: ReasonerChoice) -> Report:
        """Explain an incident."""
        ...

    def list_incidents(self, limit: int, grid: str | None) -> list[Incident]:
        """Incidents, newest first."""
        ...

    def incident(self, identifier: str) -> Incident:
        """One incident."""
        ...

    def verify(self, identifier: str) -> Verification:
        """Whether a run's record is intact and its tools give the same again."""
        ...

    def replay(self, identifier: str) -> Replay:
        """Go the way of a run again from its record alone."""
        ...

    def list_runs(self, limit: int) -> tuple[RunSummary, ...]:
        """Runs, newest first."""
        ...

    def run(self, identifier: str) -> RunRecord:
        """One run's record."""
        ...

    def list_reports(self, limit: int) -> tuple[ReportSummary, ...]:
        """Reports, newest first."""
        ...

    def report(self, identifier: str) -> Report:
        """One report."""
        ...

    def acknowledge(self, identifier: str, note: Acknowledgement) -> Report:
        """Take note of a report."""
        ...


class LocalRunner:
    """An ``AnyRunner`` in this process; the engines are loaded when a question comes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._home: Home = open_home(settings)

    def ask(self, question: Question, reasoner: ReasonerChoice) -> Report:
        """Answer here."""
        from orchestrator.runner import Runner  # noqa: PLC0415 - lists and reports load no engine

        return Runner(self._settings).ask(question, reasoner)

    def explain(self, incident: str, reasoner: ReasonerChoice) -> Report:
        """Explain here."""
        from orchestrator.runner import Runner  # noqa: PLC0415 - lists and reports load no engine

        return Runner(self._settings).explain(incident, reasoner)

    def list_incidents(self, limit: int, grid: str | None) -> list[Incident]:
        """From the store."""
        return self._home.incidents.list(limit, grid)

    def incident(self, identifier: str) -> Incident:
        """From the store."""
        return self._home.incidents.get(identifier)

    def verify(self, identifier: str) -> Verification:
        """Verify here."""
        from orchestrator.runner import Runner  # noqa: PLC0415 - lists and reports load no engine

        return Runner(self._settings).verify(identifier)

    def replay(self, identifier: str) -> Replay:
        """Replay here."""
        from orchestrator.runner import Runner  # noqa: PLC0415 - lists and reports load no engine

        return Runner(self._settings).replay(identifier)

    def list_runs(self, limit: int) -> tuple[RunSummary, ...]:
        """From the store."""
        return self._home.runs.list(limit)

    def run(self, identifier: str) -> RunRecord:
        """From the store."""
        return self._home.runs.get(identifier)

    def list_reports(self, limit: int) -> tuple[ReportSummary, ...]:
        """From the store."""
        return self._home.reports.list(limit)

    def report(self, identifier: str) -> Report:
        """From the store."""
        return self._home.reports.get(identifier)

    def acknowledge(self, identifier: str, note: Acknowledgement) -> Report:
        """Into the store."""
        return self._home.reports.acknowledge(identifier, note)


def open_runner(settings: Settings) -> AnyRunner:
    """The service that owns the data directory, else this process.

    Raises:
        ServiceUnavailableError: when a service owns it and does not answer.
        HomeOwnedError: when a service is just starting.
    """
    owner = find_owner(settings.home)
    if owner is None:
        return LocalRunner(settings)
    from orchestrator.service.remote_runner import RemoteRunner  # noqa: PLC0415 - without a service no HTTP client

    return RemoteRunner(owner, settings.home)
