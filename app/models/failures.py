"""What a failed call raised, as one of our errors.

Owns the table of litellm's exceptions, by name, so that this module works without litellm; a test
walks ``litellm.exceptions`` and fails on a class that the table does not know. litellm hides much
behind few classes (a broken connection, for one, is its ``InternalServerError``), so what lies
under an exception counts first: the HTTP status, then what the connection or the parser said.
"""

import email.utils
import json
import re
import time
from collections.abc import Iterable, Iterator, Mapping

import httpx

from app.models.errors import (
    ContentFilteredError,
    ContextTooLongError,
    CutOffError,
    GarbledReplyError,
    ModelError,
    ModelFailedError,
    ModelKeyError,
    ModelQuotaError,
    ModelRateLimitedError,
    ModelRequestError,
    ModelTimeoutError,
    ModelUnreachableError,
)
from app.models.redaction import scrub

LITELLM_EXCEPTIONS: Mapping[str, type[ModelError]] = {
    "APIConnectionError": ModelUnreachableError,
    "APIError": ModelFailedError,
    "APIResponseValidationError": GarbledReplyError,
    "AuthenticationError": ModelKeyError,
    "BadGatewayError": ModelFailedError,
    "BadRequestError": ModelRequestError,
    "BlockedPiiEntityError": ContentFilteredError,
    "BudgetExceededError": ModelQuotaError,
    "ContentPolicyViolationError": ContentFilteredError,
    "ContextWindowExceededError": ContextTooLongError,
    "GuardrailRaisedException": ContentFilteredError,
    "ImageFetchError": ModelRequestError,
    "InternalServerError": ModelFailedError,
    "InvalidRequestError": ModelRequestError,
    "JSONSchemaValidationError": GarbledReplyError,
    "LiteLLMUnknownProvider": ModelRequestError,
    "MidStreamFallbackError": CutOffError,
    "MockException": ModelFailedError,
    "ModelNotMappedError": ModelRequestError,
    "ModifyResponseException": ContentFilteredError,
    "NotFoundError": ModelRequestError,
    "OpenAIError": ModelFailedError,
    "PaymentRequiredError": ModelQuotaError,
    "PermissionDeniedError": ModelKeyError,
    "RateLimitError": ModelRateLimitedError,
    "RejectedRequestError": ContentFilteredError,
    "SensitiveDataRouteException": ContentFilteredError,
    "ServiceUnavailableError": ModelFailedError,
    "Timeout": ModelTimeoutError,
    "UnprocessableEntityError": ModelRequestError,
    "UnsupportedParamsError": ModelRequestError,
    "VectorStoreSearchError": ModelRequestError,
}
"""Every exception class of ``litellm.exceptions``, by name."""

_STATUSES: Mapping[int, type[ModelError]] = {
    401: ModelKeyError,
    402: ModelQuotaError,
    403: ModelKeyError,
    408: ModelTimeoutError,
    413: ContextTooLongError,
    429: ModelRateLimitedError,
    504: ModelTimeoutError,
}
_CERTAIN = (ContextTooLongError, ContentFilteredError, ModelQuotaError)
_SAID: tuple[tuple[type[ModelError], tuple[str, ...]], ...] = (
    (
        ContextTooLongError,
        (
            "context_length_exceeded",
            "exceed_context_size",
            "maximum context length",
            "context length exceeded",
            "context window",
            "prompt is too long",
            "input is too long",
        ),
    ),
    (ModelQuotaError, ("insufficient_quota", "billing_hard_limit", "credit balance is too low")),
    (ContentFilteredError, ("content_policy_violation", "content_filter", "content management")),
)
"""Words of providers that litellm overlooks in some places; it reads messages but not codes."""
_VAGUE = (ModelRequestError, ModelRateLimitedError, ModelFailedError, ModelUnreachableError)


def translate(error: BaseException, secrets: Iterable[str] = ()) -> ModelError:
    """Return ``error`` as one of ours. Raise the result outside of the ``except`` block.

    Raised inside, the provider's own exception, which may hold the key, would go along as context.
    """
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ModelError):
            return cause
    named = _by_name(causes)
    kind = named if named and issubclass(named, _CERTAIN) else _by_evidence(causes) or named
    if kind in _VAGUE:
        kind = _by_words(causes) or kind
    return (kind or ModelFailedError)(
        detail=scrub(f"{type(error).__name__}: {error}", secrets),
        retry_after=_retry_after(causes),
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and what it was raised from, each once, nearest first."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        cause = waiting.pop(0)
        if isinstance(cause, BaseException) and id(cause) not in seen:
            seen.add(id(cause))
            yield cause
            original = getattr(cause, "original_exception", None)
            waiting += [original, cause.__cause__, cause.__context__]


def _by_name(causes: Iterable[BaseException]) -> type[ModelError] | None:
    """Return the kind of the nearest litellm exception that says more than "cut off"."""
    kinds = [
        kind
        for cause in causes
        for base in type(cause).__mro__
        if base.__module__ == "litellm.exceptions"
        and (kind := LITELLM_EXCEPTIONS.get(base.__name__))
    ]
    return next((kind for kind in kinds if kind is not CutOffError), kinds[0] if kinds else None)


def _by_evidence(causes: list[BaseException]) -> type[ModelError] | None:
    for response in _responses(causes):
        status = response.status_code
        if status >= 400:
            kind = ModelFailedError if status >= 500 else ModelRequestError
            return _STATUSES.get(status, kind)
    for cause in causes:
        if isinstance(cause, json.JSONDecodeError | UnicodeDecodeError):
            return GarbledReplyError
        if isinstance(cause, TimeoutError | httpx.TimeoutException):
            return ModelTimeoutError
    if any(isinstance(cause, httpx.TransportError | ConnectionError) for cause in causes):
        return ModelUnreachableError
    return None


def _responses(causes: Iterable[BaseException]) -> Iterator[httpx.Response]:
    """Yield the responses that came over the network; litellm's exceptions carry made-up ones."""
    for cause in causes:
        if isinstance(cause, httpx.HTTPStatusError):
            yield cause.response


def _by_words(causes: Iterable[BaseException]) -> type[ModelError] | None:
    said = " ".join(f"{getattr(c, 'code', '')} {str(c)[:500]}" for c in causes).lower()
    return next((kind for kind, words in _SAID if any(word in said for word in words)), None)


def _retry_after(causes: Iterable[BaseException]) -> float | None:
    """Return the seconds of a ``Retry-After`` header (RFC 9110, 10.2.3), never negative."""
    for response in _responses(causes):
        value = response.headers.get("retry-after", "").strip()
        if re.fullmatch(r"\d+(\.\d+)?", value):
            return float(value)
        if moment := email.utils.parsedate_tz(value):
            return max(0.0, email.utils.mktime_tz(moment) - time.time())
    return None
