"""The catalogue over HTTP: the same answers, and errors as problem details."""

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from orchestrator.catalogue import CATALOGUE
from orchestrator.settings import Settings


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with TestClient(
        create_app(Settings(_env_file=None, home=tmp_path_factory.mktemp("home"))), base_url="http://127.0.0.1"
    ) as client:
        yield client


def test_list__shows_the_whole_catalogue(client):
    assert [item["name"] for item in client.get("/api/v1/tools").json()] == [spec.name for spec in CATALOGUE]


def test_call__gives_evidence(client):
    reply = client.post("/api/v1/tools/check_limits", json={"grid": "case30"})
    assert reply.status_code == 200
    assert reply.json()["result"]["overloads"] == 1


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("check_limit", {"grid": "case30"}, 404, "check_limits"),
        ("check_limits", {"grid": "caes30"}, 404, "case30"),
        ("check_limits", {"grid": "../../etc/passwd"}, 404, "no grid"),
        ("check_limits", {"grid": "case30", "arguments": {"limit": -1}}, 422, "limit"),
        ("check_limits", {"grid": "case30", "arguments": {"elements": ["line:99"]}}, 404, "line"),
        ("check_limits", {}, 422, "schema"),
        ("check_limits", {"grid": "case30", "surplus": 1}, 422, "schema"),
    ],
)
def test_call__problems_say_what_is_wrong(client, path, body, status, said):
    reply = client.post(f"/api/v1/tools/{path}", json=body)
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    assert said in reply.json()["detail"]
