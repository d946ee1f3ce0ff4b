"""Sends inputs to a service of our own over HTTP, and asks after each whether it still serves."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from eval.hostile import judging
from eval.hostile.model import Hostile, Verdict
from index.closing import Closing

_STARTING_S = 120.0
_POLL_S = 0.05
_AT_WORK = ("queued", "running", "pending")


class Service(Closing):
    """A service over an empty folder, started when the first input comes. Close it."""

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self._client: httpx.Client | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def close(self) -> None:
        """End the service."""
        self._stack.close()

    def feed(self, hostile: Hostile, *, limit_s: float) -> Verdict:
        """Return what becomes of an input that is uploaded, or whose URL is sent."""
        client = self._client or self._start()
        began = time.monotonic()
        try:
            verdict = self._sent(client, hostile, began + limit_s)
            if client.get("/healthz").status_code != 200:
                verdict = judging.crash("the service is not well after it")
        except httpx.TimeoutException:
            verdict = Verdict("hang", 0, f"no answer within {limit_s:g} seconds")
        except (httpx.HTTPError, ValueError) as error:
            verdict = judging.crash(f"the service broke the connection: {error!r}")
        if self._process is not None and self._process.poll() is not None:
            verdict = judging.crash(f"the service ended ({self._process.returncode})")
        if verdict.outcome in ("crash", "hang"):  # the next input gets a fresh one
            self._end()
        return Verdict(verdict.outcome, time.monotonic() - began, verdict.says, verdict.code)

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
        self._stack.close()
        self._client = self._process = None

    def _sent(self, client: httpx.Client, hostile: Hostile, until: float) -> Verdict:
        data = hostile.make()
        if hostile.filename:
            files = {"file": (hostile.filename, data, hostile.media_type or "")}
            response = client.post("/v1/documents", files=files)
        else:
            url = data.decode("utf-8", "backslashreplace")
            response = client.post("/v1/documents", json={"url": url})
        if response.status_code != 202:
            return _refused(response.status_code, response.json())
        job = response.json()
        while job["state"] in _AT_WORK:
            if time.monotonic() > until:
                client.post(f"/v1/jobs/{job['id']}/cancel")
                return Verdict("hang", 0, "the job was not done in time")
            time.sleep(_POLL_S)
            job = client.get(f"/v1/jobs/{job['id']}").json()
        errors = [each["error"] for each in job["results"] if each.get("error")]
        if any(each.get("document_id") and not each.get("error") for each in job["results"]):
            return Verdict("accepted", 0)
        if not errors:
            return judging.crash(f"a job without documents and errors: {job}"[:500])
        return _refused(422, errors[0])

    def _start(self) -> httpx.Client:
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        log = self._stack.enter_context((folder / "log").open("wb"))
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("FOOTNOTE_")},
            "FOOTNOTE_DATA_DIR": str(folder / "data"),
            "FOOTNOTE_SAMPLE_CORPUS": "false",
            # What is larger takes long to index without being hostile.
            "FOOTNOTE_LIMITS__DOCUMENT_BYTES": "50000",
        }
        self._process = subprocess.Popen(  # our own program
            [sys.executable, "-m", "app.cli", "serve", "--port", "0"],
            env=environment,
            stdout=log,
            stderr=log,
            cwd=Path(__file__).parents[2],
        )
        self._stack.callback(self._process.wait)
        self._stack.callback(self._process.terminate)
        address = _address(self._process, folder / "data" / "lock.json")
        self._client = self._stack.enter_context(httpx.Client(base_url=address, timeout=60))
        return self._client


def _address(process: "subprocess.Popen[bytes]", lock: Path) -> str:
    """Return where a service serves, once it does."""
    until = time.monotonic() + _STARTING_S
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError, ValueError, KeyError, httpx.HTTPError):
            address = str(json.loads(lock.read_text())["url"])
            if httpx.get(f"{address}/readyz").status_code == 200:
                return address
        time.sleep(_POLL_S)
    raise RuntimeError("the service did not start")


def _refused(status: int, problem: dict[str, Any]) -> Verdict:
    code, message = problem.get("code"), problem.get("detail") or problem.get("message")
    if status >= 500 or not code or not message or code == "internal_error":
        return judging.crash(f"status {status}: {problem}"[:500])
    return Verdict("refused", 0, str(message), str(code))
