"""What a job is given to do, as it is written into the catalog and read back after a restart.

Plain values; knows neither HTTP nor the index.
"""

import datetime as dt
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class _Work(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Details(_Work):
    """What is known of a document beforehand; it wins over what the document states."""

    id: str | None = None
    title: str | None = None
    source: str | None = None
    url: str | None = None
    language: str | None = None
    published_at: dt.date | None = None

    def given(self) -> dict[str, Any]:
        """Return what is known."""
        return self.model_dump(exclude_none=True)


class UploadWork(_Work):
    """A file that waits in the spool; ``is_too_large`` when it was not even kept."""

    kind: Literal["upload"] = "upload"
    media_type: str | None = None
    details: Details = Details()
    is_too_large: bool = False


class TextWork(_Work):
    """A text that waits in the spool, normalised and found good."""

    kind: Literal["text"] = "text"
    id: str
    title: str
    details: Details = Details()


class PathWork(_Work):
    """A file or a folder of this machine, read when its turn comes."""

    kind: Literal["path"] = "path"
    path: Path
    details: Details = Details()


class FetchWork(_Work):
    """An address to fetch: a page, or a list of pages."""

    kind: Literal["fetch"] = "fetch"
    url: str
    details: Details = Details()


class SyncWork(_Work):
    """A folder of this machine, or an address, to bring the index in step with."""

    kind: Literal["sync"] = "sync"
    path: Path | None = None
    url: str | None = None
    allow_empty: bool = False


Work: TypeAlias = UploadWork | TextWork | PathWork | FetchWork | SyncWork

_ANY: TypeAdapter[Work] = TypeAdapter(Annotated[Work, Field(discriminator="kind")])


def dump(work: Work) -> dict[str, Any]:
    """Return work as JSON values."""
    values: dict[str, Any] = work.model_dump(mode="json", exclude_defaults=True)
    return {**values, "kind": work.kind}


def load(values: object) -> Work:
    """Return work that was dumped. Raises ValueError where it is none."""
    return _ANY.validate_python(values)
