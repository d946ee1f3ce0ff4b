"""The prompts: Jinja templates, loaded and checked once, each with a sha of all it is made of.

Owns the templates, the variables they may use, and the boundary that quoted text cannot forge.
Knows no model and nothing of where passages come from.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple, Protocol, Self, TypeAlias

import jinja2
import jinja2.meta

from prompts.quoting import boundary

FOLDER = Path(__file__).parent

Role: TypeAlias = Literal["system", "user", "assistant"]


class PromptError(ValueError):
    """A template is missing, cannot be parsed, or uses variables it is not given."""


class Message(NamedTuple):
    """One message to a model."""

    role: Role
    content: str


class Passage(Protocol):
    """What a prompt shows of a passage."""

    @property
    def title(self) -> str:
        """Title of its document."""
        ...

    @property
    def source(self) -> str | None:
        """Who published it."""
        ...

    @property
    def published_at(self) -> dt.date | None:
        """When, as far as the document says."""
        ...

    @property
    def text(self) -> str:
        """The passage itself."""
        ...


class Quote(Protocol):
    """What a prompt shows of a quote."""

    @property
    def text(self) -> str:
        """The quote, exactly."""
        ...

    @property
    def passage(self) -> Passage:
        """Where it stands."""
        ...


class Turn(Protocol):
    """What a prompt shows of an earlier message."""

    @property
    def role(self) -> str:
        """``user`` or ``assistant``."""
        ...

    @property
    def content(self) -> str:
        """What was said."""
        ...


class Prompt:
    """One template with its blocks ``system`` and ``user``.

    ``sha`` is the sha-256 of its source and of the sources it includes: it changes exactly when
    the words that reach a model may change.

    Args:
        environment: where templates are found.
        name: file name of the template.
        sample: a value for every variable; the template may use these and must use all of them.

    Raises:
        PromptError: the template is not fit to be used.
    """

    def __init__(
        self, environment: jinja2.Environment, name: str, sample: Mapping[str, object]
    ) -> None:
        self.name = name
        try:
            sources = _sources(environment, name)
            self._template = environment.get_template(name)
            _check_variables(environment, name, sources, sample)
            self.render(**sample)
        except jinja2.TemplateError as error:
            raise PromptError(f"Prompt {name} cannot be used: {error}") from error
        digest = hashlib.sha256()
        for part in sorted(sources):
            digest.update(f"{part}\0{sources[part]}\0".encode())
        self.sha = digest.hexdigest()

    def render(self, **variables: object) -> list[Message]:
        """Return the system and the user message."""
        messages = []
        for role in ("system", "user"):
            if role not in self._template.blocks:
                raise PromptError(f"Prompt {self.name} has no block {role}.")
            context = self._template.new_context(dict(variables))
            text = "".join(self._template.blocks[role](context)).strip()
            messages.append(Message("system" if role == "system" else "user", text))
        return messages


@dataclass(frozen=True, slots=True)
class Prompts:
    """All prompts, checked. ``load`` makes it."""

    _answer: Prompt
    _rewrite: Prompt
    _verify: Prompt
    _draft_cases: Prompt

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Self:
        """Load and check the templates of a folder.

        Raises:
            PromptError: a template is missing, broken, or its variables are not the ones given.
        """
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(folder, encoding="utf-8"),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,  # noqa: S701 - for a model, not for a browser
        )
        environment.filters["one_line"] = _one_line
        return cls(
            Prompt(environment, "answer.j2", _ANSWER_SAMPLE),
            Prompt(environment, "rewrite_question.j2", _REWRITE_SAMPLE),
            Prompt(environment, "verify_sentence.j2", _VERIFY_SAMPLE),
            Prompt(environment, "draft_cases.j2", _DRAFT_CASES_SAMPLE),
        )

    @property
    def answer_sha(self) -> str:
        """The sha of the prompt that answers."""
        return self._answer.sha

    @property
    def rewrite_sha(self) -> str:
        """The sha of the prompt that rewrites questions."""
        return self._rewrite.sha

    @property
    def verify_sha(self) -> str:
        """The sha of the prompt that judges sentences."""
        return self._verify.sha

    @property
    def draft_cases_sha(self) -> str:
        """The sha of the prompt that drafts evaluation cases."""
        return self._draft_cases.sha

    def answer(
        self, question: str, passages: Sequence[Passage], *, today: dt.date, refusal: str
    ) -> list[Message]:
        """Return the messages that ask for an answer. Passages are numbered from 1, as given."""
        quoted = [text for p in passages for text in (p.title, p.source or "", p.text)]
        return self._answer.render(
            question=question.strip(),
            passages=passages,
            passage_count=len(passages),
            today=f"{today:%A}, {today.isoformat()}",
            refusal=refusal,
            boundary=boundary([question, *quoted]),
        )

    def rewrite(self, question: str, history: Sequence[Turn]) -> list[Message]:
        """Return the messages that ask for a question to be completed from the conversation."""
        return self._rewrite.render(
            question=question.strip(),
            history=history,
            boundary=boundary([question, *(turn.content for turn in history)]),
        )

    def verify(self, sentence: str, quotes: Sequence[Quote]) -> list[Message]:
        """Return the messages that ask whether quotes support a sentence."""
        passages = [quote.passage for quote in quotes]
        quoted = [text for p in passages for text in (p.title, p.source or "", p.text)]
        return self._verify.render(
            sentence=sentence.strip(),
            quotes=quotes,
            boundary=boundary([sentence, *(quote.text for quote in quotes), *quoted]),
        )

    def draft_cases(self, document: Passage, *, count: int) -> list[Message]:
        """Return the messages that ask for evaluation cases over a text."""
        return self._draft_cases.render(
            document=document,
            count=count,
            boundary=boundary([document.title, document.source or "", document.text]),
        )


@dataclass(frozen=True, slots=True)
class _Sample:
    title: str = "title"
    source: str | None = None
    published_at: dt.date | None = None
    text: str = "text"
    role: str = "user"
    content: str = "content"


@dataclass(frozen=True, slots=True)
class _SampleQuote:
    text: str = "text"
    passage: Passage = _Sample()


_ANSWER_SAMPLE: Mapping[str, object] = {
    "question": "?",
    "passages": [_Sample(), _Sample(source="source", published_at=dt.date(2024, 9, 27))],
    "passage_count": 2,
    "today": "today",
    "refusal": "no",
    "boundary": "00000000",
}
_REWRITE_SAMPLE: Mapping[str, object] = {
    "question": "?",
    "history": [_Sample()],
    "boundary": "00000000",
}
_VERIFY_SAMPLE: Mapping[str, object] = {
    "sentence": "sentence",
    "quotes": [_SampleQuote()],
    "boundary": "00000000",
}
_DRAFT_CASES_SAMPLE: Mapping[str, object] = {
    "document": _Sample(),
    "count": 4,
    "boundary": "00000000",
}


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _sources(environment: jinja2.Environment, name: str) -> dict[str, str]:
    """Return the source of a template and of all it includes, by name."""
    loader = environment.loader or jinja2.DictLoader({})
    sources: dict[str, str] = {}
    waiting = [name]
    while waiting:
        part = waiting.pop()
        if part in sources:
            continue
        sources[part] = loader.get_source(environment, part)[0]
        for included in jinja2.meta.find_referenced_templates(environment.parse(sources[part])):
            if included is None:
                raise PromptError(f"Prompt {part} includes a template whose name is computed.")
            waiting.append(included)
    return sources


def _check_variables(
    environment: jinja2.Environment,
    name: str,
    sources: Mapping[str, str],
    sample: Mapping[str, object],
) -> None:
    used: set[str] = set()
    for source in sources.values():
        used |= jinja2.meta.find_undeclared_variables(environment.parse(source))
    if unknown := used - sample.keys():
        raise PromptError(f"Prompt {name} uses unknown variables: {', '.join(sorted(unknown))}.")
    if unused := sample.keys() - used:
        raise PromptError(f"Prompt {name} does not use: {', '.join(sorted(unused))}.")
