"""What only a real server over a real socket shows."""

import json
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.api import sse
from app.services import Services
from app.settings import Limits
from index.model import SourceDocument

GUIDE = Path(__file__).parents[2] / "docs" / "http.md"
Serving = Callable[[Services], AbstractContextManager[httpx.Client]]
QUESTION = {"question": "How long did the repairs take?"}
AS_EVENTS = {"accept": "text/event-stream"}


def with_limits(services: Services, **limits: int) -> Services:
    return replace(
        services, settings=services.settings.model_copy(update={"limits": Limits(**limits)})
    )


def test_a_document_can_be_uploaded_and_asked_about(services: Services, serving: Serving) -> None:
    with serving(services) as client:
        text = (
            b"# Bridge\n\nThe harbour bridge reopened in March. The repairs took eleven months.\n"
        )
        sent = client.post("/v1/documents", files={"file": ("bridge.md", text)})
        assert sent.status_code == 202
        until_idle(client)
        assert "eleven months" in client.post("/v1/ask", json=QUESTION).json()["answer"]


@pytest.mark.skipif(not shutil.which("curl"), reason="the guide's examples are curl commands")
def test_the_examples_of_the_guide_run(
    sample_services: Services, services: Services, serving: Serving, tmp_path: Path
) -> None:
    for document in sample_services.library.documents().items:
        revision = sample_services.library.revision(document.id)
        services.library.add(
            SourceDocument(revision.document_id, revision.text, revision.title, revision.source)
        )
    examples = re.findall(r"^```sh\n(.*?)^```", GUIDE.read_text(), re.MULTILINE | re.DOTALL)
    assert len(examples) > 12
    with serving(services) as client:
        for example in examples[1:]:
            script = f"set -eu\nFOOTNOTE={client.base_url}\n{example}"
            done = subprocess.run(
                ["/bin/sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=30
            )
            assert done.returncode == 0, (example, done.stderr)
            assert "request_id" not in done.stdout, (example, done.stdout)
            assert "False" not in done.stdout, (example, done.stdout)
            assert '"error":{' not in done.stdout, (example, done.stdout)
            until_idle(client)


def until_idle(client: httpx.Client) -> None:
    """Wait until no job is left."""
    deadline = time.monotonic() + 20
    while any(j["state"] in ("queued", "running") for j in client.get("/v1/jobs").json()["items"]):
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


def test_events_arrive_one_by_one_as_they_are_made(
    services: Services, serving: Serving, scripted_chain: Callable[..., Any]
) -> None:
    go_on = threading.Semaphore(0)
    chain = scripted_chain(lambda question: go_on.acquire(timeout=10))
    with (
        serving(replace(services, chain=chain)) as client,
        client.stream("POST", "/v1/ask", json=QUESTION, headers=AS_EVENTS) as response,
    ):
        lines = response.iter_lines()
        for name in ("sources", "sentence", "done"):
            go_on.release()
            assert next(lines) == f"event: {name}"
            assert json.loads(next(lines).removeprefix("data: "))
            assert next(lines) == ""
        assert list(lines) == []


def test_silence_is_filled_with_heartbeats(
    services: Services,
    serving: Serving,
    scripted_chain: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sse, "HEARTBEAT_S", 0.01)
    go_on = threading.Event()
    chain = scripted_chain(lambda question: go_on.wait(10))
    with (
        serving(replace(services, chain=chain)) as client,
        client.stream("POST", "/v1/ask", json=QUESTION, headers=AS_EVENTS) as response,
    ):
        lines = response.iter_lines()
        assert next(lines).startswith(":")
        go_on.set()
        assert "event: done" in list(lines)


def test_the_work_stops_when_the_client_leaves_the_stream(
    services: Services, serving: Serving, scripted_chain: Callable[..., Any]
) -> None:
    go_on = threading.Semaphore(0)
    chain = scripted_chain(lambda question: go_on.acquire(timeout=10))
    one_at_a_time = with_limits(replace(services, chain=chain), concurrent_questions=1)
    with serving(one_at_a_time) as client:
        with client.stream("POST", "/v1/ask", json=QUESTION, headers=AS_EVENTS) as response:
            go_on.release()
            assert next(response.iter_lines()) == "event: sources"
        assert not chain.closed.is_set()
        threading.Event().wait(0.1)  # the server notices a closed connection in its own time
        go_on.release()
        assert chain.closed.wait(10)
        for _ in range(3):
            go_on.release()
        assert client.post("/v1/ask", json=QUESTION).status_code == 200  # its place is free again


def test_a_question_whose_client_left_the_queue_is_not_worked_on(
    services: Services, serving: Serving, scripted_chain: Callable[..., Any]
) -> None:
    asked: list[str] = []
    started, go_on = threading.Event(), threading.Event()

    def work(question: str) -> None:
        asked.append(question)
        started.set()
        go_on.wait(10)

    one_at_a_time = with_limits(
        replace(services, chain=scripted_chain(work)), concurrent_questions=1
    )
    with serving(one_at_a_time) as client, ThreadPoolExecutor(1) as pool:
        first = pool.submit(client.post, "/v1/ask", json={"question": "first"})
        assert started.wait(10)
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{client.base_url}/v1/ask", json={"question": "left"}, timeout=0.2)
        threading.Event().wait(0.1)
        go_on.set()
        assert first.result().status_code == 200
        assert client.post("/v1/ask", json={"question": "last"}).status_code == 200
    assert "left" not in asked
    assert {"first", "last"} <= set(asked)


def test_health_answers_while_questions_wait(
    services: Services, serving: Serving, scripted_chain: Callable[..., Any]
) -> None:
    running = threading.Semaphore(0)
    go_on = threading.Event()
    most = 0
    now = 0
    lock = threading.Lock()

    def work(question: str) -> None:
        nonlocal most, now
        with lock:
            now += 1
            most = max(most, now)
        running.release()
        go_on.wait(10)
        with lock:
            now -= 1

    two = with_limits(replace(services, chain=scripted_chain(work)), concurrent_questions=2)
    with serving(two) as client, ThreadPoolExecutor(12) as pool:
        waiting = [pool.submit(client.post, "/v1/ask", json=QUESTION) for _ in range(12)]
        for _ in range(2):
            assert running.acquire(timeout=10)
        assert client.get("/healthz").status_code == 200
        go_on.set()
        assert {future.result().status_code for future in waiting} == {200}
    assert most == 2


def test_an_endless_body_is_stopped_at_the_limit(services: Services, serving: Serving) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while sent < 50_000_000:
            sent += 50_000
            yield b" " * 50_000

    with serving(with_limits(services, json_bytes=100_000)) as client:
        headers = {"content-type": "application/json"}
        try:
            response = client.post("/v1/ask", content=endless(), headers=headers)
        except httpx.WriteError:  # the connection was closed while we were still sending
            pass
        else:
            assert response.status_code == 413
            assert response.json()["code"] == "too_large"
    assert sent < 50_000_000


def test_an_announced_body_over_the_limit_is_refused_before_it_is_sent(
    services: Services, serving: Serving
) -> None:
    with serving(services) as client:
        url = httpx.URL(str(client.base_url))
        with socket.create_connection((url.host, url.port), timeout=10) as connection:
            connection.sendall(
                b"POST /v1/documents HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-"
                b"data; boundary=b\r\nContent-Length: 99000000000\r\n\r\n"
            )
            assert connection.recv(1000).startswith(b"HTTP/1.1 413")


def test_a_half_sent_upload_leaves_nothing_behind(services: Services, serving: Serving) -> None:
    with serving(services) as client:
        url = httpx.URL(str(client.base_url))
        with socket.create_connection((url.host, url.port), timeout=10) as connection:
            connection.sendall(
                b"POST /v1/documents HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-"
                b"data; boundary=b\r\nContent-Length: 5000\r\n\r\n--b\r\nContent-Disposition: "
                b'form-data; name="file"; filename="a.txt"\r\n\r\nhalf a docu'
            )
        assert client.get("/v1/jobs").json()["total"] == 0
        assert client.get("/v1/documents").json()["total"] == 0
    assert not list((services.settings.data_dir / "incoming").glob("*"))


def test_what_a_stopped_server_left_the_next_one_goes_on_with(
    services: Services, serving: Serving
) -> None:
    with serving(services) as client:
        for number in range(5):
            body = {"id": f"d{number}", "text": f"The mill number {number} closed in 1987."}
            assert client.post("/v1/documents", json=body).status_code == 202
    with serving(services) as client:
        until_idle(client)
    jobs, total = services.library.jobs.list()
    assert total == 5
    assert {job.state for job in jobs} == {"done"}
