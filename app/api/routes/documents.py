"""Documents: list, read, add, replace, delete."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from app.api import arrivals
from app.api.dependencies import Context, InContext, InPaging, Paging, run
from app.api.job_models import JobView
from app.api.models import DocumentLine, DocumentText, Page, Text
from index.errors import FootnoteError

if TYPE_CHECKING:
    from index.library import Library

router = APIRouter(prefix="/v1/documents", tags=["Documents"])

DocumentIdPath = Annotated[
    Text, Path(min_length=1, max_length=500, description="The document's id.")
]
Sha = Annotated[
    str | None,
    Query(
        pattern="^[0-9a-f]{64}$",
        description="The sha-256 of an older revision, as citations carry it.",
    ),
]


@router.get("", summary="List documents")
async def list_documents(context: InContext, paging: InPaging) -> Page[DocumentLine]:
    """Return the documents, without their texts, a page at a time."""
    return await run(partial(_list, context.services.library, paging))


@router.post(
    "",
    status_code=202,
    summary="Add documents",
    response_description="The job; its path is in the Location header.",
    openapi_extra=arrivals.request_body(),
)
async def add_documents(context: InContext, request: Request, response: Response) -> JobView:
    """Add a text or an address as JSON, or one or several files as a multipart form.

    They are indexed in the background: the job tells how far it is and what became of each, and a
    file that cannot be used does not keep the others out. A document whose id exists is replaced;
    one that is the same as before changes nothing. Without an id a file gets one from its name. An
    archive, a mail or JSON Lines hold several documents; so does an address of a feed or a sitemap,
    whose pages are fetched once (`POST /v1/syncs` keeps doing so).
    """
    return await _submit(context, request, response)


@router.get("/{document_id}", summary="Read a document", response_model=DocumentText)
async def read_document(
    context: InContext, document_id: DocumentIdPath, revision: Sha = None
) -> Response:
    """Return a document with its text, as it is now or as it was in a kept revision."""
    return await run(partial(_read, context.services.library, document_id, revision))


@router.put(
    "/{document_id}",
    status_code=202,
    summary="Replace a document",
    response_description="The job; its path is in the Location header.",
    openapi_extra=arrivals.request_body(),
)
async def replace_document(
    context: InContext, request: Request, response: Response, document_id: DocumentIdPath
) -> JobView:
    """Put a document in place of the one with this id, or add it under this id.

    Readers see the old text until the new one is wholly indexed. Older revisions that answers cite
    stay readable.
    """
    return await _submit(context, request, response, document_id)


@router.delete("/{document_id}", status_code=204, summary="Delete a document")
async def delete_document(context: InContext, document_id: DocumentIdPath) -> None:
    """Delete a document with all of its revisions. Citations into it can no longer be opened."""
    await run(partial(context.services.library.delete, document_id))


async def _submit(
    context: Context, request: Request, response: Response, document_id: str | None = None
) -> JobView:
    await run(context.spool.require_space)
    received = await arrivals.receive(
        request,
        spool=context.spool,
        limits=context.services.settings.limits,
        local_access=context.local_access,
        one_at_a_time=context.large_bodies,
        document_id=document_id,
    )
    given = [(each.name, each.work, each.spooled) for each in received]
    try:
        job = await run(partial(context.jobs.submit, given))
    except FootnoteError:
        await run(partial(context.spool.discard, [e.spooled for e in received if e.spooled]))
        raise
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return JobView.of(job)


def _list(library: "Library", paging: Paging) -> Page[DocumentLine]:
    page = library.documents(offset=paging.offset, limit=paging.limit)
    return Page(
        items=tuple(map(DocumentLine.of, page.items)),
        total=page.total,
        offset=paging.offset,
        limit=paging.limit,
    )


def _read(library: "Library", document_id: str, sha: str | None) -> Response:
    # A text may have megabytes, so it becomes JSON here, in the thread, and not on the event loop.
    content = DocumentText.read(library, document_id, sha).model_dump_json()
    return Response(content, media_type="application/json")
