"""The command line as a client of the service that owns the data directory."""

from collections.abc import Mapping
from pathlib import Path
from time import monotonic, sleep
from typing import TypeVar

import httpx
from pydantic import BaseModel, JsonValue, TypeAdapter

from agents.incident import Incident
from agents.question import Question, ReportKind
from agents.report import Acknowledgement, Report
from orchestrator.runs.record import ReasonerChoice, ReportSummary, RunRecord, RunSummary
from orchestrator.runs.replay import Replay
from orchestrator.runs.verify import Verification
from orchestrator.service.errors import ServiceUnavailableError, revive
from orchestrator.service.ownership import Owner

ANSWERS_S = 5.0
"""A service that is alive answers its health within this, also under load."""

READY_S = 90.0
"""How long a service may load its models and engines."""

_RUN_S = 600.0
_RETRY_S = 0.5
_PREFIX = "urn:gridcrew:"
Model = TypeVar("Model", bound=BaseModel)
_RUNS = TypeAdapter(tuple[RunSummary, ...])
_INCIDENTS = TypeAdapter(list[Incident])
_REPORTS = TypeAdapter(tuple[ReportSummary, ...])


class RemoteRunner:
    """An ``AnyRunner`` that asks a service; errors come back as what they were there."""

    def __init__(self, owner: Owner, home: Path) -> None:
        """Look whether the service answers.

        Raises:
            ServiceUnavailableError: when it does not, naming it and what to do.
        """
        self._owner = owner
        self._home = home
        # trust_env: a proxy of the environment has no business with this machine's own service.
        self._http = httpx.Client(base_url=owner.address, timeout=_RUN_S, trust_env=False)
        self._send("GET", "/health/live", timeout=ANSWERS_S)

    def ask(self, question: Question, reasoner: ReasonerChoice) -> Report:
        """Ask the service; wait until it has loaded its models, and until the run has ended."""
        self._wait_ready()
        fields = question.model_dump(mode="json", include={"grid", "at"})
        fields["reasoner"] = reasoner.kind if reasoner.kind == "embedded" else f"{reasoner.kind}:{reasoner.model}"
        path = "/api/v1/reports"
        if question.kind is not ReportKind.SHIFT:
            path = "/api/v1/questions"
            fields |= question.model_dump(mode="json", include={"text", "conversation"})
        return self._report(self._send("POST", path, json=fields, params={"timeout_s": _RUN_S}))

    def explain(self, incident: str, reasoner: ReasonerChoice) -> Report:
        """Have the service explain an incident; it uses the reasoner that it is set to."""
        del reasoner
        self._wait_ready()
        path = f"/api/v1/incidents/{incident}/explanation"
        return self._report(self._send("POST", path, params={"timeout_s": _RUN_S}))

    def list_incidents(self, limit: int, grid: str | None) -> list[Incident]:
        """From the service."""
        params: dict[str, float | str] = {"limit": limit} if grid is None else {"limit": limit, "grid": grid}
        return _INCIDENTS.validate_json(self._send("GET", "/api/v1/incidents", params=params).content)

    def incident(self, identifier: str) -> Incident:
        """From the service."""
        return Incident.model_validate_json(self._send("GET", f"/api/v1/incidents/{identifier}").content)

    def _report(self, reply: httpx.Response) -> Report:
        if reply.status_code == httpx.codes.ACCEPTED:
            where = reply.json()["where"]
            message = f"The service has not finished after {_RUN_S:.0f} s; it goes on: GET {self._owner.address}{where}"
            raise ServiceUnavailableError(message)
        return Report.model_validate_json(reply.content)

    def verify(self, identifier: str) -> Verification:
        """Have the service verify."""
        return self._study(f"/api/v1/runs/{identifier}/verification", Verification)

    def replay(self, identifier: str) -> Replay:
        """Have the service replay."""
        return self._study(f"/api/v1/runs/{identifier}/replay", Replay)

    def list_runs(self, limit: int) -> tuple[RunSummary, ...]:
        """From the service."""
        return _RUNS.validate_json(self._send("GET", "/api/v1/runs", params={"limit": limit}).content)

    def run(self, identifier: str) -> RunRecord:
        """From the service."""
        return RunRecord.model_validate_json(self._send("GET", f"/api/v1/runs/{identifier}").content)

    def list_reports(self, limit: int) -> tuple[ReportSummary, ...]:
        """From the service."""
        return _REPORTS.validate_json(self._send("GET", "/api/v1/reports", params={"limit": limit}).content)

    def report(self, identifier: str) -> Report:
        """From the service."""
        return Report.model_validate_json(self._send("GET", f"/api/v1/reports/{identifier}").content)

    def acknowledge(self, identifier: str, note: Acknowledgement) -> Report:
        """Through the service, which gives the time."""
        noted = note.model_dump(mode="json", include={"name", "role"})
        reply = self._send("POST", f"/api/v1/reports/{identifier}/acknowledgements", json=noted)
        return Report.model_validate_json(reply.content)

    def _study(self, path: str, model: type[Model]) -> Model:
        self._wait_ready()
        return model.model_validate_json(self._send("POST", path).content)

    def _wait_ready(self) -> None:
        until = monotonic() + READY_S
        while True:
            try:
                reply = self._http.get("/health/ready")
            except httpx.TransportError as error:
                raise self._silent(error) from error
            if reply.is_success:
                return
            if monotonic() > until:
                reasons = "; ".join(reply.json().get("reasons", ()))
                raise ServiceUnavailableError(f"The service at {self._owner.address} is not ready: {reasons}")
            sleep(_RETRY_S)

    def _send(
        self,
        method: str,
        path: str,
        *,
        json: JsonValue = None,
        params: Mapping[str, float | str] | None = None,
        timeout: float = _RUN_S,
    ) -> httpx.Response:
        try:
            reply = self._http.request(method, path, json=json, params=params, timeout=timeout)
        except httpx.TransportError as error:
            raise self._silent(error) from error
        if reply.is_error:
            raise _error_of(reply)
        return reply

    def _silent(self, error: httpx.TransportError) -> ServiceUnavailableError:
        return ServiceUnavailableError(
            f"The data directory {self._home} is owned by process {self._owner.pid} at {self._owner.address}, which "
            f"does not answer ({type(error).__name__}). Wait until it does, or end that process and try again"
        )


def _error_of(reply: httpx.Response) -> Exception:
    """The error that a problem was on the other side."""
    try:
        problem = reply.json()
        return revive(str(problem["type"]).removeprefix(_PREFIX), str(problem["detail"]))
    except (ValueError, KeyError, TypeError):
        return ServiceUnavailableError(f"The service answered {reply.status_code} without saying why")
