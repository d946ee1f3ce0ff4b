"""The catalog: documents, revisions, passages and jobs in a database. It is the truth.

The vector and the lexical store are derived from it and can be made again from it alone.
"""

from index.catalog.catalog import Catalog

__all__ = ["Catalog"]
