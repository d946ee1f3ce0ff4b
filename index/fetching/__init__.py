"""Getting documents from the web: one page safely, and the pages that a feed or sitemap lists.

Nothing here follows a link inside a document, and nothing here stores one. Public names:
`Fetcher`, `FetchLimits`, `Fetched`, `Entry`, `entries`, `kind`.
"""

from index.fetching.fetched import Fetched
from index.fetching.fetcher import Fetcher
from index.fetching.limits import FetchLimits
from index.fetching.listings import Entry, entries, kind

__all__ = ["Entry", "FetchLimits", "Fetched", "Fetcher", "entries", "kind"]
