"""Who asks, and what that opens: the one place where access is decided.

The layers in front read what a request carries and put its ``Caller`` into the request's state;
routes and layers ask the rules here. Knows paths and kinds of callers; reads no header, no store.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from starlette.types import Scope

from index.errors import FootnoteError

if TYPE_CHECKING:
    from app.api.models import SearchBody
    from app.sessions import Purpose
    from app.settings import Settings

Kind: TypeAlias = Literal["nobody", "anyone", "session", "key"]
"""``nobody`` brought no credentials where a key is set; ``anyone`` asks where none is; ``session``
is a page with the embedded chat; ``key`` holds the key."""

SESSION_PATH = "/v1/widget/session"
WITH_SESSION = frozenset({("POST", "/v1/ask"), ("POST", "/v1/feedback"), ("GET", "/v1/examples")})
"""What a session opens; documents and jobs are none of its business."""
HEALTH_PATHS = frozenset({"/healthz", "/readyz"})
READ_METHODS = frozenset({"GET", "HEAD"})
_CALLER = "caller"


class NotAllowedError(FootnoteError):
    """The caller is known, and may not do this."""

    code = "not_allowed"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request. ``id`` tells callers of one kind apart, for limits and logs."""

    kind: Kind
    id: str = ""
    origin: str | None = None


NOBODY = Caller("nobody")
ANYONE = Caller("anyone")
HOLDER = Caller("key", "FOOTNOTE_API_KEY")


def caller_of(scope: Scope) -> Caller:
    """Return who sent a request, as the layers in front found it."""
    caller: Caller = scope.get("state", {}).get(_CALLER, NOBODY)
    return caller


def identify(scope: Scope, caller: Caller) -> None:
    """Record who sent a request."""
    # A copy: the server shares one state among all requests.
    scope["state"] = {**scope.get("state", {}), _CALLER: caller}


def needs_no_key(scope: Scope) -> bool:
    """Tell whether a request needs neither the key nor to come from one of our own pages."""
    method, path = scope["method"], scope["path"]
    if path == SESSION_PATH:
        return bool(method == "POST")  # its route looks at the origin
    if (method, path) in WITH_SESSION:
        return caller_of(scope).kind == "session"
    return method in READ_METHODS and is_page(path)


def is_page(path: str) -> bool:
    """Tell whether a path is a page or a part of one; document pages check access themselves."""
    return path in ("/", "/widget.js") or path.startswith(("/widget/", "/pages/", "/documents/"))


def check_search(caller: Caller, body: "SearchBody") -> None:
    """Keep a session to what its pages are for: a question, over what the service chooses.

    Raises:
        NotAllowedError: a session names filters or the number of passages.
    """
    if caller.kind != "session":
        return
    chosen = [name for name in ("top_k", "filters") if name in body.model_fields_set]
    if chosen:
        raise NotAllowedError(
            f"A session of the chat cannot set {' and '.join(chosen)}. Leave it out, or ask with "
            "the key."
        )


def pages_of(caller: Caller, settings: "Settings", *, has_key: bool) -> "Purpose | None":
    """Return what a new session may read on document pages; None where all are open anyway."""
    if not has_key:
        return None
    return "pages" if caller.kind == "key" or settings.widget.whole_documents else "quotes"
