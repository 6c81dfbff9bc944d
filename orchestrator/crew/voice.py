"""Who speaks for an agent in one run: a language model while it answers, else the embedded text."""

from collections.abc import Callable, Sequence

from pydantic import JsonValue

from orchestrator.runs.journal import ModelCaller, ModelFailedError

Message = dict[str, str]
EMBEDDED = "embedded"
_FINAL = "Thought: the evidence is complete\nFinal Answer: "
"""The crew's marker for an agent's last word."""


class Voice:
    """The model calls of one run, journaled by the door behind it.

    Once a call fails, the server is not asked again in this run: the embedded text answers, and ``failure``
    says why, so that a dead server costs one time-out and not one for each agent.

    Args:
        models: Door to the model.
        kind: ``embedded``, or the kind of server.
        model: Name of the model, for the journal.
        embedded: The deterministic text of an agent.

    Attributes:
        failure: Why the run fell back, as the server or the client said it; None while it did not.
    """

    def __init__(self, models: ModelCaller, kind: str, model: str, embedded: Callable[[str], str]) -> None:
        self._models = models
        self._kind = kind
        self._model = model
        self._embedded = embedded
        self.failure: str | None = None

    @property
    def is_model(self) -> bool:
        """Whether a language model answers; False for the embedded reasoner and after a failure."""
        return self._kind != EMBEDDED and self.failure is None

    def say(self, agent: str, messages: Sequence[Message]) -> str:
        """The agent's reply; never raises for a server's sake."""
        if self._kind == EMBEDDED or self.failure is None:
            try:
                return _finished(self._models.call(agent, self._request(agent, messages)))
            except ModelFailedError as error:
                self.failure = str(error)
        return _FINAL + self._embedded(agent)

    def _request(self, agent: str, messages: Sequence[Message]) -> dict[str, JsonValue]:
        request: dict[str, JsonValue] = {"model": self._model, "messages": [dict(item) for item in messages]}
        return request | {"composed": self._embedded(agent)} if self._kind == EMBEDDED else request


def _finished(reply: str) -> str:
    """A reply that neither acts nor ends is taken as the last word; an invented observation is cut off."""
    text = reply.split("\nObservation:", 1)[0]
    return text if "Final Answer:" in text or "\nAction:" in f"\n{text}" else _FINAL + text


def last_word(text: str) -> str:
    """What stands behind the crew's marker; the whole text where it has none."""
    return text.rsplit("Final Answer:", 1)[-1].strip()
