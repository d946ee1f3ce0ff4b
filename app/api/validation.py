"""What pydantic finds wrong with a request, said so that the sender knows what to change.

Knows pydantic's error types; knows neither statuses nor routes. Input is never echoed.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, Field

_PLACES = ("body", "query", "path", "header")


class FieldError(BaseModel):
    """One field that cannot be used."""

    field: str = Field(description="The field's name; dots and indexes lead into nested values.")
    location: str = Field(description="Where the field is: body, query, path or header.")
    message: str = Field(description="What is wrong and what to do.")


def field_errors(errors: Sequence[Mapping[str, Any]]) -> list[FieldError]:
    """Return pydantic's errors by field."""
    return [_field_error(error) for error in errors]


def is_unreadable_json(errors: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether the body could not even be parsed."""
    return len(errors) == 1 and errors[0]["type"] == "json_invalid"


def where_json_breaks(error: Mapping[str, Any]) -> str:
    """Return what makes the body unreadable, and where."""
    reason = error.get("ctx", {}).get("error", "it cannot be parsed")
    position = error["loc"][-1] if isinstance(error["loc"][-1], int) else None
    where = "" if position is None else f" at character {position}"
    return f"The body is not valid JSON{where}: {reason}. Send one JSON object, in UTF-8."


def too_long(field: str, length: int, limit: int, what: str = "characters") -> dict[str, Any]:
    """Return an error of pydantic's form for a limit that only the settings know."""
    return {
        "type": "over_limit",
        "loc": ("body", *field.split(".")),
        "msg": "",
        "ctx": {"length": length, "limit": limit, "what": what},
    }


def unusable(field: str, message: str) -> dict[str, Any]:
    """Return an error of pydantic's form with a message of ours."""
    return {"type": "unusable", "loc": ("body", *field.split(".")), "msg": message}


def whole_characters(value: str) -> str:
    """Return text that every part of the service can hold, or raise ValueError."""
    if "\x00" in value:
        raise ValueError("holds a NUL character; leave it out")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("holds half of a character (a lone surrogate); leave it out") from None
    return value


def _field_error(error: Mapping[str, Any]) -> FieldError:
    location, *path = error["loc"] if error["loc"] else ("body",)
    if location not in _PLACES:
        location, path = "body", [location, *path]
    name = ".".join(str(part) for part in path) or str(location)
    return FieldError(field=name, location=str(location), message=_message(error))


def _message(error: Mapping[str, Any]) -> str:
    context = error.get("ctx") or {}
    match error["type"]:
        case "missing":
            return "is required; add it"
        case "extra_forbidden":
            return "is not a field here; leave it out or check its spelling"
        case "unusable":
            return str(error["msg"])
        case "over_limit":
            length, limit, what = context["length"], context["limit"], context["what"]
            return f"has {length:,} {what}; at most {limit:,} are accepted"
        case "string_too_long":
            return f"is too long; at most {context['max_length']} characters are accepted"
        case "string_too_short":
            return "is empty; give it a value or leave it out"
        case "too_long":
            return f"has too many items; at most {context['max_length']} are accepted"
        case "model_attributes_type" | "model_type" | "dict_type":
            return "must be a JSON object"
        case "value_error":
            return str(context.get("error", "cannot be used")).rstrip(".")
        case kind if kind.startswith(("date", "datetime")):
            return "must be a date such as 2025-09-30"
    message = str(error["msg"]).replace("Input should be", "must be")
    return message[:1].lower() + message[1:]
