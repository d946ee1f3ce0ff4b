"""The embedded chat: its files, its sessions, and example questions."""

import gzip
import hashlib
import logging
from functools import cache, partial
from importlib.resources import files
from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.api import access, exposure
from app.api.access import SESSION_PATH
from app.api.dependencies import InContext, run
from app.api.middleware.rates import address_of, too_many
from app.api.middleware.widget import is_own
from app.api.widget_models import Examples, WidgetSession
from app.rates import block_of
from app.settings import Settings

LOG = logging.getLogger("footnote.api")
router = APIRouter()
_SCRIPT = "text/javascript; charset=utf-8"
_SMALLEST_PACKED = 500
_LIST = "FOOTNOTE_WIDGET__ORIGINS"


@router.post(
    SESSION_PATH,
    summary="Open a widget session",
    tags=["Widget"],
    response_model=WidgetSession,
)
async def open_session(context: InContext, request: Request) -> WidgetSession | Response:
    """Open a short session for the page that asks, if its origin may embed the chat.

    The token lets pages of that origin ask and rate, and nothing else; `pages` opens what answers
    cite, where a key is set. Browsers state the origin of a page; it cannot be set by its scripts.
    With a key set, pages of this host send it, unless their origin is listed.
    """
    origin = request.headers.get("origin", "")
    settings = context.services.settings
    if not settings.widget.enabled:
        raise HTTPException(403, "The widget is switched off here (FOOTNOTE_WIDGET__ENABLED).")
    caller = access.caller_of(request.scope)
    if not _may_embed(origin, request, settings, holds_key=caller.kind == "key"):
        LOG.warning("a page of %r asks for a widget session; it is not in %s", origin, _LIST)
        raise _refusal(origin, request, settings)
    name = block_of(address_of(request.scope))
    wait = await context.session_rate.wait(name)
    if wait:
        return too_many(request.scope, wait)  # type: ignore[return-value]  # a Response is an ASGI app
    pages = access.pages_of(caller, settings, has_key=exposure.key_of(settings) is not None)
    return WidgetSession(
        token=context.sessions.open(origin),
        pages=context.sessions.open(origin, pages) if pages else None,
        expires_in=context.sessions.seconds,
    )


def _may_embed(
    origin: str, request: Request, settings: Settings, *, holds_key: bool = False
) -> bool:
    """Tell whether an origin is on the list, or this service's own by a name known to be.

    A name that only the request claims may have been made to resolve here (DNS rebinding). With a
    key set, a name opens nothing: any program can claim it.
    """
    if exposure.key_of(settings) is not None:
        host = request.headers.get("host", "")
        return origin in settings.widget.origins or (holds_key and is_own(origin, host))
    host = request.headers.get("host", "")
    name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    known = {settings.host.strip("[]").lower(), *map(str.lower, settings.allowed_hosts)}
    is_known = name in known or "*" in known
    return origin in settings.widget.origins or (
        is_own(origin, host)
        and (is_known or exposure.is_loopback(name) or exposure.is_address(name))
    )


def _refusal(origin: str, request: Request, settings: Settings) -> HTTPException:
    if exposure.key_of(settings) is not None and is_own(origin, request.headers.get("host", "")):
        return HTTPException(
            401,
            "Asking takes the key here. On the home page enter it below; for pages without one the "
            f"operator can add this origin to {_LIST}, a JSON list.",
            headers={"WWW-Authenticate": 'Bearer realm="footnote"'},
        )
    return HTTPException(
        403,
        "Pages of this origin may not embed the chat. The operator can add it to "
        f"{_LIST}, a JSON list.",
    )


@router.get("/v1/examples", summary="Example questions", tags=["Widget"])
async def examples(context: InContext) -> Examples:
    """Return some questions that the documents answer. They are found without a model."""
    return Examples(questions=await run(partial(context.examples.questions)))


@router.get("/widget.js", include_in_schema=False)
async def entry(context: InContext, request: Request) -> Response:
    """Return the script that a page loads."""
    settings = context.services.settings
    origin = request.headers.get("origin")
    is_ours = is_own(origin or "", request.headers.get("host", ""))
    if origin and not is_ours and not _may_embed(origin, request, settings):
        LOG.warning("a page of %r loads the widget; it is not in %s", origin, _LIST)
    return script(request, "widget", "widget.js")


@router.get("/widget/{name}", include_in_schema=False)
async def module(request: Request, name: str) -> Response:
    """Return one of its modules."""
    return script(request, "widget", f"widget/{name}")


def script(request: Request, package: str, name: str) -> Response:
    """Return a script from package data, packed where the browser takes it."""
    return asset(request, package, name, ".js", _SCRIPT)


def asset(request: Request, package: str, name: str, suffix: str, media_type: str) -> Response:
    """Return a file from package data; 304 when the browser has it."""
    if not name.endswith(suffix) or name.startswith((".", "/")) or ".." in name:
        raise HTTPException(404)
    try:
        plain, packed, tag = _content(package, name)
    except FileNotFoundError:
        raise HTTPException(404) from None
    headers = {
        "Cache-Control": "no-cache",
        "ETag": tag,
        "Vary": "Accept-Encoding, Origin",
    }
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    content = plain
    if len(plain) > _SMALLEST_PACKED and "gzip" in request.headers.get("accept-encoding", ""):
        content = packed
        headers["Content-Encoding"] = "gzip"
    return Response(content, media_type=media_type, headers=headers)


@cache
def _content(package: str, name: str) -> tuple[bytes, bytes, str]:
    plain = files("app").joinpath(package, name).read_bytes()
    return plain, gzip.compress(plain, mtime=0), f'"{hashlib.sha256(plain).hexdigest()[:20]}"'
