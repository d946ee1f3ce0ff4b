"""Files of every format over HTTP: uploaded, asked about, and opened where the citation points."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests import made_files

BRIDGE = [
    "# The harbour bridge",
    "The harbour bridge was closed in April 2024, because its northern pier had cracks.",
    "The town paid for the repairs with a loan that runs for thirty years.",
]
OPENING = "The harbour bridge reopens on 12 March 2025, the mayor said in the town hall."
QUESTION = "When does the harbour bridge reopen?"
PARAGRAPHS = [*BRIDGE, OPENING]
FILES: dict[str, bytes] = {
    "bridge.pdf": made_files.pdf([BRIDGE[:2], BRIDGE[2:], [OPENING]], foot="{page}"),
    "bridge.docx": made_files.docx(PARAGRAPHS),
    "bridge.html": "".join(
        ["<!doctype html><html><body><main><h1>The harbour bridge</h1>"]
        + [f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS[1:]]
        + ["</main></body></html>"]
    ).encode(),
    "bridge.eml": made_files.mail("\n\n".join(PARAGRAPHS[1:]), subject="The bridge"),
    "bridge.zip": made_files.archive({"town/bridge.md": "\n\n".join(PARAGRAPHS).encode()}),
    "bridge.jsonl": b'{"id": "bridge", "text": "%s"}' % " ".join(PARAGRAPHS[1:]).encode(),
}
FinishedJob = Callable[[Any, Any], dict[str, Any]]


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_answered_from_and_opens_at_the_quote(
    client: Any, finished_job: FinishedJob, name: str
) -> None:
    upload = client.post("/v1/documents", files={"file": (name, FILES[name])})
    assert finished_job(client, upload)["state"] == "done"
    answer = client.post("/v1/ask", json={"question": QUESTION}).json()
    assert answer["status"] == "answered"
    citation = answer["citations"][0]
    assert "12 March 2025" in citation["quote"]
    assert citation["page"] == (3 if name.endswith(".pdf") else None)

    place = {key: citation[key] for key in ("revision", "start", "end")}
    page = client.get(f"/documents/{citation['document_id']}", params=place).text
    marked = re.search(r'<mark class="quote" id="quote">(.*?)</mark>', page, re.DOTALL)
    assert marked is not None
    assert html.unescape(marked[1]) == citation["quote"]
    breaks = re.findall(r'data-page="(\d+)"', page[: marked.start()])
    assert breaks == (["1", "2", "3"] if name.endswith(".pdf") else [])


def test_format_pages_and_provenance_are_told(client: Any, finished_job: FinishedJob) -> None:
    data = made_files.pdf([BRIDGE, [OPENING]], info={"Title": "Bridge report"})
    finished_job(client, client.post("/v1/documents", files={"file": ("bridge.pdf", data)}))
    (line,) = client.get("/v1/documents").json()["items"]
    assert line["media_type"] == "application/pdf"
    assert line["provenance"]["title"] == "PDF information Title"
    document = client.get("/v1/documents/bridge").json()
    assert document["pages"] == [0, document["text"].index(OPENING)]
    assert document["provenance"] == line["provenance"]
    (first, *_) = client.post("/v1/search", json={"question": QUESTION}).json()["passages"]
    assert first["page"] in (1, 2)


def test_a_scan_is_told_in_the_job(client: Any, finished_job: FinishedJob) -> None:
    upload = client.post("/v1/documents", files={"file": ("scan.pdf", made_files.scan())})
    job = finished_job(client, upload)
    assert job["state"] == "failed"
    assert "no text layer" in job["error"]
    assert "OCR" in job["error"]
