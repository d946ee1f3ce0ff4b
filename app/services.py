"""The composition root: the one place where the parts of a Footnote process are put together."""

import logging
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from ipaddress import ip_network

from llama_index.core.base.base_retriever import BaseRetriever

from app.answer.chain import Chain
from app.answer.finding import Finder
from app.answer.judging import Judge
from app.answer.quoting import Quoter
from app.answer.support import check_drafted
from app.answer.verify import QuoteVerifier
from app.answer.writing import Writer
from app.models.factory import open_embed_batch, open_model
from app.models.settings import EmbeddingSettings, VerifySettings
from app.reading.base import Reader
from app.reading.bundled import MODEL_FOLDER, BundledReader
from app.settings import FetchSettings, ReaderSettings, Settings
from index.closing import Closing
from index.embedding.base import Embedder
from index.embedding.endpoint import EndpointEmbedder
from index.embedding.minilm import MiniLMEmbedder
from index.fetching import Fetcher, FetchLimits
from index.library import Library
from index.loaders import Limits, Parser
from index.model import Filters
from index.remake import Progress, prepare
from prompts import Prompts

LOG = logging.getLogger("footnote.services")


@dataclass(frozen=True, slots=True)
class Services(Closing):
    """What the HTTP API and the command line work with. Use as a context manager.

    ``parser`` starts its process, and ``fetcher`` connects, only when one is wanted.
    """

    settings: Settings
    library: Library
    chain: Chain
    parser: Parser = field(default_factory=Parser)
    fetcher: Fetcher = field(default_factory=Fetcher)

    def close(self) -> None:
        """Close connections, end the reader and the parser, and release the data folder."""
        with ExitStack() as stack:
            stack.callback(self.library.close)
            stack.callback(self.parser.close)
            stack.callback(self.fetcher.close)
            stack.callback(self.chain.quoter.close)
            stack.callback(self.chain.close)


def build(settings: Settings, *, server_url: str | None = None) -> Services:
    """Open the index and put the chain on top of it.

    Args:
        settings: the settings of this process.
        server_url: where this process serves, for other processes that find the folder held.

    Raises:
        StorageError: the data folder cannot be opened; the message says what to do.
    """
    library = open_library(settings, server_url=server_url)
    return Services(
        settings=settings,
        library=library,
        chain=make_chain(settings, library),
        parser=Parser(parser_limits(settings)),
        fetcher=open_fetcher(settings.fetch, most_bytes=settings.limits.document_bytes),
    )


def open_fetcher(settings: FetchSettings, *, most_bytes: int) -> Fetcher:
    """Return what gets pages from the web, within the limits of the settings."""
    limits = FetchLimits(
        max_bytes=most_bytes,
        connect_s=settings.connect_timeout_s,
        total_s=settings.timeout_s,
        redirects=settings.redirects,
        pause_s=settings.pause_s,
        entries=settings.entries,
        sitemaps=settings.sitemaps,
    )
    return Fetcher(
        limits,
        settings.allow_private,
        allowed=[ip_network(network) for network in settings.allowed_networks],
        user_agent=settings.user_agent,
    )


def parser_limits(settings: Settings) -> Limits:
    """Return what reading one file may cost."""
    return Limits(document_bytes=settings.limits.document_bytes, **dict(settings.parsing))


def open_library(
    settings: Settings,
    *,
    server_url: str | None = None,
    repair: bool = False,
    inspect: bool = False,
) -> Library:
    """Open the index in the data folder; see ``Library.open``. Raises like ``build``."""
    return Library.open(
        settings.data_dir,
        embedder=open_embedder(settings.embedding),
        catalog_url=_catalog_url(settings),
        chroma_url=settings.chroma_url,
        server_url=server_url,
        repair=repair,
        inspect=inspect,
    )


def prepare_remake(settings: Settings, progress: Progress) -> bool:
    """Make the index that the settings want beside the one that answers, if that is another one.

    See ``index.remake.prepare``.
    """
    return prepare(
        settings.data_dir,
        embedder=open_embedder(settings.embedding),
        catalog_url=_catalog_url(settings),
        chroma_url=settings.chroma_url,
        progress=progress,
    )


def _catalog_url(settings: Settings) -> str | None:
    return settings.catalog_url.get_secret_value() if settings.catalog_url else None


def open_embedder(settings: EmbeddingSettings) -> Embedder:
    """Return the bundled model, or the endpoint that the settings name.

    Raises:
        UnavailableError: the endpoint does not answer.
    """
    if settings.model is None:
        return MiniLMEmbedder()
    return EndpointEmbedder(
        open_embed_batch(settings),
        model=settings.model,
        dimension=settings.dimension,
        batch_size=settings.batch_size,
        concurrency=settings.concurrency,
    )


def make_chain(settings: Settings, library: Library) -> Chain:
    """Put the answering chain on top of an open index."""

    def retriever(top_k: int, filters: Filters) -> BaseRetriever:
        return library.retriever(top_k=top_k, filters=filters)

    finder = Finder(
        embedder=library.embedder,
        retriever=retriever,
        passages_of=library.passages_of,
        top_k=settings.retrieval.top_k,
    )
    verifier = QuoteVerifier(library.read_span)
    quoter = Quoter(
        verifier,
        reader=open_reader(settings.reader),
        refuse_below=settings.answering.refuse_below,
        is_empty=lambda: library.counts().documents == 0,
        same_text=library.copies_among,
    )
    model = open_model(settings.llm)
    if model is None:
        if settings.verify.model is not None:
            LOG.warning("FOOTNOTE_VERIFY__MODEL has nothing to judge without FOOTNOTE_LLM__MODEL")
        return Chain(finder, quoter)
    prompts = Prompts.load()
    writer = Writer(
        model,
        prompts,
        partial(check_drafted, embed=library.embedder.embed),
        verifier,
        timeout_s=settings.llm.timeout_s,
        judge=open_judge(settings.verify, prompts),
    )
    return Chain(finder, quoter, writer)


def open_reader(settings: ReaderSettings) -> Reader | None:
    """Return what reads the passages, None where it is switched off. Raises UnavailableError."""
    if not settings.enabled:
        return None
    return BundledReader(settings.folder or MODEL_FOLDER, threads=settings.threads)


def open_judge(settings: VerifySettings, prompts: Prompts) -> Judge | None:
    """Return the model that judges sentences, None where none is set. Raises ModelSettingsError."""
    model = open_model(settings)
    if model is None:
        return None
    return Judge(model, prompts, timeout_s=settings.timeout_s, required=settings.required)
