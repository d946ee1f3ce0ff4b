"""Every setting, with its default and its reason. The only module that reads the environment.

Settings come from arguments, then ``FOOTNOTE_…`` variables (``__`` between levels), then a ``.env``
file in the working directory. ``docs/configuration.md`` is generated from the descriptions here.
"""

import os
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, SettingsConfigDict
from pydantic_settings import SettingsError as UnparsableSettingError

from app.models.settings import EmbeddingSettings, JudgeSettings, LLMSettings, VerifySettings
from app.serving_settings import RateSettings, ServerSettings, WidgetSettings
from index.errors import InvalidInputError

__all__ = [
    "PREFIX",
    "Answering",
    "FetchSettings",
    "Limits",
    "Parsing",
    "RateSettings",
    "Retrieval",
    "ServerSettings",
    "Settings",
    "SettingsError",
    "WidgetSettings",
    "unknown_variables",
    "variable_names",
]

PREFIX = "FOOTNOTE_"


def _checked_networks(networks: tuple[str, ...]) -> tuple[str, ...]:
    for network in networks:
        try:
            ip_network(network)
        except ValueError as error:
            raise ValueError(f"{error}; write a network such as 10.20.0.0/16") from None
    return networks


class SettingsError(InvalidInputError):
    """A setting has a value that cannot be used."""

    code = "invalid_settings"


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limits(_Section):
    """How much one request may ask for."""

    question_characters: int = Field(1000, ge=1, description="Longest question accepted.")
    history_turns: int = Field(20, ge=0, description="Most earlier messages a question may bring.")
    history_characters: int = Field(
        20_000, ge=0, description="Most characters all earlier messages may have together."
    )
    document_bytes: int = Field(
        20_000_000, ge=1, description="Largest single document, as a file or as text."
    )
    upload_bytes: int = Field(
        100_000_000, ge=1, description="Largest upload, all of its files together."
    )
    json_bytes: int = Field(
        1_000_000, ge=1, description="Largest JSON body of a request that carries no document."
    )
    concurrent_questions: int = Field(
        4, ge=1, description="Questions worked on at the same time; further ones wait their turn."
    )
    waiting_questions: int = Field(
        100, ge=1, description="Questions that may wait; further ones are refused with 429."
    )
    model_questions: int = Field(
        16, ge=1, description="Questions that a model answers at the same time."
    )
    waiting_model_questions: int = Field(
        64,
        ge=1,
        description=(
            "Questions that may wait for the model. Callers are taken in turn, by address; further "
            "questions are refused with 429."
        ),
    )
    free_bytes: int = Field(
        50_000_000,
        ge=0,
        description=(
            "Least free space on the data folder's disk; with less, documents are refused and the "
            "service is not ready."
        ),
    )
    queued_documents: int = Field(
        10_000, ge=1, description="Documents that may wait to be indexed; further ones are refused."
    )


class Parsing(_Section):
    """How much reading one file may cost, for formats that a process of its own parses."""

    seconds: float = Field(60, gt=0, description="Longest time for one document.")
    file_seconds: float = Field(
        900, gt=0, description="Longest time for a file of many documents, such as a ZIP."
    )
    memory_bytes: int = Field(
        2 * 1024**3, ge=256 * 1024**2, description="Most memory of the process that parses."
    )
    idle_seconds: float = Field(60, gt=0, description="After which that process ends when idle.")
    pages: int = Field(2000, ge=1, description="Most pages of a PDF.")
    entries: int = Field(2000, ge=1, description="Most files in an archive.")
    unpacked_bytes: int = Field(
        200 * 1024**2, ge=1, description="Most bytes of all files in an archive, unpacked."
    )


class Retrieval(_Section):
    """What a search brings back."""

    top_k: int = Field(8, ge=1, le=50, description="Passages a question is answered from.")


class ReaderSettings(_Section):
    """The bundled model that reads the passages found."""

    enabled: bool = Field(
        True,
        description=(
            "Let the bundled reader choose the sentences, the short answer and the refusals. "
            "Without it the order of the search decides: faster, and less often right."
        ),
    )
    threads: int | None = Field(
        None,
        ge=1,
        le=64,
        description="Passages read at the same time. Empty means one for each usable processor.",
    )
    folder: Path | None = Field(
        None,
        description=(
            "Folder of another reader: `reader.onnx` with the same inputs and outputs, and "
            "`SHA256SUMS`. Empty means the bundled one."
        ),
    )


class Answering(_Section):
    """When an answer is given, and how long it may be."""

    refuse_below: float | None = Field(
        None,
        ge=0,
        le=1,
        description=(
            "Refuse when the estimate that the sources answer is lower than this. Empty means the "
            "fitted default (see the reader's model card); 0 never refuses on the estimate alone."
        ),
    )


class FetchSettings(_Section):
    """How pages, feeds and sitemaps are fetched from the web."""

    allow_private: bool = Field(
        False,
        description=(
            "Fetch from loopback and private addresses too. Whoever may add documents can then "
            "have anything read that this machine can reach; better allow single networks."
        ),
    )
    allowed_networks: tuple[str, ...] = Field(
        (),
        description=(
            "Networks to fetch from although they are not public, as a JSON list: "
            '`["10.20.0.0/16"]`.'
        ),
    )
    user_agent: str | None = Field(
        None,
        pattern=r"^[\x20-\x7e]{0,200}$",
        description=(
            "How to introduce oneself to servers, best with an address for complaints. Empty means "
            "`Footnote/<version>`. robots.txt files are read as `Footnote` in any case."
        ),
    )
    timeout_s: float = Field(
        60, gt=0, description="Longest time for one page, with all its redirects, in seconds."
    )
    connect_timeout_s: float = Field(
        10, gt=0, description="Longest time to find a server and connect to it, in seconds."
    )
    redirects: int = Field(5, ge=0, le=20, description="Most redirects followed for one page.")
    pause_s: float = Field(
        0.5,
        ge=0,
        description=(
            "Pause between two pages of one site that a feed or sitemap lists, in seconds; a "
            "longer one that the site's robots.txt asks for is kept, up to 10 seconds."
        ),
    )
    entries: int = Field(5_000, ge=1, description="Most documents taken from one feed or sitemap.")
    sitemaps: int = Field(50, ge=0, description="Most sitemaps read for one sitemap index.")

    @field_validator("allowed_networks")
    @classmethod
    def _are_networks(cls, networks: tuple[str, ...]) -> tuple[str, ...]:
        return _checked_networks(networks)


class Settings(BaseSettings):
    """The settings of a Footnote process."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_file=".env",
        env_file_encoding="utf-8",
        frozen=True,
        extra="ignore",  # a .env file is often shared with other programs
    )

    data_dir: Path = Field(Path("data"), description="Folder of the index and the catalog.")
    sample_corpus: bool = Field(
        True, description="Index the sample briefs when the data folder is new; false starts empty."
    )
    host: str = Field("127.0.0.1", description="Address to serve on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to serve on; 0 picks a free one.")
    api_key: SecretStr | None = Field(
        None,
        description=(
            "When set, every request but health wants it as `Authorization: Bearer …`. "
            "Needed to serve on an address other than loopback."
        ),
    )
    allow_anonymous: bool = Field(
        False, description="Serve without a key on an address other than loopback."
    )
    allowed_hosts: tuple[str, ...] = Field(
        (),
        description=(
            "Further host names that requests may name in their Host header, as a JSON list. "
            "Loopback names and the served address are always allowed; `*` allows any."
        ),
    )
    trusted_proxies: tuple[str, ...] = Field(
        (),
        description=(
            "Addresses or networks of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are "
            'believed, as a JSON list: `["127.0.0.1", "10.0.0.0/8"]`. Empty means none.'
        ),
    )
    catalog_url: SecretStr | None = Field(
        None,
        description="SQLAlchemy URL of the catalog. Empty means SQLite in the data folder.",
    )
    chroma_url: str | None = Field(
        None, description="URL of a Chroma server. Empty means Chroma in the data folder."
    )
    log_level: str = Field(
        "info",
        pattern="^(debug|info|warning|error)$",
        description="What is logged: `debug`, `info`, `warning` or `error`.",
    )
    rates: RateSettings = Field(RateSettings(), description="How often callers may ask.")
    limits: Limits = Field(Limits(), description="How much one request may ask for.")
    server: ServerSettings = Field(
        ServerSettings(), description="What one client may cost, and how the server stops."
    )
    parsing: Parsing = Field(Parsing(), description="What reading one file may cost.")
    retrieval: Retrieval = Field(Retrieval(), description="What a search brings back.")
    reader: ReaderSettings = Field(
        ReaderSettings(), description="The bundled model that reads the passages found."
    )
    answering: Answering = Field(Answering(), description="When an answer is given.")
    widget: WidgetSettings = Field(WidgetSettings(), description="The chat embedded in pages.")
    llm: LLMSettings = Field(LLMSettings(), description="The model that writes answers.")
    verify: VerifySettings = Field(
        VerifySettings(), description="A second model that judges what the first one wrote."
    )
    judge: JudgeSettings = Field(
        JudgeSettings(), description="The model that judges answers in an evaluation."
    )
    fetch: FetchSettings = Field(
        FetchSettings(), description="How pages, feeds and sitemaps are fetched from the web."
    )
    embedding: EmbeddingSettings = Field(EmbeddingSettings(), description="The model that embeds.")

    @field_validator("trusted_proxies")
    @classmethod
    def _are_proxies(cls, proxies: tuple[str, ...]) -> tuple[str, ...]:
        return _checked_networks(proxies)

    @classmethod
    def load(cls, **arguments: object) -> Self:
        """Read the settings; arguments win over the environment.

        Raises:
            SettingsError: a value cannot be used; the message names the variable and the reason.
        """
        given = {name: value for name, value in arguments.items() if value is not None}
        try:
            return cls(**given)  # type: ignore[arg-type]  # pydantic validates the values
        except ValidationError as error:
            raise SettingsError(_explain(error)) from None
        except UnparsableSettingError as error:
            raise SettingsError(f"{error}; lists are written as JSON") from None


def unknown_variables() -> dict[str, str | None]:
    """Return the ``FOOTNOTE_…`` variables that no setting reads, with the nearest that one does.

    Those of the environment and of the ``.env`` file; most likely they are misspelt.
    """
    known = variable_names()
    given = {*os.environ, *map(str.upper, DotEnvSettingsSource(Settings).env_vars)}
    unknown = sorted(
        name for name in given if name.upper().startswith(PREFIX) and name.upper() not in known
    )
    return {
        name: next(iter(get_close_matches(name.upper(), known, n=1, cutoff=0.7)), None)
        for name in unknown
    }


def variable_names() -> list[str]:
    """Return the environment variable of every setting, sections flattened."""
    names = []
    for name, field in Settings.model_fields.items():
        names.append(f"{PREFIX}{name.upper()}")
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            names += [f"{names[-1]}__{inner.upper()}" for inner in field.annotation.model_fields]
    return names


def _explain(error: ValidationError) -> str:
    lines = []
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        variable = PREFIX + "__".join(str(part) for part in problem["loc"]).upper()
        lines.append(f"{variable}: {problem['msg']}")
    return "; ".join(lines)
