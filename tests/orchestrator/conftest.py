"""A runner over a fresh home, and a model server of the tests' own that speaks the OpenAI protocol."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from orchestrator.runner import Runner
from orchestrator.settings import Settings


@dataclass
class ModelServer:
    """Answers chat completions with scripted texts, as Ollama and OpenAI-compatible servers do.

    A script entry is a text, or a function from the request's messages to a text; the last one repeats.
    """

    script: list[str | Callable[[list[dict[str, str]]], str]]
    status: int = 200
    delay_s: float = 0.0
    raw: bytes | None = None
    requests: list[dict[str, object]] = field(default_factory=list)
    url: str = ""

    def reply(self, body: dict[str, object]) -> str:
        self.requests.append(body)
        entry = self.script[min(len(self.requests), len(self.script)) - 1]
        return entry if isinstance(entry, str) else entry(body["messages"])


@pytest.fixture
def model_server() -> Iterator[Callable[..., ModelServer]]:
    started: list[ThreadingHTTPServer] = []

    def start(*script: str | Callable[[list[dict[str, str]]], str], **behaviour: object) -> ModelServer:
        server = ModelServer(list(script) or ["nothing"], **behaviour)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server.requests_headers = dict(self.headers)
                text = server.reply(body)
                time.sleep(server.delay_s)
                answer = server.raw if server.raw is not None else _completion(body["model"], text)
                self.send_response(server.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                pass

        http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        http.daemon_threads = True
        threading.Thread(target=http.serve_forever, daemon=True).start()
        started.append(http)
        server.url = f"http://127.0.0.1:{http.server_port}"
        return server

    yield start
    for http in started:
        http.shutdown()
        http.server_close()


def _completion(model: object, text: str) -> bytes:
    message = {"role": "assistant", "content": text}
    return json.dumps(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": model,
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
        }
    ).encode()


@pytest.fixture
def make_runner(tmp_path):
    def make(**changes: object) -> Runner:
        return Runner(Settings(_env_file=None, home=tmp_path / "home", **changes))

    return make
