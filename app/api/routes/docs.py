"""The page that shows the API description.

Served from package data: it loads nothing from elsewhere, and its security policy would not let it.
"""

from functools import cache
from importlib.resources import files

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

router = APIRouter(include_in_schema=False)

_TYPES = {
    "docs.html": "text/html; charset=utf-8",
    "docs.css": "text/css; charset=utf-8",
    "docs.js": "text/javascript; charset=utf-8",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@router.get("/docs")
async def page() -> Response:
    """Return the page."""
    return _file("docs.html")


@router.get("/docs/{name}")
async def part(name: str) -> Response:
    """Return the page's style or script."""
    if name not in _TYPES:
        raise HTTPException(404)
    return _file(name)


def _file(name: str) -> Response:
    return Response(
        _content(name),
        media_type=_TYPES[name],
        headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"},
    )


@cache
def _content(name: str) -> bytes:
    return files("app.api").joinpath("page", name).read_bytes()
