"""Jobs: how far the indexing of documents has come."""

from functools import partial
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.responses import Response

from app.api.dependencies import InContext, InPaging, Paging, run
from app.api.models import JobView, Page, Text

if TYPE_CHECKING:
    from index.library import Library

router = APIRouter(prefix="/v1/jobs", tags=["Jobs"])


@router.get("", summary="List jobs", response_model=Page[JobView])
async def list_jobs(context: InContext, paging: InPaging) -> Response:
    """Return the jobs, the newest first."""
    return await run(partial(_list, context.services.library, paging))


@router.get("/{job_id}", summary="Follow a job")
async def read_job(context: InContext, job_id: Text) -> JobView:
    """Return a job's state and what became of each document.

    The state is `queued`, `running`, `done`, `failed` or `cancelled`; a job is `done` when at least
    one of its documents could be indexed.
    """
    return JobView.model_validate(await run(partial(context.services.library.jobs.get, job_id)))


def _list(library: "Library", paging: Paging) -> Response:
    jobs, total = library.jobs.list(offset=paging.offset, limit=paging.limit)
    page = Page[JobView](
        items=tuple(map(JobView.model_validate, jobs)),
        total=total,
        offset=paging.offset,
        limit=paging.limit,
    )
    # Jobs of many files have many results, so they become JSON here and not on the event loop.
    return Response(page.model_dump_json(), media_type="application/json")
