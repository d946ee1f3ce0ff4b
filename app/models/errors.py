"""What can go wrong between us and a model, and whether trying again can help.

ModelError                      a model did not give a usable answer
├── ModelTimeoutError           too late
├── ModelUnreachableError       no connection, or one that broke before the first word
├── ModelFailedError            the provider had a fault of its own (5xx)
├── ModelRateLimitedError       too many requests; ``retry_after`` says when to come back
├── ModelQuotaError             nothing left to spend
├── ModelKeyError               the key is missing, wrong, or not allowed to do this
├── ModelRequestError           the model does not exist or does not take our request
├── ContextTooLongError         question and passages together are too long: send fewer
├── ContentFilteredError        the provider withheld the answer
├── EmptyReplyError             an answer without text
├── GarbledReplyError           an answer that is not in the protocol
└── CutOffError                 the answer stopped before its end
    └── LengthLimitError        because it reached its length limit: it would again

Messages are ours alone: nothing that a provider wrote, no key and no address is in them.
``detail`` is for logs and ``footnote doctor``: what the provider said, with secrets taken out.
"""

from index.errors import InvalidInputError, UnavailableError


class ModelSettingsError(InvalidInputError):
    """The settings name a model that cannot be opened."""

    code = "invalid_model_settings"


class ModelError(UnavailableError):
    """A model did not give a usable answer.

    Args:
        message: what to tell the reader; by default the class's own words.
        detail: what the provider said, without secrets, in one line.
        retry_after: seconds the provider asks us to wait.
    """

    code = "model_unavailable"
    retryable = False
    words = "The language model is not available."

    def __init__(
        self,
        message: str | None = None,
        *,
        detail: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message or self.words)
        self.detail = detail
        self.retry_after = retry_after


class ModelTimeoutError(ModelError):
    """The model took longer than it may."""

    code = "model_timeout"
    retryable = True
    words = "The language model did not answer in time. Ask again, or allow it more time."


class ModelUnreachableError(ModelError):
    """No connection to the model's provider."""

    code = "model_unreachable"
    retryable = True
    words = "The language model cannot be reached. Check that its server runs, then ask again."


class ModelFailedError(ModelError):
    """The provider had a fault of its own."""

    code = "model_failed"
    retryable = True
    words = "The language model's provider reports a fault of its own. Ask again in a moment."


class ModelRateLimitedError(ModelError):
    """The provider takes no more requests for now."""

    code = "model_rate_limited"
    retryable = True
    words = "The language model has too many requests right now. Ask again in a moment."


class ModelQuotaError(ModelError):
    """The provider's account has nothing left to spend."""

    code = "model_quota_exceeded"
    words = "The account of the language model has used up its quota. Its owner must renew it."


class ModelKeyError(ModelError):
    """The provider does not accept the key."""

    code = "model_key_refused"
    words = "The language model's provider does not accept the key. Its owner must check it."


class ModelRequestError(ModelError):
    """The provider does not know the model or does not take the request."""

    code = "model_request_refused"
    words = "The language model does not accept the request. Check the model's name and options."


class ContextTooLongError(ModelError):
    """Question and passages together are longer than the model can read."""

    code = "model_context_too_long"
    words = "The question and its sources are too long for the language model."


class ContentFilteredError(ModelError):
    """The provider withheld the answer."""

    code = "model_content_filtered"
    words = "The language model's provider withheld the answer because of its content rules."


class EmptyReplyError(ModelError):
    """The model answered without text."""

    code = "model_empty_reply"
    retryable = True
    words = "The language model gave an empty answer. Ask again."


class GarbledReplyError(ModelError):
    """The provider's answer is not in the protocol."""

    code = "model_garbled_reply"
    retryable = True
    words = "The language model's answer could not be read. Ask again."


class CutOffError(ModelError):
    """The answer stopped before its end; what came before it was already handed on."""

    code = "model_cut_off"
    retryable = True
    words = "The language model's answer stopped before its end."


class LengthLimitError(CutOffError):
    """The answer reached the most tokens it may have."""

    code = "model_length_limit"
    retryable = False
    words = "The language model's answer reached its length limit before its end."
