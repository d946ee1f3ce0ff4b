import inspect
import json

import httpx
import pytest

from app.models import errors
from app.models.failures import LITELLM_EXCEPTIONS, translate
from index.errors import UnavailableError


def test_every_exception_of_litellm_is_known(provider: object) -> None:
    from litellm import exceptions

    theirs = {
        name
        for name, member in inspect.getmembers(exceptions, inspect.isclass)
        if issubclass(member, Exception) and member.__module__ == exceptions.__name__
    }
    assert theirs == LITELLM_EXCEPTIONS.keys()


def test_every_error_of_ours_can_be_met_and_told_apart() -> None:
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.ModelError)
    ]
    codes = [kind.code for kind in kinds]
    assert len(set(codes)) == len(codes)
    for kind in kinds:
        assert issubclass(kind, UnavailableError)
        assert kind().message.endswith(".")
        assert "Error" not in kind().message


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7), ("0.5", 0.5), ("Wed, 21 Oct 2015 07:28:00 GMT", 0), ("soon", None), ("-3", None)],
)
def test_retry_after_is_read_in_seconds_or_as_a_date(header: str, seconds: float | None) -> None:
    failure = translate(_status_error(429, {"retry-after": header}))
    assert type(failure) is errors.ModelRateLimitedError
    assert failure.retry_after == seconds


def test_what_lies_under_an_exception_counts_first() -> None:
    error = RuntimeError("something went wrong")
    error.__cause__ = json.JSONDecodeError("no value", "", 0)
    assert type(translate(error)) is errors.GarbledReplyError


def test_an_error_of_ours_stays_what_it_is() -> None:
    error = errors.CutOffError()
    assert translate(error) is error


def test_what_a_provider_said_is_kept_apart_from_the_message() -> None:
    failure = translate(_status_error(500, {}, "the disk is full"))
    assert "disk" in (failure.detail or "")
    assert "disk" not in str(failure)


def _status_error(status: int, headers: dict[str, str], said: str = "said") -> Exception:
    request = httpx.Request("POST", "http://127.0.0.1/")
    response = httpx.Response(status, headers=headers, request=request)
    return httpx.HTTPStatusError(said, request=request, response=response)
