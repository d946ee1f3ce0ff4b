"""Jobs: how far long work has come, what became of each document, and stopping it."""

from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.api.dependencies import InContext, InPaging, Paging, run
from app.api.job_models import JobLine, JobView
from app.api.models import Page, Text

if TYPE_CHECKING:
    from app.jobs.runner import JobRunner
    from index.library import Library

router = APIRouter(prefix="/v1/jobs", tags=["Jobs"])

Only = Annotated[
    Literal["failed"] | None, Query(description="`failed`: only the results that failed.")
]


@router.get("", summary="List jobs")
async def list_jobs(context: InContext, paging: InPaging) -> Page[JobLine]:
    """Return the jobs, the newest first, without their results.

    Jobs that ended are kept for 30 days, and at most a thousand of them.
    """
    return await run(partial(_list, context.services.library, paging))


@router.get("/{job_id}", summary="Follow a job", response_model=JobView)
async def read_job(
    context: InContext, job_id: Text, paging: InPaging, only: Only = None
) -> Response:
    """Return a job's state, and a page of what became of its documents.

    The state is `queued`, `running`, `done`, `failed` or `cancelled`; a job is `done` when at least
    one of its documents could be dealt with. A job goes on after a restart of the service.
    """
    library, runner = context.services.library, context.jobs
    return await run(partial(_read, library, runner, job_id, paging, only == "failed"))


@router.post("/{job_id}/cancel", summary="Stop a job")
async def cancel_job(context: InContext, job_id: Text) -> JobView:
    """Stop a job between two documents. What is indexed stays; a job that is over stays as it is.

    While it finishes the documents it has in hand, its state is still `running`.
    """
    return JobView.of(await run(partial(context.jobs.cancel, job_id)))


def _list(library: "Library", paging: Paging) -> Page[JobLine]:
    jobs, total = library.jobs.list(offset=paging.offset, limit=paging.limit)
    return Page(
        items=tuple(map(JobLine.model_validate, jobs)),
        total=total,
        offset=paging.offset,
        limit=paging.limit,
    )


def _read(
    library: "Library", runner: "JobRunner", job_id: str, paging: Paging, failed: bool
) -> Response:
    job = runner.get(job_id)
    items, total = library.jobs.items(
        job_id, offset=paging.offset, limit=paging.limit, failed=failed
    )
    view = JobView.of(job, items, total=total, offset=paging.offset)
    # Made into JSON here, in the thread, and not on the event loop.
    return Response(view.model_dump_json(), media_type="application/json")
