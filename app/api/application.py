"""Puts the HTTP application together: layers, routers, error handlers, background work.

Everything it needs comes in as ``Services``; it opens nothing itself and reads no setting from
anywhere else.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import anyio
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from app.api import exposure, problems
from app.api.dependencies import Context, run
from app.api.description import DESCRIPTION, TAGS, describe
from app.api.middleware.auth import KeyMiddleware
from app.api.middleware.body_limit import BodyLimitMiddleware
from app.api.middleware.context import RequestContextMiddleware
from app.api.middleware.hosts import HostMiddleware
from app.api.middleware.widget import WidgetMiddleware
from app.api.routes import (
    ask,
    docs,
    documents,
    feedback,
    health,
    jobs,
    keys,
    openai,
    pages,
    syncs,
    widget,
)
from app.examples import ExampleQuestions
from app.jobs.opening import Opener
from app.jobs.runner import JobRunner
from app.local_access import LocalAccess
from app.quoted import GivenQuotes
from app.sessions import Rate, Sessions
from app.settings import Settings
from app.spool import FOLDER, Spool
from index.errors import FootnoteError

if TYPE_CHECKING:
    from app.services import Services


def create_app(services: "Services") -> FastAPI:
    """Return the application over open services. Closing them stays with the caller.

    While it runs (ASGI lifespan) it keeps one thread that indexes documents.
    """
    settings = services.settings
    spool = Spool(settings.data_dir / FOLDER)
    context = Context(
        services=services,
        jobs=JobRunner(
            services.library,
            Opener.of(services, spool),
            spool,
            most_waiting=settings.limits.queued_documents,
        ),
        spool=spool,
        local_access=LocalAccess(settings.data_dir),
        questions=anyio.CapacityLimiter(settings.limits.concurrent_questions),
        sessions=Sessions(
            services.library.secret(keys.WIDGET), seconds=settings.widget.session_seconds
        ),
        session_rate=Rate(settings.widget.sessions_per_minute),
        quoted=GivenQuotes(),
        examples=ExampleQuestions(services.library, services.chain),
    )
    app = FastAPI(
        title="Footnote",
        summary="Ask your documents; every sentence of the answer carries a checked quote.",
        description=DESCRIPTION,
        version=_version(),
        openapi_tags=TAGS,
        docs_url=None,  # docs.router serves a page that needs no network
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
        generate_unique_id_function=lambda route: route.name,
        lifespan=partial(_lifespan, context),
        middleware=_layers(settings, context.sessions),
        exception_handlers={
            FootnoteError: problems.handle,
            HTTPException: problems.handle,
            RequestValidationError: problems.handle,
        },
        responses={"default": problems.RESPONSE},
    )
    app.state.context = context
    for module in (
        ask,
        openai,
        documents,
        syncs,
        jobs,
        feedback,
        widget,
        keys,
        health,
        docs,
        pages,
    ):
        app.include_router(module.router)
    describe(app, wants_key=exposure.key_of(settings) is not None)
    return app


def _layers(settings: Settings, sessions: Sessions) -> list[Middleware]:
    """Return the layers around the routes, the outermost first."""
    return [
        Middleware(RequestContextMiddleware),
        Middleware(WidgetMiddleware, settings=settings.widget, sessions=sessions),
        Middleware(HostMiddleware, settings=settings),
        Middleware(KeyMiddleware, key=exposure.key_of(settings)),
        Middleware(BodyLimitMiddleware, limits=settings.limits),
    ]


@asynccontextmanager
async def _lifespan(context: Context, app: FastAPI) -> AsyncIterator[None]:
    await run(context.local_access.open)
    await run(context.jobs.start)
    try:
        yield
    finally:
        await run(context.local_access.close)
        await run(context.jobs.stop)
        await context.services.chain.aclose()


def _version() -> str:
    try:
        return version("footnote")
    except PackageNotFoundError:  # a checkout that was never installed
        return "0"
