"""The lexical store and what it makes of words. The only package that imports tantivy."""

from index.lexical.store import LexicalStore

__all__ = ["LexicalStore"]
