"""The bodies of jobs and synchronisations.

A job shows the names that files came with, never where they lie on the server's machine.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.api.models import Text
from app.sync.model import Plan
from index.catalog.job_items import ItemChange, JobItem
from index.library import Job


class DocumentFailure(BaseModel):
    """Why a document could not be indexed."""

    code: str
    message: str


class DocumentResult(BaseModel):
    """What became of one document of a job."""

    file: str | None = Field(
        None,
        description="The file's name, with `#` and the place of a piece in it; or an address.",
    )
    position: int = Field(0, description="Which of the things that were sent it came from.")
    state: Literal["waiting", "done", "failed", "cancelled"]
    document_id: str | None = None
    change: ItemChange | None = Field(None, description="Null when it is not done.")
    error: DocumentFailure | None = Field(
        None, description="Why it failed, or why it was passed over and what to do about that."
    )

    @classmethod
    def of(cls, item: JobItem) -> Self:
        """Return a row of a job."""
        error = DocumentFailure(code=item.code, message=item.message or "") if item.code else None
        return cls(
            file=item.name,
            position=item.position,
            state="done" if item.state == "unpacked" else item.state,
            document_id=item.document_id,
            change=item.change,
            error=error,
        )


class JobLine(BaseModel):
    """Long work and how far it has come."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    kind: str = Field(description="`documents` or `sync`.")
    name: str | None = Field(description="What it works on.")
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    cancelling: bool = Field(description="It was asked to stop and has not done so yet.")
    total: int | None = Field(description="Documents in all, as far as known.")
    done: int = Field(description="Documents dealt with, failed ones included.")
    counts: dict[str, int] = Field(
        description=(
            "How many were `added`, `replaced`, `unchanged`, `removed`, `passed_over`, `failed`, "
            "`cancelled`, and how many are `waiting`."
        )
    )
    error: str | None = Field(description="Why it failed.")
    created_at: dt.datetime
    started_at: dt.datetime | None
    finished_at: dt.datetime | None


class JobView(JobLine):
    """A job with what became of its documents."""

    results: tuple[DocumentResult, ...] = ()
    results_total: int = Field(0, description="How many results there are in all.")
    offset: int = 0
    limit: int = 0

    @classmethod
    def of(
        cls, job: Job, items: Sequence[JobItem] = (), *, total: int = 0, offset: int = 0
    ) -> Self:
        """Return a job with some of its rows."""
        return cls(
            **JobLine.model_validate(job).model_dump(),
            results=tuple(map(DocumentResult.of, items)),
            results_total=total,
            offset=offset,
            limit=len(items),
        )


class SyncBody(BaseModel):
    """What to bring the index in step with: an address, or a path of the server's machine."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Text | None = Field(
        None, min_length=1, max_length=2000, description="Of a feed, a sitemap or a page."
    )
    path: Text | None = Field(
        None,
        min_length=1,
        max_length=4000,
        description="Only for the `footnote` command on the same machine.",
    )
    allow_empty: bool = Field(
        False, description="Remove everything that came from it where nothing of it is left."
    )
    dry_run: bool = Field(False, description="Only say what would be done.")

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.url is None) == (self.path is None):
            raise ValueError("give either url or path")
        return self


class SyncPlan(BaseModel):
    """What a synchronisation would do."""

    root: str
    look: tuple[str, ...] = Field(description="New, or changed as far as can be seen.")
    ask: tuple[str, ...] = Field(description="Not listed any more; its server would be asked.")
    gone: tuple[str, ...] = Field(description="Not there any more; its documents would go.")
    same: int = Field(description="How many are as they were.")
    troubles: tuple[DocumentResult, ...] = Field(description="What cannot be read.")

    @classmethod
    def of(cls, root: str, plan: Plan) -> Self:
        """Return a plan as it is shown."""
        return cls(
            root=root,
            look=plan.look,
            ask=plan.ask,
            gone=plan.gone,
            same=len(plan.same),
            troubles=tuple(
                DocumentResult(
                    file=trouble.item,
                    state="failed",
                    error=DocumentFailure(code=trouble.error.code, message=trouble.error.message),
                )
                for trouble in plan.troubles
            ),
        )
