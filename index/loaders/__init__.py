"""Files, uploads and texts to documents with normalised text. Each format has a loader of its own.

Knows no store and cuts no passages.
"""

from index.loaders.base import MAX_BYTES, Limits
from index.loaders.documents import load_text
from index.loaders.files import discover, listed
from index.loaders.identity import document_id
from index.loaders.normal import normalise
from index.loaders.parsing import Parser
from index.loaders.pieces import Piece, pieces_of_bytes, pieces_of_path
from index.loaders.registry import known_suffixes
from index.loaders.single import load_path

__all__ = [
    "MAX_BYTES",
    "Limits",
    "Parser",
    "Piece",
    "discover",
    "document_id",
    "known_suffixes",
    "listed",
    "load_path",
    "load_text",
    "normalise",
    "pieces_of_bytes",
    "pieces_of_path",
]
