"""Synchronisations: bringing the index in step with a feed, a sitemap, or a local folder."""

from functools import partial
from pathlib import Path

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from app.api.arrivals import require_local
from app.api.dependencies import InContext, require_json, run
from app.api.job_models import JobView, SyncBody, SyncPlan
from app.jobs.work import SyncWork
from app.local_access import HEADER

router = APIRouter(prefix="/v1/syncs", tags=["Jobs"])


@router.post(
    "",
    status_code=202,
    summary="Synchronise",
    response_description="The job; its path is in the Location header.",
    response_model=JobView,
    responses={200: {"model": SyncPlan, "description": "The plan, with `dry_run`."}},
    dependencies=[Depends(require_json)],
)
async def synchronise(
    context: InContext, request: Request, response: Response, body: SyncBody
) -> JobView | Response:
    """Bring the index in step with a feed or a sitemap: add and replace its pages.

    A page that is not listed any more is asked for, and its document removed when it is gone (404
    or 410). What is unchanged is not fetched again. The same synchronisation twice in the queue is
    one job. With `dry_run` the answer is 200 with what would be done.

    `path` is for the `footnote` command on the server's own machine, which shows that it runs as
    the same user; anybody else sends files to `POST /v1/documents`.
    """
    if body.path is not None:
        require_local(is_local=context.local_access.admits(request.headers.get(HEADER)))
    work = SyncWork(
        path=Path(body.path) if body.path is not None else None,
        url=body.url,
        allow_empty=body.allow_empty,
    )
    if body.dry_run:
        plan = SyncPlan.of(*await run(partial(context.jobs.plan, work)))
        return Response(plan.model_dump_json(), media_type="application/json")
    await run(context.spool.require_space)
    job = await run(partial(context.jobs.synchronise, work))
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return JobView.of(job)
