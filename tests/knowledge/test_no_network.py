"""The guard of the suite is in force, or the claim that the library is offline would be untested."""

import os
import socket

import pytest


def test_guard__refuses_and_remembers_a_look_up_beyond_loopback(monkeypatch):
    attempts = []
    monkeypatch.setattr("tests.conftest.ATTEMPTS", attempts)  # so that the guard does not fail this test as well
    with pytest.raises(ConnectionRefusedError, match="never leaves this machine"):
        socket.getaddrinfo("huggingface.co", 443)
    assert len(attempts) == 1


def test_offline_switch__is_on_once_the_model_is_loaded(embedder):
    assert embedder.embed(["voltage"]).shape[0] == 1
    assert os.environ["HF_HUB_OFFLINE"] == "1"
