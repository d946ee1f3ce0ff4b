"""The error hierarchy of the project. Every error a user can meet is one of these.

FootnoteError
├── InvalidInputError            what the caller gave cannot be used
│   ├── InvalidDocumentError     a document that cannot be read or stored
│   │   └── PassedOverError      a file among others that is of no format that is read
│   ├── InvalidQuestionError     a question that cannot be asked
│   ├── InvalidURLError          an address that cannot be fetched from, as it is written
│   └── ForbiddenAddressError    an address that is not fetched from, for safety
├── NotFoundError                an id that names nothing
├── ConflictError                the request contradicts what is stored
├── TooLargeError                over a documented limit
├── StorageError                 the data folder cannot be read or written
│   ├── DataFolderBusyError      another process holds it
│   ├── IndexMismatchError       the index was made by another model or version
│   └── IndexDamagedError        a store is unreadable
└── UnavailableError             a part is not ready, or a remote service failed
    └── FetchError               a page could not be fetched
        └── FetchRefusedError    its server says that it will not be had

Each class carries a stable ``code``, whether a retry can help, and a message fit for the reader:
what is wrong and what to do. Only ``app.api.problems`` knows HTTP statuses.
"""

from typing import ClassVar


class FootnoteError(Exception):
    """The root of every error that is the caller's to see."""

    code: ClassVar[str] = "internal_error"
    retryable: ClassVar[bool] = False

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidInputError(FootnoteError):
    """What the caller gave cannot be used."""

    code = "invalid_input"


class InvalidDocumentError(InvalidInputError):
    """A document cannot be read or stored."""

    code = "invalid_document"


class PassedOverError(InvalidDocumentError):
    """A file in a folder, an archive or a mail is of a format that is not read; the others are."""

    code = "passed_over"


class InvalidQuestionError(InvalidInputError):
    """A question cannot be asked."""

    code = "invalid_question"


class InvalidURLError(InvalidInputError):
    """An address cannot be fetched from, as it is written."""

    code = "invalid_url"


class ForbiddenAddressError(InvalidInputError):
    """An address is not fetched from, because it could be a service inside the own network."""

    code = "forbidden_address"


class NotFoundError(FootnoteError):
    """An id names nothing that is stored."""

    code = "not_found"


class ConflictError(FootnoteError):
    """The request contradicts what is stored."""

    code = "conflict"


class TooLargeError(FootnoteError):
    """Something is over a documented limit."""

    code = "too_large"


class StorageError(FootnoteError):
    """The data folder cannot be read or written."""

    code = "storage_error"


class DataFolderBusyError(StorageError):
    """Another process holds the data folder."""

    code = "data_folder_busy"
    retryable = True


class IndexMismatchError(StorageError):
    """The index was made by another embedding model or passage maker."""

    code = "index_mismatch"


class IndexDamagedError(StorageError):
    """A store of the index cannot be read."""

    code = "index_damaged"


class UnavailableError(FootnoteError):
    """A part is not ready, or a remote service failed."""

    code = "unavailable"
    retryable = True


class FetchError(UnavailableError):
    """A page could not be fetched.

    ``status`` is the HTTP status that the server answered with, if it answered; ``retry_after`` is
    how many seconds it asks to wait, if it asks.
    """

    code = "fetch_failed"

    def __init__(
        self, message: str, *, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class FetchRefusedError(FetchError):
    """The server says that a page will not be had: it is gone, or not for us."""

    code = "fetch_refused"
    retryable = False
