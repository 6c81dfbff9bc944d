"""The two doors through which a run reaches tools and models, so that each call is recorded once.

The same way of a question runs live, resumes after a kill and replays offline; only what stands behind
``ToolCaller`` and ``ModelCaller`` differs.
"""

from collections.abc import Callable
from threading import Lock
from time import perf_counter
from typing import Protocol

from pydantic import JsonValue

from agents.evidence import Evidence, FailedCall
from agents.report import Report
from orchestrator.runs.call_key import call_key
from orchestrator.runs.errors import RecordConflictError
from orchestrator.runs.record import ModelCall, RunHeader, content_hash
from orchestrator.runs.recorded import Ordinals, OutcomeQueue
from orchestrator.runs.run_store import RunStore
from tools.errors import GridCrewError


class ToolCaller(Protocol):
    """Carries out tool calls; a call that cannot be answered is a ``FailedCall``, not an exception."""

    def call(
        self, agent: str, tool: str, arguments: dict[str, JsonValue], number: int | None = None
    ) -> Evidence | FailedCall:
        """One tool call; a live caller leaves the evidence's ``id`` empty, the journal numbers it.

        Args:
            agent: Who asks.
            tool: Name in the catalogue.
            arguments: As JSON.
            number: Of a planned call: its place in the plan, from 1; None for a call beyond the plan.
        """
        ...


class ModelCaller(Protocol):
    """Sends requests to a language model."""

    def call(self, agent: str, request: dict[str, JsonValue]) -> str:
        """The reply to one request (model, parameters, messages, tool schemas).

        Raises:
            ModelFailedError: when the server gave none.
        """
        ...


class ModelFailedError(GridCrewError):
    """The language model gave no reply: server down, too slow, or an error of its own."""


Way = Callable[[RunHeader, ToolCaller, ModelCaller], Report]
"""The way of a question from its header to a report, through the two doors only."""


class JournaledTools:
    """Carries a tool call out once and returns its record from then on: also after a kill, in another process.

    Equal calls of a run are told apart by their order among themselves, and planned calls are numbered by their place
    in the plan, so that agents may speak side by side and the record is the same whoever comes first.

    Args:
        store: Where it is recorded.
        run_id: The run.
        live: Carries the calls out.
        planned: Steps of the plan; calls beyond it are numbered from here on.
    """

    def __init__(self, store: RunStore, run_id: str, live: ToolCaller, planned: int = 0) -> None:
        self._store = store
        self._run_id = run_id
        self._live = live
        self._lock = Lock()
        record = store.get(run_id)
        self._recorded = OutcomeQueue(record)
        self._last_number = max((int(item.id.removeprefix("e")) for item in record.evidence), default=0)
        self._last_number = max(self._last_number, planned)

    def call(
        self, agent: str, tool: str, arguments: dict[str, JsonValue], number: int | None = None
    ) -> Evidence | FailedCall:
        """The recorded outcome of this call, or a live one, recorded before anybody sees it.

        Raises:
            RecordConflictError: when the live caller answers another call than it was asked.
        """
        with self._lock:
            occurrence, recorded = self._recorded.take(agent, tool, arguments)
        if recorded is not None:
            return recorded
        outcome = self._live.call(agent, tool, arguments)
        if call_key(outcome.agent, outcome.tool, outcome.arguments) != call_key(agent, tool, arguments):
            # It would be recorded under another key, and called again at every resume.
            message = f"{agent} called {tool} with {arguments}, and was answered another call"
            raise RecordConflictError(message)
        with self._lock:
            if isinstance(outcome, FailedCall):
                self._store.add_failed(self._run_id, outcome, occurrence)
                return outcome
            if number is None:
                self._last_number += 1
            evidence = outcome.model_copy(update={"id": f"e{number or self._last_number}"})
            self._store.add_evidence(self._run_id, evidence)
            return evidence


class JournaledModels:
    """Sends a model request once and returns its recorded reply, or its recorded failure, from then on."""

    def __init__(self, store: RunStore, run_id: str, live: ModelCaller) -> None:
        self._store = store
        self._run_id = run_id
        self._live = live
        self._ordinals = Ordinals()

    def call(self, agent: str, request: dict[str, JsonValue]) -> str:
        """The recorded reply to this request, or a live one, recorded before anybody sees it.

        Raises:
            ModelFailedError: when the server gave none, now or when it was recorded.
        """
        ordinal, content = self._ordinals.next(agent), content_hash(request)
        recorded = self._store.find_model_call(self._run_id, agent, ordinal, content)
        if recorded is None:
            response, error, elapsed_ms = self._send(agent, request)
            recorded = ModelCall(
                run=self._run_id,
                agent=agent,
                ordinal=ordinal,
                content_hash=content,
                request=request,
                response=response,
                error=error,
                elapsed_ms=elapsed_ms,
            )
            self._store.add_model_call(recorded)
        return reply_of(recorded)

    def _send(self, agent: str, request: dict[str, JsonValue]) -> tuple[str | None, str | None, float]:
        started = perf_counter()
        response, error = None, None
        try:
            response = self._live.call(agent, request)
        except ModelFailedError as failure:
            error = str(failure)
        return response, error, round((perf_counter() - started) * 1e3, 3)


def reply_of(call: ModelCall) -> str:
    """The reply of a recorded call.

    Raises:
        ModelFailedError: when none came back.
    """
    if call.response is None:
        raise ModelFailedError(call.error or "no reply was recorded")
    return call.response
