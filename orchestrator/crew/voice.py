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

    Once a call of an agent fails, the server is not asked again for it: the embedded text answers, and ``failure``
    says why. Agents that speak side by side learn of their own failure only, so that a replay asks precisely what was
    asked, whoever was faster; whoever speaks after them does not ask a server that has failed one of them.

    Args:
        models: Door to the model.
        kind: ``embedded``, or the kind of server.
        model: Name of the model, for the journal.
        embedded: The deterministic text of an agent.
        side_by_side: Agents that speak at the same time, in the order of the team.
    """

    def __init__(
        self,
        models: ModelCaller,
        kind: str,
        model: str,
        embedded: Callable[[str], str],
        side_by_side: Sequence[str] = (),
    ) -> None:
        self._models = models
        self._kind = kind
        self._model = model
        self._embedded = embedded
        self._side_by_side = tuple(side_by_side)
        self._failures: dict[str, str] = {}

    @property
    def failure(self) -> str | None:
        """Why the run fell back, as the server or the client said it; None while it did not."""
        order = [*(agent for agent in self._side_by_side if agent in self._failures), *self._failures]
        return self._failures[order[0]] if order else None

    @property
    def is_model(self) -> bool:
        """Whether a language model answers; False for the embedded reasoner and after a failure."""
        return self._kind != EMBEDDED and self.failure is None

    def say(self, agent: str, messages: Sequence[Message]) -> str:
        """The agent's reply; never raises for a server's sake."""
        failed = agent in self._failures if agent in self._side_by_side else bool(self._failures)
        if self._kind == EMBEDDED or not failed:
            try:
                return _finished(self._models.call(agent, self._request(agent, messages)))
            except ModelFailedError as error:
                self._failures[agent] = str(error)
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
