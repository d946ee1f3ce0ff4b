"""Health: whether the process answers, and whether its stores do. Open to everyone."""

from fastapi import APIRouter

from app.api.dependencies import InContext
from app.api.models import Health, Readiness

router = APIRouter(tags=["Health"])


@router.get("/healthz", summary="Is it alive?")
async def health() -> Health:
    """Answer as long as the process can answer at all."""
    return Health()


@router.get("/readyz", summary="Is it ready?")
async def readiness(context: InContext) -> Readiness:
    """Answer 200 when the stores can be read and the disk has space left; 503 otherwise.

    What was found is kept for five seconds. No model is asked.
    """
    return await context.readiness.look()
