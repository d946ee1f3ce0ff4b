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
from pydantic import SecretStr
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.api import exposure, problems
from app.api.answer_ids import SIGNER, AnswerIds
from app.api.asking import Asking
from app.api.dependencies import Context, run
from app.api.description import DESCRIPTION, TAGS, describe
from app.api.middleware.auth import KeyMiddleware
from app.api.middleware.body_limit import BodyLimitMiddleware
from app.api.middleware.context import RequestContextMiddleware
from app.api.middleware.hosts import HostMiddleware
from app.api.middleware.rates import RateMiddleware
from app.api.middleware.widget import WidgetMiddleware
from app.api.readiness import ReadinessCheck
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
from app.rates import Rate, Storage, open_storage
from app.sessions import Sessions
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
    spool = Spool(settings.data_dir / FOLDER, least_free=settings.limits.free_bytes)
    places = anyio.CapacityLimiter(settings.limits.concurrent_questions)
    counts = open_storage(_secret(settings.rates.storage_url))
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
        questions=places,
        large_bodies=anyio.CapacityLimiter(1),
        sessions=Sessions(
            services.library.secret(keys.WIDGET), seconds=settings.widget.session_seconds
        ),
        session_rate=Rate(settings.widget.sessions_per_minute, counts, "sessions"),
        asking=Asking(
            services.chain,
            AnswerIds(services.library.secret(SIGNER)),
            GivenQuotes(),
            settings.limits,
        ),
        examples=ExampleQuestions(services.library, services.chain),
        readiness=ReadinessCheck(
            {
                "catalog": services.library.counts,
                "search": services.library.probe,
                "disk": spool.require_space,
            }
        ),
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
        middleware=_layers(settings, context.sessions, counts),
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
    describe(app, wants_key=exposure.key_of(settings) is not None, limits=settings.limits)
    return app


def _layers(settings: Settings, sessions: Sessions, counts: Storage) -> list[Middleware]:
    """Return the layers around the routes, the outermost first."""
    wrong_keys = Rate(settings.rates.wrong_keys_per_minute, counts, "wrong keys")
    proxies = list(settings.trusted_proxies)
    return [
        *([Middleware(ProxyHeadersMiddleware, trusted_hosts=proxies)] if proxies else []),
        Middleware(RequestContextMiddleware),
        Middleware(WidgetMiddleware, settings=settings.widget, sessions=sessions),
        Middleware(HostMiddleware, settings=settings),
        Middleware(KeyMiddleware, key=exposure.key_of(settings), wrong=wrong_keys),
        Middleware(RateMiddleware, settings=settings, storage=counts),
        Middleware(BodyLimitMiddleware, limits=settings.limits, server=settings.server),
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


def _secret(value: SecretStr | None) -> str | None:
    return value.get_secret_value() if value else None


def _version() -> str:
    try:
        return version("footnote")
    except PackageNotFoundError:  # a checkout that was never installed
        return "0"
