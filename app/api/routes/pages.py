"""The pages for people: the home page, and the page that a citation opens.

Rendered here and readable without scripts. Where a key is set, a document page wants the access
that a widget session carries: once in the link, then in a cookie for document pages only. Most
sessions read there what an answer quoted, and a little around it.
"""

import datetime as dt
from collections.abc import Sequence
from functools import cache, partial
from importlib.resources import files
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from jinja2 import Environment, FunctionLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app import marking, quoted
from app.api import exposure
from app.api.dependencies import Context, InContext, run
from app.api.routes.widget import asset, script
from app.plain import plain
from app.sessions import Purpose
from index.errors import NotFoundError

router = APIRouter(include_in_schema=False)

ACCESS = "access"
COOKIE = "footnote_pages"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_MOST_MARKS = 50
_STYLE = "text/css; charset=utf-8"


@router.get("/")
async def home() -> Response:
    """Return the home page; its parts come over the API."""
    return _page("home.html", 200)


@router.get("/pages/{name}")
async def part(request: Request, name: str) -> Response:
    """Return a page's style or script."""
    if name.endswith(".css"):
        return asset(request, "pages", name, ".css", _STYLE)
    return script(request, "pages", name)


@router.get("/documents/{document_id}")
async def document(
    context: InContext,
    request: Request,
    document_id: str,
    revision: Annotated[str | None, Query()] = None,
    start: Annotated[str, Query()] = "",
    end: Annotated[str, Query()] = "",
    short: Annotated[str, Query()] = "",
    mark: Annotated[Sequence[str], Query()] = (),
) -> Response:
    """Return the page of a document, with the cited passage marked, and the short answer in it."""
    quote, answer = _span(start, end), _range(short)
    others = [span for item in mark[:_MOST_MARKS] if (span := _range(item))]
    if exposure.key_of(context.services.settings) is not None:
        token = request.query_params.get(ACCESS)
        if token is not None and _purpose(context, token):
            return _with_cookie(context, request, token)
        purpose = _purpose(context, request.cookies.get(COOKIE, ""))
        if purpose is None:
            return _page("problem.html", 401, kind="access", document_id=document_id)
        if purpose == "quotes":
            return await run(
                partial(_excerpt, context, document_id, revision or "", quote, others, answer)
            )
    render = partial(_render, context, document_id, revision, quote, others, answer)
    return await run(render)


def _purpose(context: Context, token: str) -> Purpose | None:
    """Return what a token opens on document pages: all of them, or quotes that were given."""
    wanted: tuple[Purpose, ...] = ("pages", "quotes")
    return next((each for each in wanted if context.sessions.read(token, each)), None)


def _with_cookie(context: Context, request: Request, token: str) -> Response:
    """Send the browser to the same page without the token, which then stands in no history."""
    rest = [(name, value) for name, value in request.query_params.multi_items() if name != ACCESS]
    path = request.url.path + (f"?{urlencode(rest)}" if rest else "")
    response = RedirectResponse(path, 303)
    response.set_cookie(
        COOKIE,
        token,
        max_age=context.sessions.seconds,
        path="/documents",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return response


def _render(
    context: Context,
    document_id: str,
    sha: str | None,
    quote: marking.Span | None,
    others: Sequence[marking.Span],
    short: marking.Span | None,
) -> Response:
    library = context.services.library
    try:
        current = library.revision(document_id)
    except NotFoundError:
        return _page("problem.html", 404, kind="document", document_id=document_id)
    try:
        shown = library.revision(document_id, sha) if sha else current
    except NotFoundError:
        return _page("problem.html", 404, kind="revision", document_id=document_id)
    length = len(shown.text)
    marked = marking.valid([quote] if quote else [], length)
    short = marking.within(short, marked[0] if marked else None)
    return _page(
        "document.html",
        200,
        document=shown,
        current=current,
        revisions=library.revisions(document_id),
        copies=[library.summary(other) for other in library.copies_of(document_id)],
        blocks=marking.blocks(
            shown.text,
            marked[0] if marked else None,
            marking.valid(others, length),
            shown.pages if len(shown.pages) > 1 else (),
            short,
        ),
        is_marked=bool(marked),
        has_short=short is not None,
        is_lost=quote is not None and not marked,
        others=len(others),
    )


def _excerpt(
    context: Context,
    document_id: str,
    sha: str,
    quote: marking.Span | None,
    others: Sequence[marking.Span],
    short: marking.Span | None,
) -> Response:
    """Return a page with a quote that a reader was given and a few sentences around it."""
    given = partial(context.asking.quoted.has, document_id, sha)
    if quote is None or not given(quote):
        return _page("problem.html", 403, kind="excerpt", document_id=document_id)
    try:
        shown = context.services.library.revision(document_id, sha)
    except NotFoundError:
        return _page("problem.html", 404, kind="document", document_id=document_id)
    start, end = quoted.around(shown.text, quote)
    short = marking.within(short, quote)
    marks = [(max(a, start) - start, min(b, end) - start) for a, b in filter(given, others)]
    return _page(
        "excerpt.html",
        200,
        document=shown,
        blocks=marking.blocks(
            shown.text[start:end],
            (quote[0] - start, quote[1] - start),
            marking.valid(marks, end - start),
            short=(short[0] - start, short[1] - start) if short else None,
        ),
        page=sum(1 for first in shown.pages if first <= quote[0]) if len(shown.pages) > 1 else 0,
        others=len(marks),
    )


def _range(text: str) -> marking.Span | None:
    """Read two offsets with a hyphen between them."""
    return _span(*text.partition("-")[::2])


def _span(start: str, end: str) -> marking.Span | None:
    if start.isdecimal() and end.isdecimal() and len(start) < 12 and len(end) < 12:
        return int(start), int(end)
    return None


def _page(name: str, status: int, **values: Any) -> Response:
    content = _templates().get_template(name).render(values)
    return Response(
        content,
        status,
        media_type="text/html; charset=utf-8",
        headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"},
    )


@cache
def _templates() -> Environment:
    folder = files("app").joinpath("pages")
    environment = Environment(
        loader=FunctionLoader(lambda name: folder.joinpath(name).read_text("utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["day"] = _day
    environment.filters["plain"] = plain
    return environment


def _day(value: dt.date | dt.datetime) -> str:
    """Return a day as people write it: 27 September 2024."""
    return f"{value.day} {value:%B %Y}"
