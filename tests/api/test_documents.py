from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.api.arrivals import file_name
from app.services import Services

FinishedJob = Callable[[Any, httpx.Response], dict[str, Any]]
BRIDGE = {
    "id": "bridge",
    "title": "The bridge",
    "source": "Harbour Gazette",
    "published_at": "2025-03-14",
    "url": "https://gazette.example/bridge",
    "language": "en",
    "text": "The harbour bridge reopened on 12 March 2025. The repairs took eleven months.",
}
FERRY = b"The island ferry carries 140 passengers. It leaves the old pier every two hours.\n"


def test_a_document_sent_as_json_can_be_read_and_asked(
    client: Any, finished_job: FinishedJob
) -> None:
    response = client.post("/v1/documents", json=BRIDGE)
    job = finished_job(client, response)
    assert job["state"] == "done"
    assert job["total"] == job["done"] == 1
    assert job["results"] == [
        {
            "file": None,
            "position": 0,
            "state": "done",
            "document_id": "bridge",
            "change": "added",
            "error": None,
        }
    ]
    document = client.get("/v1/documents/bridge").json()
    assert {name: document[name] for name in BRIDGE if name != "text"} == {
        name: value for name, value in BRIDGE.items() if name != "text"
    }
    assert document["text"].strip() == BRIDGE["text"]
    assert document["current"] is True
    answer = client.post("/v1/ask", json={"question": "How long did the repairs take?"}).json()
    assert "eleven months" in answer["answer"]


def test_the_same_document_again_changes_nothing(client: Any, finished_job: FinishedJob) -> None:
    finished_job(client, client.post("/v1/documents", json=BRIDGE))
    job = finished_job(client, client.post("/v1/documents", json=BRIDGE))
    assert job["results"][0]["change"] == "unchanged"
    assert client.get("/v1/documents").json()["total"] == 1


def test_put_replaces_and_keeps_the_old_revision_readable(
    client: Any, finished_job: FinishedJob
) -> None:
    finished_job(client, client.post("/v1/documents", json=BRIDGE))
    old = client.get("/v1/documents/bridge").json()
    body = {"title": "The bridge", "text": "The bridge closed again on 2 April 2025."}
    job = finished_job(client, client.put("/v1/documents/bridge", json=body))
    assert job["results"][0]["change"] == "replaced"
    new = client.get("/v1/documents/bridge").json()
    assert new["text"].strip() == body["text"]
    assert [r["revision"] for r in new["revisions"]] == [new["revision"], old["revision"]]
    again = client.get("/v1/documents/bridge", params={"revision": old["revision"]}).json()
    assert again["text"] == old["text"]
    assert again["current"] is False


def test_put_takes_a_file_too(client: Any, finished_job: FinishedJob) -> None:
    response = client.put("/v1/documents/ferry", files={"file": ("anything.txt", FERRY)})
    assert finished_job(client, response)["results"][0]["document_id"] == "ferry"


def test_put_with_another_id_in_the_body_is_a_conflict(reader: Any) -> None:
    response = reader.put("/v1/documents/ferry", json=BRIDGE)
    assert response.status_code == 409
    assert response.json()["code"] == "conflict"


def test_delete_removes_and_deleting_again_is_a_404(client: Any, finished_job: FinishedJob) -> None:
    finished_job(client, client.post("/v1/documents", json=BRIDGE))
    response = client.delete("/v1/documents/bridge")
    assert response.status_code == 204
    assert response.content == b""
    for method in ("GET", "DELETE"):
        gone = client.request(method, "/v1/documents/bridge")
        assert gone.status_code == 404
        assert gone.json()["code"] == "not_found"


def test_several_files_are_one_job_and_a_bad_one_does_not_spoil_the_others(
    client: Any, finished_job: FinishedJob
) -> None:
    files = [
        ("file", ("ferry.txt", FERRY)),
        ("file", ("empty.txt", b"")),
        ("file", ("binary.txt", b"\x00\x01\x02\xff" * 300)),
        ("file", ("bridge.md", b"# Bridge\n\nThe harbour bridge reopened on 12 March 2025.\n")),
    ]
    job = finished_job(client, client.post("/v1/documents", files=files))
    assert job["state"] == "done"
    results = job["results"]
    assert [r["file"] for r in results] == ["ferry.txt", "empty.txt", "binary.txt", "bridge.md"]
    assert [r["change"] for r in results] == ["added", None, None, "added"]
    for failed in results[1:3]:
        assert failed["error"]["code"] == "invalid_document"
    assert client.get("/v1/documents").json()["total"] == 2


def test_a_job_of_which_nothing_could_be_used_failed(
    client: Any, finished_job: FinishedJob
) -> None:
    job = finished_job(client, client.post("/v1/documents", files={"file": ("a.txt", b" \n")}))
    assert job["state"] == "failed"
    assert job["error"] == job["results"][0]["error"]["message"]


def test_two_files_of_one_name_are_not_silently_one(client: Any, finished_job: FinishedJob) -> None:
    files = [("file", ("a.txt", FERRY)), ("file", ("a.txt", b"The mill closed in 1987."))]
    job = finished_job(client, client.post("/v1/documents", files=files))
    assert [r["change"] for r in job["results"]] == ["added", None]
    assert job["results"][1]["error"]["code"] == "conflict"


def test_details_hold_for_an_uploaded_file(client: Any, finished_job: FinishedJob) -> None:
    response = client.post(
        "/v1/documents",
        files={"file": ("ferry.txt", FERRY)},
        data={"id": "island-ferry", "source": "Pier News", "published_at": "2024-05-01", "url": ""},
    )
    finished_job(client, response)
    document = client.get("/v1/documents/island-ferry").json()
    assert document["source"] == "Pier News"
    assert document["published_at"] == "2024-05-01"


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.txt",
        "C:\\temp\\..\\x.txt",
        "a\x00b.txt",
        "/abs/olute.txt",
        "n" * 3000 + ".txt",
    ],
)
def test_hostile_file_names_become_harmless_ids(
    client: Any, finished_job: FinishedJob, tmp_path: Path, name: str
) -> None:
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    boundary = "b0undary"
    body = (
        (
            f"--{boundary}\r\n"
            f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        ).encode()
        + FERRY
        + f"\r\n--{boundary}--\r\n".encode()
    )
    headers = {"content-type": f"multipart/form-data; boundary={boundary}"}
    job = finished_job(client, client.post("/v1/documents", content=body, headers=headers))
    assert job["state"] == "done", job
    (result,) = job["results"]
    assert len(result["file"]) <= 150
    assert not set(result["file"]) & set("/\\\x00")
    assert client.get(f"/v1/documents/{result['document_id']}").status_code == 200
    names = {p.name for p in tmp_path.rglob("*") if p.is_file()} - {p.name for p in before}
    assert not any("passwd" in new or "olute" in new for new in names)


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        (None, "unnamed"),
        ("", "unnamed"),
        ("..", "unnamed"),
        ("../a.md", "a.md"),
        ("a\u202etxt.exe", "atxt.exe"),
        ("ok name.md", "ok name.md"),
    ],
)
def test_only_the_harmless_part_of_a_file_name_is_used(given: str | None, safe: str) -> None:
    assert file_name(given) == safe


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": "x"}, "text"),
        ({"text": ""}, "text"),
        ({"text": "x", "id": "../x"}, "id"),
        ({"text": "x", "id": "a/b"}, "id"),
        ({"text": "x", "published_at": "yesterday"}, "published_at"),
        ({"text": "x", "published_at": 20250314}, "published_at"),
        ({"text": "x", "url": "javascript:alert(1)"}, "url"),
        ({"text": "x", "language": "not a tag"}, "language"),
        ({"text": "x", "publisher": "y"}, "publisher"),
    ],
)
def test_a_bad_document_field_is_named(reader: Any, body: object, field: str) -> None:
    response = reader.post("/v1/documents", json=body)
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == field


def test_a_blank_text_is_refused_at_once(reader: Any) -> None:
    response = reader.post("/v1/documents", json={"text": " \n ", "title": "Blank"})
    assert response.status_code == 422
    assert response.json()["code"] == "invalid_document"


@pytest.mark.parametrize(
    ("files", "data", "field"),
    [
        ([], {"title": "x"}, "file"),
        ([("file", ("a.txt", FERRY))] * 2, {"title": "x"}, "title"),
        ([("file", ("a.txt", FERRY))], {"publisher": "x"}, "publisher"),
    ],
)
def test_a_bad_form_field_is_named(
    reader: Any, files: Any, data: dict[str, str], field: str
) -> None:
    forced = files or [("x", (None, b"y"))]
    response = reader.post("/v1/documents", files=forced, data=data)
    assert response.status_code == 422
    assert field in [error["field"] for error in response.json()["errors"]]


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("text/plain", b"x", 415),
        ("multipart/form-data", b"x", 400),
        ("multipart/form-data; boundary=b", b"rubbish", 400),
        ("multipart/form-data; boundary=b", b"--b\r\nrubbish", 422),
        ("application/json", b"{", 400),
        ("application/json", b'{"text": "\xff"}', 400),
    ],
)
def test_an_unreadable_document_body_is_a_problem(
    reader: Any, content_type: str, body: bytes, status: int
) -> None:
    response = reader.post("/v1/documents", content=body, headers={"content-type": content_type})
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


def test_lists_are_paged(client: Any, finished_job: FinishedJob) -> None:
    for number in range(3):
        body = {"id": f"d{number}", "text": f"The mill number {number} closed in 198{number}."}
        finished_job(client, client.post("/v1/documents", json=body))
    for path in ("/v1/documents", "/v1/jobs"):
        page = client.get(path, params={"offset": 1, "limit": 1}).json()
        assert (page["total"], page["offset"], page["limit"], len(page["items"])) == (3, 1, 1, 1)
        assert client.get(path, params={"offset": 9}).json()["items"] == []


def test_no_path_of_the_machine_is_told(reader: Any, sample_services: Services) -> None:
    origins = [s.origin for s in sample_services.library.documents().items]
    assert any(origins)
    shown = reader.get("/v1/documents").text
    shown += reader.get(f"/v1/documents/{sample_services.library.documents().items[0].id}").text
    assert not any(origin in shown for origin in origins if origin)


@pytest.mark.parametrize("path", ["/v1/documents/none", "/v1/jobs/none"])
def test_unknown_ids_are_404(reader: Any, path: str) -> None:
    assert reader.get(path).json()["code"] == "not_found"


@pytest.mark.parametrize(("revision", "status"), [("0" * 64, 404), ("xyz", 422), ("", 422)])
def test_unknown_revisions_are_told_apart_from_malformed_ones(
    reader: Any, revision: str, status: int
) -> None:
    some = reader.get("/v1/documents").json()["items"][0]["id"]
    response = reader.get(f"/v1/documents/{some}", params={"revision": revision})
    assert response.status_code == status


def test_nothing_stays_in_the_spool(
    started: Callable[..., Any], finished_job: FinishedJob, services: Services
) -> None:
    with started() as client:
        finished_job(client, client.post("/v1/documents", json=BRIDGE))
        finished_job(client, client.post("/v1/documents", files={"file": ("a.txt", FERRY)}))
        client.post("/v1/documents", files=[("file", ("a.txt", FERRY))], data={"wrong": "x"})
    assert list((services.settings.data_dir / "incoming").iterdir()) == []
