"""Language models through CrewAI's own clients, against servers of the tests' own; no claim about any model."""

import re
from time import perf_counter

import pytest

from agents.question import Question, ReportStatus
from orchestrator.settings import parse_reasoner
from tools.errors import InvalidArgumentError

QUESTION = Question(text="How heavily is line 9 loaded?", grid="case30")


def _reference(messages, wanted: str) -> str:
    """The reference that the prompt offers for a field, as a model would pick it out of the list."""
    text = "\n".join(message["content"] for message in messages)
    return re.search(rf"\[\[(e\d+/\S*)\]\] line:9 \| base \| {wanted} =", text)[1]


def _sentence(messages) -> str:
    return f"Final Answer: Line 9 is at [[{_reference(messages, 'loading_percent')}]] in the base case."


@pytest.mark.parametrize("kind", ["ollama", "openai"])
def test_reasoner__a_grounded_sentence_reaches_the_report(make_runner, model_server, kind):
    server = model_server(_sentence)
    runner = make_runner(**{f"{kind}_url": server.url if kind == "ollama" else f"{server.url}/v1"})
    report = runner.ask(QUESTION, parse_reasoner(f"{kind}:some-model"))
    assert not report.reasoner.degraded, report.reasoner.note
    assert any("Line 9 is at 111.8 %" in item.text for item in report.summary)
    assert {request["model"] for request in server.requests} == {"some-model"}


def test_reasoner__cloud_keys_of_the_environment_are_never_sent(make_runner, model_server):
    server = model_server(_sentence)
    make_runner(openai_url=f"{server.url}/v1").ask(QUESTION, parse_reasoner("openai:some-model"))
    assert "decoy" not in str(server.requests_headers)


def test_reasoner__a_wrong_number_is_sent_back_once_then_struck(make_runner, model_server):
    server = model_server("Final Answer: Line 9 is loaded at 97.3 % in the base case.")
    report = make_runner(openai_url=f"{server.url}/v1").ask(QUESTION, parse_reasoner("openai:some-model"))
    assert report.reasoner.degraded
    assert len(report.struck) == 2  # both agents said it, and said it again when asked to correct it
    assert all("97.3" not in item.masked for item in report.struck)
    assert "97.3" not in report.model_dump_json(exclude={"evidence"})
    assert len(server.requests) == 4


def test_reasoner__a_corrected_sentence_is_kept(make_runner, model_server):
    def answer(messages):
        if "could not be grounded" in messages[-1]["content"]:
            return "Final Answer: Line 9 is at 111.8 % in the base case."
        return "Final Answer: Line 9 is at 97.3 % in the base case."

    server = model_server(answer)
    report = make_runner(openai_url=f"{server.url}/v1").ask(QUESTION, parse_reasoner("openai:some-model"))
    assert not report.struck
    assert any("111.8 %" in item.text and item.spans for item in report.summary)


@pytest.mark.parametrize(
    "behaviour",
    [
        {"status": 500},
        {"raw": b"<html>this is no model server</html>"},
        {"raw": b'{"choices": []}'},
        {"script": [""]},
        {"script": ["x" * 30_000]},
    ],
    ids=["error", "html", "no choice", "empty", "endless"],
)
def test_reasoner__a_failing_server_ends_with_the_embedded_text(make_runner, model_server, behaviour):
    server = model_server(*behaviour.pop("script", ["Final Answer: fine"]), **behaviour)
    runner = make_runner(openai_url=f"{server.url}/v1")
    report = runner.ask(QUESTION, parse_reasoner("openai:some-model"))
    plain = runner.ask(QUESTION, parse_reasoner("embedded"))
    assert report.reasoner.degraded
    assert report.reasoner.note
    assert report.summary == plain.summary
    assert report.findings == plain.findings


def test_reasoner__a_slow_server_is_waited_for_once(make_runner, model_server):
    server = model_server("Final Answer: too late", delay_s=5.0)
    runner = make_runner(openai_url=f"{server.url}/v1", model_timeout_s=0.5)
    runner.ask(QUESTION, parse_reasoner("embedded"))  # loads what any run loads
    started = perf_counter()
    report = runner.ask(QUESTION, parse_reasoner("openai:some-model"))
    assert perf_counter() - started < 5.0
    assert report.reasoner.degraded
    assert len(server.requests) == 1


def test_reasoner__a_server_that_is_down_is_said(make_runner):
    report = make_runner(ollama_url="http://127.0.0.1:9").ask(QUESTION, parse_reasoner("ollama:some-model"))
    assert report.reasoner.degraded
    assert "ollama:some-model" in report.reasoner.note
    assert report.status is ReportStatus.ANSWERED


def test_reasoner__a_model_may_add_a_call_but_never_replace_one(make_runner, model_server):
    calls = iter(
        [
            'Thought: more\nAction: describe_element\nAction Input: {"element": "line:9"}',
            "Final Answer: see the record",
        ]
    )
    server = model_server(lambda _: next(calls, "Final Answer: see the record"))
    runner = make_runner(openai_url=f"{server.url}/v1")
    report = runner.ask(QUESTION, parse_reasoner("openai:some-model"))
    planned = runner.ask(QUESTION, parse_reasoner("embedded"))
    added = [item.tool for item in report.evidence][len(planned.evidence) :]
    assert added == ["describe_element"]
    assert [item.tool for item in report.evidence][: len(planned.evidence)] == [item.tool for item in planned.evidence]


def test_reasoner__added_calls_are_bounded(make_runner, model_server):
    server = model_server("Thought: more\nAction: check_model\nAction Input: {}")
    runner = make_runner(openai_url=f"{server.url}/v1", extra_calls=2)
    report = runner.ask(QUESTION, parse_reasoner("openai:some-model"))
    planned = runner.ask(QUESTION, parse_reasoner("embedded"))
    assert len(report.evidence) - len(planned.evidence) <= 2 * 2
    assert report.reasoner.degraded


@pytest.mark.parametrize("text", ["", "embedded:x", "ollama", "ollama:", "gpt", "azure:gpt"])
def test_parse_reasoner__names_what_would_be_right(text):
    with pytest.raises(InvalidArgumentError, match="ollama:MODEL"):
        parse_reasoner(text)
