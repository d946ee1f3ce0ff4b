"""What a job is given to the documents in it: a spooled file, a path, an address.

Knows how each kind of work becomes pieces; keeps no record and indexes nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from app.jobs.work import Details, FetchWork, PathWork, SyncWork, TextWork, UploadWork, Work
from app.spool import Spool
from app.sync.feeds import Feed
from app.sync.folders import Folder
from app.sync.model import Source
from app.sync.pages import pieces_of_page
from index.errors import FootnoteError, InvalidDocumentError, NotFoundError, TooLargeError
from index.fetching import Entry, Fetched, Fetcher, entries, kind
from index.loaders import (
    Parser,
    Piece,
    known_suffixes,
    listed,
    pieces_of_bytes,
    pieces_of_path,
)
from index.loaders.fields import checked_fields
from index.loaders.files import relative_to, shown
from index.loaders.registry import passed_over
from index.loaders.unread import MOST_PASSED_OVER, told
from index.model import SourceDocument

if TYPE_CHECKING:
    from app.services import Services


@dataclass(frozen=True, slots=True)
class Opener:
    """Opens what jobs are given.

    Attributes:
        spool: where uploads wait.
        parser: reads the formats that take one.
        fetcher: gets pages.
        data_dir: the folder of the index, which is never a source.
        max_bytes: the largest document that is read.
    """

    spool: Spool
    parser: Parser
    fetcher: Fetcher
    data_dir: Path
    max_bytes: int

    @classmethod
    def of(cls, services: "Services", spool: Spool) -> Self:
        """Return an opener with a process's parts."""
        settings = services.settings
        return cls(
            spool=spool,
            parser=services.parser,
            fetcher=services.fetcher,
            data_dir=settings.data_dir,
            max_bytes=settings.limits.document_bytes,
        )

    def pieces(self, work: Work, name: str | None, spooled: str | None) -> Iterator[Piece]:
        """Yield the documents, and an error for each that cannot be read. Raises FootnoteError."""
        match work:
            case TextWork():
                yield self._text(work, name, spooled)
            case UploadWork():
                yield from self._upload(work, name or "The file", spooled)
            case PathWork():
                yield from self._path(work)
            case FetchWork():
                yield from self._fetched(work)
            case SyncWork():
                raise InvalidDocumentError("A synchronisation is a job of its own.")

    def expected(self, given: Iterable[Work]) -> int:
        """Return how many results there will be, as far as a look at the folders tells."""
        return sum(self._files(each) for each in given)

    def source(self, work: SyncWork) -> Source:
        """Return what a synchronisation is about. Raises InvalidInputError."""
        if work.path is not None:
            return Folder(
                work.path,
                parser=self.parser,
                data_dir=self.data_dir,
                max_bytes=self.max_bytes,
                allow_empty=work.allow_empty,
            )
        return Feed(
            work.url or "",
            fetcher=self.fetcher,
            parser=self.parser,
            max_bytes=self.max_bytes,
            allow_empty=work.allow_empty,
        )

    def _text(self, work: TextWork, name: str | None, spooled: str | None) -> Piece:
        text = self.spool.read(spooled).decode()
        values = {**work.details.given(), "id": work.id, "title": work.title}
        return Piece(name or work.id, SourceDocument(text=text, **values))

    def _upload(self, work: UploadWork, name: str, spooled: str | None) -> Iterator[Piece]:
        if work.is_too_large:
            raise too_large(self.max_bytes)
        yield from pieces_of_bytes(
            self.spool.read(spooled),
            filename=name,
            media_type=work.media_type,
            parser=self.parser,
            max_bytes=self.max_bytes,
            **work.details.given(),
        )

    def _path(self, work: PathWork) -> Iterator[Piece]:
        given = {k: v for k, v in checked_fields(**work.details.given()).items() if v is not None}
        if not work.path.exists():
            raise NotFoundError(f"There is no file or folder {work.path.name}.")
        is_folder = work.path.is_dir()
        root = work.path if is_folder else work.path.parent
        files, others = listed(work.path, without=self.data_dir)
        if not files:
            raise nothing_to_read(work.path, [str(file.relative_to(root)) for file in others])
        for file in files:
            pieces = pieces_of_path(file, root, parser=self.parser, max_bytes=self.max_bytes)
            for piece in pieces:
                if piece.document is not None and given:
                    yield replace(piece, document=replace(piece.document, **given))  # type: ignore[arg-type]  # names of fields
                else:
                    yield piece
        for file in others[:MOST_PASSED_OVER]:
            name = str(relative_to(file, root))
            yield Piece(shown(name), None, passed_over(name))

    def _files(self, given: Work) -> int:
        if not isinstance(given, PathWork) or not given.path.is_dir():
            return 1
        try:
            files, others = listed(given.path, without=self.data_dir)
        except FootnoteError:  # said when it is opened
            return 1
        return len(files) + min(len(others), MOST_PASSED_OVER) if files else 1

    def _fetched(self, work: FetchWork) -> Iterator[Piece]:
        """Yield a page, or every page that a feed or a sitemap lists."""
        found = self.fetcher.get(work.url)
        if kind(found) == "document":
            yield from self._page(found, work.url, work.details)
            return
        if work.details.id or work.details.title:
            raise InvalidDocumentError(
                f"{work.url} lists several pages, so they cannot all have one id or title."
            )
        for entry in entries(found, self.fetcher):
            try:
                if entry.error is not None:
                    raise entry.error
                page = self.fetcher.get(entry.url, crawl=True)
                yield from self._page(page, entry.url, work.details, entry)
            except FootnoteError as error:
                yield Piece(entry.url, None, error)

    def _page(
        self, page: Fetched, url: str, details: Details, entry: Entry | None = None
    ) -> Iterator[Piece]:
        return pieces_of_page(
            page,
            url,
            parser=self.parser,
            max_bytes=self.max_bytes,
            entry=entry,
            given=details.given(),
        )


def too_large(most_bytes: int) -> TooLargeError:
    """Return the error for a file that was not even kept."""
    return TooLargeError(
        f"The file is larger than {most_bytes:,} bytes, the most that one document may have "
        "(FOOTNOTE_LIMITS__DOCUMENT_BYTES). Split it."
    )


def nothing_to_read(folder: Path, others: Sequence[str] = ()) -> NotFoundError:
    """Return the error for a folder without documents.

    Args:
        folder: the folder.
        others: the files in it of formats that are not read.
    """
    held = f" It has {told(map(shown, others))}" if others else ""
    return NotFoundError(
        f"{folder.name} has no files that can be indexed. These are read: "
        f"{', '.join(known_suffixes())}.{held}"
    )
