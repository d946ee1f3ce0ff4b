"""Take secrets out of what a provider said, so that it may be logged."""

import re
from collections.abc import Iterable

from app.plain import plain

HIDDEN = "[hidden]"
LONGEST = 300
_MARKED = re.compile(
    r"""(?ix)
    ((?:api[-_ ]?key|token|secret|password|authorization)["']?\s*[:=]\s*["']?
        (?:bearer\s+|basic\s+)?
    | \bbearer\s+ | \bbasic\s+)
    [^\s"',;&]+
    """
)
_KEY_LIKE = re.compile(r"\b(?:sk|pk|rk|key|gsk|xai|hf|AIza|ghp)[-_][\w-]{6,}|\bAIza[\w-]{20,}")
_CREDENTIALS = re.compile(r"(?<=://)[^/\s@]+@")
_QUERY = re.compile(r"(https?://[^\s?#]+)\?[^\s]*")


def scrub(text: str, secrets: Iterable[str] = ()) -> str:
    """Return ``text`` as one short line without the given secrets and all that looks like one."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, HIDDEN)
    text = _CREDENTIALS.sub(f"{HIDDEN}@", text)
    text = _QUERY.sub(rf"\1?{HIDDEN}", text)
    text = _MARKED.sub(rf"\1{HIDDEN}", text)
    text = plain(" ".join(_KEY_LIKE.sub(HIDDEN, text).split()))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
