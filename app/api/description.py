"""What the API says about itself in ``/openapi.json`` beside what its routes say."""

from typing import Any

from fastapi import FastAPI

from app.api import problems
from app.api.access import HEALTH_PATHS
from app.settings import Limits

DESCRIPTION = """\
Send documents, ask questions, get answers in which every sentence is backed by an exact quote.

A citation carries the sha-256 of the text it stands in and two offsets, in Unicode code points, and
`text[start:end]` is the quote: read the text at `GET /v1/documents/{id}?revision=…` and check.

Errors are problem details (RFC 9457, `application/problem+json`) with a stable `code`.
"""

TAGS: list[dict[str, Any]] = [
    {"name": "Questions", "description": "Ask, or search without an answer."},
    {"name": "OpenAI-compatible", "description": "The same answers, for OpenAI's clients."},
    {"name": "Documents", "description": "What questions are answered from."},
    {"name": "Jobs", "description": "How far the indexing of documents has come."},
    {"name": "Widget", "description": "What pages with the embedded chat use."},
    {"name": "Keys", "description": "The secrets of the service, for whoever holds its key."},
    {"name": "Feedback", "description": "Readers' ratings of answers."},
    {"name": "Health", "description": "For load balancers and supervisors. Needs no key."},
]


def describe(app: FastAPI, *, wants_key: bool, limits: Limits) -> None:
    """Add the error codes, the key and the settings' limits to the OpenAPI document."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = generate()
            document["x-error-codes"] = problems.catalogue()
            _add_problem_schemas(document)
            _add_limits(document["components"]["schemas"], limits)
            _drop_default_validation_error(document)
            if wants_key:
                schemes = document.setdefault("components", {}).setdefault("securitySchemes", {})
                schemes["key"] = {"type": "http", "scheme": "bearer"}
                document["security"] = [{"key": []}]
                for path in HEALTH_PATHS:
                    document["paths"][path]["get"]["security"] = []
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # the documented way to extend it


def _add_limits(schemas: dict[str, Any], limits: Limits) -> None:
    for name in ("AskBody", "SearchBody"):
        schemas[name]["properties"]["question"]["maxLength"] = limits.question_characters
    schemas["AskBody"]["properties"]["history"]["maxItems"] = limits.history_turns


def _add_problem_schemas(document: dict[str, Any]) -> None:
    schema = problems.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    nested = schema.pop("$defs", {})
    document["components"]["schemas"] |= {**nested, "Problem": schema}


def _drop_default_validation_error(document: dict[str, Any]) -> None:
    """Take out the framework's own 422: ours is problem details, as every error."""
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)
