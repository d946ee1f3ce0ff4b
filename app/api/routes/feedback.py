"""Ratings of answers: readers give them, the operator reads them."""

from functools import partial

from fastapi import APIRouter, Depends
from starlette.requests import Request

from app.api import access
from app.api.dependencies import Context, InContext, InPaging, Paging, require_json, run
from app.api.models import Page
from app.api.widget_models import FeedbackBody, FeedbackLine
from index.errors import NotFoundError

router = APIRouter(prefix="/v1/feedback", tags=["Feedback"])


@router.post("", status_code=204, summary="Rate an answer", dependencies=[Depends(require_json)])
async def rate(context: InContext, request: Request, body: FeedbackBody) -> None:
    """Keep a rating of an answer that was given here, by its id.

    A later one replaces it, `null` takes it back.
    """
    if not context.asking.ids.knows(body.answer_id):
        raise NotFoundError(f"No answer with the id {body.answer_id} was given here.")
    give = context.services.library.feedback.give
    origin = access.caller_of(request.scope).origin
    await run(partial(give, **body.model_dump(), origin=origin))


@router.get("", summary="List ratings")
async def list_feedback(context: InContext, paging: InPaging) -> Page[FeedbackLine]:
    """Return the ratings, the newest first."""
    return await run(partial(_list, context, paging))


def _list(context: Context, paging: Paging) -> Page[FeedbackLine]:
    items, total = context.services.library.feedback.list(offset=paging.offset, limit=paging.limit)
    lines = tuple(map(FeedbackLine.model_validate, items))
    return Page(items=lines, total=total, offset=paging.offset, limit=paging.limit)
