"""The error hierarchy of the project. Every error a user can meet is one of these.

FootnoteError
├── InvalidInputError            what the caller gave cannot be used
│   ├── InvalidDocumentError     a document that cannot be read or stored
│   └── InvalidQuestionError     a question that cannot be asked
├── NotFoundError                an id that names nothing
├── ConflictError                the request contradicts what is stored
├── TooLargeError                over a documented limit
├── StorageError                 the data folder cannot be read or written
│   ├── DataFolderBusyError      another process holds it
│   ├── IndexMismatchError       the index was made by another model or version
│   └── IndexDamagedError        a store is unreadable
└── UnavailableError             a part is not ready, or a remote service failed

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


class InvalidQuestionError(InvalidInputError):
    """A question cannot be asked."""

    code = "invalid_question"


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
