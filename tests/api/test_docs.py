import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from app.answer.model import Answer
from app.api import problems
from app.api.models import AskBody, DocumentBody

GUIDE = Path(__file__).parents[2] / "docs" / "http.md"


@pytest.fixture
def description(reader: Any) -> Any:
    return reader.get("/openapi.json").json()


def operations(description: Any) -> list[tuple[str, str, Any]]:
    return [
        (method, path, operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_operation_says_what_it_does(description: Any) -> None:
    assert len(operations(description)) >= 15
    for method, path, operation in operations(description):
        assert operation["summary"], (method, path)
        assert operation["description"], (method, path)
        assert operation["tags"], (method, path)
        assert "422" not in operation["responses"]
        content = operation["responses"]["default"]["content"]
        media_type, schema = ("application/problem+json", "Problem")
        if "OpenAI-compatible" in operation["tags"]:
            media_type, schema = ("application/json", "OpenAIError")
        assert content[media_type]["schema"]["$ref"].endswith(f"/{schema}")


def test_every_reference_leads_somewhere(description: Any) -> None:
    for reference in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(description)):
        target = description
        for name in reference.split("/"):
            target = target[name]


def test_examples_are_good_requests(description: Any) -> None:
    body = description["paths"]["/v1/ask"]["post"]["requestBody"]["content"]["application/json"]
    for example in body["examples"].values():
        AskBody.model_validate(example["value"])
    body = description["paths"]["/v1/documents"]["post"]["requestBody"]["content"]
    DocumentBody.model_validate(body["application/json"]["example"])
    assert "file" in body["multipart/form-data"]["schema"]["properties"]


def test_ask_is_described_in_both_forms(description: Any) -> None:
    content = description["paths"]["/v1/ask"]["post"]["responses"]["200"]["content"]
    assert set(content) == {"application/json", "text/event-stream"}
    assert content["application/json"]["schema"]["$ref"].endswith(Answer.__name__)


def test_the_page_loads_nothing_from_elsewhere(reader: Any) -> None:
    page = reader.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    parts = re.findall(r'(?:src|href)="(/docs/[^"]+)"', page.text)
    assert sorted(parts) == ["/docs/docs.css", "/docs/docs.js"]
    for text in (page.text, *(reader.get(part).text for part in parts)):
        assert not re.search(r"https?://|//cdn|@import|url\(", text)
    for directive in page.headers["content-security-policy"].split(";"):
        assert set(directive.split()[1:]) <= {"'self'", "'none'", "data:"}


def test_the_script_sets_text_as_text_only() -> None:
    script = files("app.api").joinpath("page", "docs.js").read_text()
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", script)


def test_every_code_stands_in_the_guide() -> None:
    guide = GUIDE.read_text()
    table = set(re.findall(r"^\| `(\w+)` \| (\d+) \|", guide, re.MULTILINE))
    assert table == {(row["code"], str(row["status"])) for row in problems.catalogue()}


def test_every_operation_stands_in_the_guide(description: Any) -> None:
    guide = GUIDE.read_text()
    for method, path, _ in operations(description):
        assert f"`{method.upper()} {path}`" in guide
