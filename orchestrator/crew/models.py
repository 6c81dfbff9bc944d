"""Live model calls: Ollama and OpenAI-compatible servers through CrewAI's own clients."""

from contextvars import Context

from crewai import LLM
from crewai.events.event_context import EventContextConfig, MismatchBehavior, _event_context_config
from crewai.utilities.exceptions.context_window_exceeding_exception import LLMContextLengthExceededError
from openai import OpenAIError
from pydantic import JsonValue

from orchestrator.runs.journal import ModelFailedError
from orchestrator.runs.record import ReasonerChoice
from orchestrator.settings import Settings
from tools.errors import InvalidArgumentError

SILENT = MismatchBehavior.SILENT
_MAX_REPLY = 20_000
"""Characters; a longer reply is no answer to an operator, and gating it would take longer than asking again."""


def _quietly(llm: LLM, messages: JsonValue) -> object:
    """One call with an event stack of its own: a failing client reports twice, and CrewAI would print that."""
    _event_context_config.set(EventContextConfig(mismatch_behavior=SILENT, empty_pop_behavior=SILENT))
    return llm.call(messages)


class ServerModel:
    """A ``ModelCaller`` on a model server at a configured address; it never reads a cloud key.

    Args:
        choice: ``ollama`` or ``openai``, with the model's name.
        settings: Addresses, key and time limit.
    """

    def __init__(self, choice: ReasonerChoice, settings: Settings) -> None:
        self._name = f"{choice.kind}:{choice.model}"
        bounds = {"timeout": settings.model_timeout_s, "max_retries": 0, "temperature": 0.0, "stream": False}
        if choice.kind == "ollama":
            self._llm = LLM(
                model=f"ollama/{choice.model}", base_url=str(settings.ollama_url), api_key="ollama", **bounds
            )
        elif settings.openai_url is None:
            raise InvalidArgumentError(
                f"reasoner {self._name!r} needs the address of a server: set GRIDCREW_OPENAI_URL"
            )
        else:
            self._llm = LLM(
                model=choice.model,
                custom_openai=True,
                base_url=str(settings.openai_url),
                api_key=settings.openai_key.get_secret_value(),
                **bounds,
            )

    def call(self, agent: str, request: dict[str, JsonValue]) -> str:
        """The server's reply.

        Raises:
            ModelFailedError: when the server is down, too slow, answers an error, or nothing.
        """
        del agent
        try:
            reply = Context().run(_quietly, self._llm, request["messages"])
        except (OpenAIError, OSError, ValueError, RuntimeError, LLMContextLengthExceededError) as error:
            raise ModelFailedError(f"{self._name} gave no reply: {type(error).__name__}: {str(error)[:200]}") from error
        if not isinstance(reply, str) or not reply.strip():
            raise ModelFailedError(f"{self._name} gave an empty reply")
        if len(reply) > _MAX_REPLY:
            raise ModelFailedError(f"{self._name} gave a reply of more than {_MAX_REPLY} characters")
        return reply


class EmbeddedModel:
    """A ``ModelCaller`` without a server: the text composed from the evidence, journaled like a model's."""

    def call(self, agent: str, request: dict[str, JsonValue]) -> str:
        """The text that came with the request; plan and templates decided it."""
        del agent
        return str(request["composed"])
