"""Files, uploads and texts to documents with normalised text. Each format has a loader of its own.

Knows no store and cuts no passages.
"""

from index.loaders.documents import MAX_BYTES, load_bytes, load_text
from index.loaders.files import discover, load_path
from index.loaders.identity import document_id
from index.loaders.normal import normalise

__all__ = [
    "MAX_BYTES",
    "discover",
    "document_id",
    "load_bytes",
    "load_path",
    "load_text",
    "normalise",
]
