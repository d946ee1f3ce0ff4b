"""Errors in the form that clients of OpenAI's API read, for the paths that speak it.

https://platform.openai.com/docs/guides/error-codes. Knows problem details, which say the same.
"""

from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

if TYPE_CHECKING:
    from app.api.problems import Problem

CHAT = "/v1/chat/completions"
MODELS = "/v1/models"
_KEY_REFUSED = "invalid_api_key"


class OpenAIErrorDetail(BaseModel):
    """What is wrong."""

    message: str = Field(description="What is wrong and what to do.")
    type: str = Field(description="`invalid_request_error`, `rate_limit_error`, `server_error` …")
    param: str | None = Field(description="The parameter that is wrong, where one is.")
    code: str = Field(description="A stable name of the kind; `invalid_api_key` for a wrong key.")


class OpenAIError(BaseModel):
    """The form of every error of the OpenAI-compatible paths."""

    error: OpenAIErrorDetail


RESPONSE = {"model": OpenAIError, "description": "An error in OpenAI's form"}


def speaks(path: str) -> bool:
    """Tell whether clients of OpenAI's API send requests to this path."""
    return path in (CHAT, MODELS) or path.startswith(f"{MODELS}/")


def status_of(problem: "Problem") -> int:
    """Return the HTTP status; OpenAI has no 422."""
    return 400 if problem.status == 422 else problem.status


def of(problem: "Problem") -> OpenAIError:
    """Return a problem as OpenAI would say it."""
    parameter = problem.errors[0].field if problem.errors else None
    detail = OpenAIErrorDetail(
        message=problem.detail,
        type=_type(problem.status),
        param=parameter,
        code=_KEY_REFUSED if problem.status == 401 else problem.code,
    )
    return OpenAIError(error=detail)


def _type(status: int) -> str:
    match status:
        case 401:
            return "authentication_error"
        case 403:
            return "permission_error"
        case 429:
            return "rate_limit_error"
    return "server_error" if status >= 500 else "invalid_request_error"
