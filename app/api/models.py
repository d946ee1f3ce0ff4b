"""The bodies that requests bring and answers carry, apart from the answer object itself.

Unknown fields are refused: a misspelt filter that is ignored would widen a search in silence.
Lengths that the settings decide are checked in the routes.
"""

import datetime as dt
import re
from typing import TYPE_CHECKING, Annotated, Generic, Literal, Self, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from app.answer.model import Turn
from app.api.validation import whole_characters
from index.errors import InvalidDocumentError
from index.loaders.fields import checked_fields
from index.model import DocumentSummary, Filters, RetrievedPassage, Revision

if TYPE_CHECKING:
    from index.library import Library

Item = TypeVar("Item")
MOST_PATHS = 10_000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _day_as_text(value: object) -> object:
    """Refuse what pydantic would take for seconds since 1970."""
    if isinstance(value, dt.date) or (isinstance(value, str) and _DAY.fullmatch(value)):
        return value
    raise ValueError("must be a date such as 2025-09-30")


def _stated(name: str) -> AfterValidator:
    """Check a field by the rules that hold for documents from anywhere."""

    def check(value: str) -> object:
        try:
            return checked_fields(**{name: value})[name]  # type: ignore[literal-required]  # one field at a time
        except InvalidDocumentError as error:
            raise ValueError(error.message) from None

    return AfterValidator(check)


Text: TypeAlias = Annotated[str, AfterValidator(whole_characters)]
Words: TypeAlias = Annotated[Text, StringConstraints(min_length=1, max_length=500)]
Day: TypeAlias = Annotated[dt.date, BeforeValidator(_day_as_text)]
TopK: TypeAlias = Annotated[int, Field(ge=1, le=50)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FiltersBody(_Body):
    """Narrows the search; all given parts must hold."""

    document_ids: tuple[Words, ...] = Field((), max_length=100, description="Only these documents.")
    sources: tuple[Words, ...] = Field((), max_length=100, description="Only these publishers.")
    published_from: Day | None = Field(None, description="First day, inclusive.")
    published_to: Day | None = Field(None, description="Last day, inclusive.")

    @model_validator(mode="after")
    def _days_are_in_order(self) -> Self:
        if self.published_from and self.published_to and self.published_from > self.published_to:
            raise ValueError("published_from is after published_to; swap them")
        return self

    def to_filters(self) -> Filters:
        """Return what the index understands."""
        return Filters(self.document_ids, self.sources, self.published_from, self.published_to)


class SearchBody(_Body):
    """What to look for, and where."""

    question: Text = Field(
        description="A question or some words. Not blank.",
        json_schema_extra={"minLength": 1, "pattern": r"\S"},
    )
    top_k: TopK | None = Field(None, description="Passages wanted; the settings say how many else.")
    filters: FiltersBody = Field(FiltersBody(), description="Where to look.")


class AskBody(SearchBody):
    """A question, what was said before it, and where to look for the answer."""

    history: tuple[Turn, ...] = Field(
        (), description="The conversation so far, oldest first, to understand a follow-up by."
    )

    @field_validator("history")
    @classmethod
    def _turns_are_text(cls, history: tuple[Turn, ...]) -> tuple[Turn, ...]:
        for turn in history:
            whole_characters(turn.content)
        return history


class DocumentDetails(_Body):
    """What is known about a document besides its text. What is missing is read from the text."""

    id: Annotated[str, _stated("id")] | None = Field(
        None, description="A stable id; letters, digits, dots, hyphens and underscores."
    )
    title: Annotated[str, _stated("title")] | None = Field(None, description="What it is called.")
    source: Annotated[str, _stated("source")] | None = Field(None, description="The publisher.")
    url: Annotated[str, _stated("url")] | None = Field(
        None, description="Where readers find the original; http or https."
    )
    published_at: Day | None = Field(None, description="The day of publication, if known.")
    language: Annotated[str, _stated("language")] | None = Field(
        None, description="A language tag such as `en`; detected where neither says one."
    )


class DocumentBody(DocumentDetails):
    """A document as text."""

    text: str = Field(min_length=1, description="The text; Markdown headings are understood.")


class AddressBody(DocumentDetails):
    """A page to fetch, or a feed or sitemap whose pages are fetched."""

    url: Annotated[str, _stated("url")] = Field(description="http or https.")


class PathsBody(DocumentDetails):
    """Files and folders of the server's machine, for the ``footnote`` command there."""

    paths: tuple[Text, ...] = Field(min_length=1, max_length=MOST_PATHS)


class Page(BaseModel, Generic[Item]):
    """A part of a list."""

    items: tuple[Item, ...]
    total: int = Field(description="How many there are in all.")
    offset: int
    limit: int


class FoundPassage(BaseModel):
    """A passage that a search found; ``text`` stands at ``start`` in the revision."""

    document_id: str
    revision: str
    title: str
    source: str | None
    url: str | None
    published_at: dt.date | None
    start: int
    end: int
    text: str
    page: int | None = Field(None, description="The page it begins on, in formats with pages.")
    score: float = Field(description="Higher is better; comparable within one search only.")

    @classmethod
    def of(cls, passage: RetrievedPassage) -> Self:
        """Return what of a retrieved passage is for the reader."""
        names = cls.model_fields.keys() - {"score", "page"}
        return cls(
            **{name: getattr(passage, name) for name in names},
            page=passage.page_at(passage.start),
            score=round(float(passage.score), 4),
        )


class SearchResult(BaseModel):
    """What a search found, best first."""

    passages: tuple[FoundPassage, ...]


class DocumentLine(BaseModel):
    """A document in a list: its current revision, without the text."""

    id: str
    revision: str
    title: str
    source: str | None
    url: str | None
    language: str | None
    published_at: dt.date | None
    characters: int
    passages: int
    created_at: dt.datetime
    updated_at: dt.datetime
    media_type: str | None = Field(description="The format it came in.")
    provenance: dict[str, str] = Field(description="Where each stated value was found, by field.")

    @classmethod
    def of(cls, summary: DocumentSummary) -> Self:
        """Return a summary without its origin, which may be a path of this machine."""
        return cls(**{name: getattr(summary, name) for name in cls.model_fields})


class RevisionLine(BaseModel):
    """A stored state of a document."""

    revision: str
    created_at: dt.datetime
    current: bool

    @classmethod
    def of(cls, revision: Revision) -> Self:
        """Return a revision without its text."""
        return cls(revision=revision.sha, created_at=revision.created_at, current=revision.current)


class DocumentText(BaseModel):
    """One revision of a document, with the text that citations count in."""

    id: str
    revision: str
    current: bool = Field(description="Whether this is the newest revision.")
    title: str
    source: str | None
    url: str | None
    language: str | None
    published_at: dt.date | None
    created_at: dt.datetime
    characters: int
    media_type: str | None = Field(description="The format it came in.")
    pages: tuple[int, ...] = Field(
        description="Where in the text each page begins; empty in formats without pages."
    )
    provenance: dict[str, str] = Field(description="Where each stated value was found, by field.")
    text: str
    revisions: tuple[RevisionLine, ...] = Field(description="All kept revisions, newest first.")
    copies: tuple[str, ...] = Field(
        (), description="Ids of other documents that carry the same text, as things are now."
    )

    @classmethod
    def read(cls, library: "Library", document_id: str, sha: str | None = None) -> Self:
        """Return a revision without its origin, which may be a path. Raises NotFoundError."""
        revision = library.revision(document_id, sha)
        return cls(
            id=revision.document_id,
            revision=revision.sha,
            current=revision.current,
            title=revision.title,
            source=revision.source,
            url=revision.url,
            language=revision.language,
            published_at=revision.published_at,
            created_at=revision.created_at,
            characters=len(revision.text),
            media_type=revision.media_type,
            pages=revision.pages,
            provenance=dict(revision.provenance),
            text=revision.text,
            revisions=tuple(map(RevisionLine.of, library.revisions(document_id))),
            copies=library.copies_of(document_id),
        )


class Health(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """Every store answers."""

    status: Literal["ready"] = "ready"
    checks: dict[str, Literal["ok"]]
