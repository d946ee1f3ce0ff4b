"""Keys and the secrets that sign: what their holder does with them."""

from functools import partial

from fastapi import APIRouter

from app.api.dependencies import InContext, run

router = APIRouter(prefix="/v1/keys", tags=["Keys"])
WIDGET = "widget"
"""The name of the secret that signs the widget's sessions."""


@router.post("/rotate-sessions", status_code=204, summary="End all widget sessions")
async def rotate_sessions(context: InContext) -> None:
    """Sign sessions of the widget with a new secret: all that are open end, links included.

    Pages open new ones by themselves. For when the data folder or a backup of it was read by
    somebody who should not have.
    """
    context.sessions.sign_with(await run(partial(context.services.library.new_secret, WIDGET)))
