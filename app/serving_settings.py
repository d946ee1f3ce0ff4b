"""Settings of what callers may do and cost: the server, how often they may ask, the widget.

Read by ``app.settings``, as all are.
"""

import re

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

_ORIGIN = re.compile(r"https?://[a-z0-9.\-\[\]:]+")


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ServerSettings(_Section):
    """How many may connect, how slowly they may send, and how long a stop may take."""

    connections: int = Field(
        500,
        ge=1,
        description=(
            "Most connections at the same time; beyond it those that have sent no request yet are "
            "closed, the longest silent first. Fewer where the process may open fewer files."
        ),
    )
    header_seconds: float = Field(
        20, gt=0, description="Longest time until the headers of a request are complete."
    )
    body_seconds: float = Field(
        30,
        gt=0,
        description=(
            "Longest time for the body of a request, and more by `body_bytes_per_second` for what "
            "has come."
        ),
    )
    body_bytes_per_second: int = Field(
        10_000, ge=1, description="Bytes of a body that have to come a second after that time."
    )
    shutdown_seconds: int = Field(
        20,
        ge=0,
        description=(
            "Longest time that answers may take to finish when the server is told to stop. Bodies "
            "that still come in are cut at once."
        ),
    )


class RateSettings(_Section):
    """How often callers may ask. What is asked are questions, searches and chat completions."""

    key_per_minute: int | None = Field(
        3000, ge=1, description="Most questions a minute with one key. Empty means no limit."
    )
    address_per_minute: int | None = Field(
        600,
        ge=1,
        description=(
            "Most questions a minute of one address where no key is set; of IPv6 a /64 counts as "
            "one. Loopback is not counted. Empty means no limit."
        ),
    )
    all_per_minute: int | None = Field(
        None, ge=1, description="Most questions a minute of all together. Empty means no limit."
    )
    wrong_keys_per_minute: int = Field(
        20,
        ge=1,
        description="Wrong keys a minute after which an address is not listened to for a while.",
    )
    storage_url: SecretStr | None = Field(
        None,
        description=(
            "Where counts are kept when several processes share them, such as `redis://host:6379`. "
            "Empty means in this process."
        ),
    )

    @field_validator("key_per_minute", "address_per_minute", "all_per_minute", mode="before")
    @classmethod
    def _empty_means_none(cls, value: object) -> object:
        return None if value == "" else value


class WidgetSettings(_Section):
    """The chat embedded in pages."""

    enabled: bool = Field(True, description="Let pages open the chat without a key.")
    origins: tuple[str, ...] = Field(
        (),
        description=(
            "Origins of pages that may embed the chat, as a JSON list: "
            '`["https://www.example.org"]`. Empty means pages of this host only; with a key set, '
            "none."
        ),
    )
    whole_documents: bool = Field(
        False,
        description=(
            "Let readers of an answer open the whole documents it cites, where a key is set. "
            "Otherwise a citation opens its quote with a few sentences around it."
        ),
    )
    session_seconds: int = Field(
        3600, ge=60, le=86_400, description="How long a page may ask before it asks to go on."
    )
    questions_per_minute: int = Field(
        30, ge=1, description="Most questions and ratings of one session."
    )
    address_per_minute: int = Field(
        120,
        ge=1,
        description="Most questions and ratings of all sessions of one address, or IPv6 /64.",
    )
    sessions_per_minute: int = Field(
        30, ge=1, description="Most new sessions of one address, or IPv6 /64."
    )

    @field_validator("origins")
    @classmethod
    def _are_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(
                    f"{origin!r} is not an origin; write scheme, host and port, without a path, "
                    "such as https://www.example.org"
                )
        return origins
