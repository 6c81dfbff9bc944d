"""The one kind of language model that the crew sees: a door to the journaled gateway."""

from collections.abc import Callable
from typing import Any

from crewai.llms.base_llm import BaseLLM
from pydantic import PrivateAttr

from orchestrator.crew.voice import Voice


class GatewayLLM(BaseLLM):  # type: ignore[misc]
    """An agent's model: every call goes through the run's ``Voice``, which journals it and never raises.

    It speaks CrewAI's text protocol for tools (Thought, Action, Observation), which every model server can
    carry, so that one journal entry is one text and a replay needs no provider's classes.
    """

    agent: str
    _voice: Voice = PrivateAttr()

    def __init__(self, agent: str, model: str, voice: Voice) -> None:
        super().__init__(model=model, agent=agent)
        self._voice = voice

    def call(  # noqa: PLR0913, PLR0917 - CrewAI's signature
        self,
        messages: str | list[dict[str, str]],
        tools: list[dict[str, Any]] | None = None,  # noqa: ARG002
        callbacks: list[Any] | None = None,  # noqa: ARG002
        available_functions: dict[str, Callable[..., Any]] | None = None,  # noqa: ARG002
        from_task: object = None,  # noqa: ARG002
        from_agent: object = None,  # noqa: ARG002
        response_model: object = None,  # noqa: ARG002
    ) -> str:
        """The reply to a conversation, as text."""
        if isinstance(messages, str):
            messages = [{"role": "user", "content": messages}]
        return self._voice.say(self.agent, [{"role": m["role"], "content": m["content"]} for m in messages])

    def supports_function_calling(self) -> bool:
        """Tools are called in text."""
        return False

    def supports_stop_words(self) -> bool:
        """The text protocol ends at its observation by our own cut, not by the server's."""
        return False

    def get_context_window_size(self) -> int:
        """Never summarised behind our back: prompts are bounded by us."""
        return 1_000_000

    def get_input_tokens_count(self, messages: object, *_: object, **__: object) -> int:
        """CrewAI's rule of thumb, four characters a token, without its warning for each call."""
        return len(str(messages)) // 4
