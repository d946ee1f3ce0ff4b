"""Health: whether the process answers, and whether its stores do. Open to everyone."""

import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from fastapi import APIRouter

from app.api.dependencies import InContext, run
from app.api.models import Health, Readiness
from index.errors import FootnoteError, UnavailableError

if TYPE_CHECKING:
    from app.services import Services

LOG = logging.getLogger("footnote.api")
router = APIRouter(tags=["Health"])


@router.get("/healthz", summary="Is it alive?")
async def health() -> Health:
    """Answer as long as the process can answer at all."""
    return Health()


@router.get("/readyz", summary="Is it ready?")
async def readiness(context: InContext) -> Readiness:
    """Answer 200 when the catalog can be read and a search goes through; 503 otherwise."""
    return await run(partial(_check, context.services))


def _check(services: "Services") -> Readiness:
    checks: dict[str, Callable[[], object]] = {
        "catalog": services.library.counts,
        "search": partial(services.library.retriever(top_k=1).search, "ready"),
    }
    for name, check in checks.items():
        try:
            check()
        except FootnoteError:
            raise
        except Exception as error:
            LOG.exception("the check of %s failed", name)
            raise UnavailableError(
                f"Not ready: the check of the {name} failed. The log of the service says why."
            ) from error
    return Readiness(checks=dict.fromkeys(checks, "ok"))
