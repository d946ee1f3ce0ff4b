"""Datasets from JSONL files to checked cases, with every problem told by file and line.

Owns the files and the way from a line to a ``Case``. What a document says it asks of ``text_of``,
so the same datasets serve the sample corpus, a folder of files and a running service.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import ValidationError

from eval.cases.line import CaseLine, contradictions, problems_of
from eval.cases.model import Case, Fact, Gold
from eval.cases.quoting import QuoteError, resolve
from index.errors import InvalidInputError, NotFoundError

SHIPPED = Path(__file__).parents[1] / "datasets"
"""The datasets over the sample corpus."""

MAX_LINE_BYTES = 64 * 1024
MAX_FILE_BYTES = 64 * 1024 * 1024

TextOf: TypeAlias = Callable[[str], str]
"""The current text of a document by its id. Raises ``NotFoundError``."""


class CaseError(InvalidInputError):
    """Datasets cannot be used. ``problems`` has each as ``file:line: what``."""

    code = "invalid_cases"

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        count = "One problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__(f"{count} in the evaluation cases:\n" + "\n".join(problems))


@dataclass(frozen=True)
class CaseSet:
    """Checked cases in the order of their files, and each file's sha-256 by its stem."""

    cases: tuple[Case, ...]
    datasets: dict[str, str]


def load(paths: Sequence[Path], text_of: TextOf) -> CaseSet:
    """Read cases from files, and from all ``*.jsonl`` directly in folders.

    Args:
        paths: the files and folders; a file named twice is read once.
        text_of: what a document says now; gold quotes must stand there.

    Raises:
        CaseError: something is wrong with a file or a line; it lists all problems at once.
    """
    reading = _Reading(text_of)
    for path in _files(paths, reading.problems):
        reading.read(path)
    if not reading.problems and not reading.cases:
        reading.problems.append(f"{', '.join(map(str, paths)) or 'no path given'}: no cases")
    if reading.problems:
        raise CaseError(reading.problems)
    return CaseSet(tuple(reading.cases), reading.datasets)


def schema() -> dict[str, Any]:
    """Return the JSON schema of a line, for editors; shipped as ``eval/datasets/schema.json``."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A line of an evaluation dataset",
        **{name: part for name, part in CaseLine.model_json_schema().items() if name != "title"},
    }


@dataclass
class _Reading:
    text_of: TextOf
    cases: list[Case] = field(default_factory=list)
    datasets: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    _places: dict[object, str] = field(default_factory=dict)
    _texts: dict[str, str | None] = field(default_factory=dict)

    def read(self, path: Path) -> None:
        """Add the cases of a file, or what is wrong with it."""
        if path.stem in self.datasets:
            self.problems.append(f"{path}: a dataset named {path.stem} was read before; rename one")
            return
        data = _bytes(path, self.problems)
        if data is None:
            return
        self.datasets[path.stem] = hashlib.sha256(data).hexdigest()
        lines = data.split(b"\n")
        if not lines[-1]:
            lines.pop()  # the file ends with a newline, as it should
        if not lines:
            self.problems.append(f"{path}: the file is empty")
        for number, raw in enumerate(lines, 1):
            place = f"{path}:{number}"
            found = list(self._problems(raw.removesuffix(b"\r"), path.stem, place))
            self.problems += [f"{place}: {problem}" for problem in found]

    def _problems(self, raw: bytes, dataset: str, place: str) -> Iterator[str]:
        """Add the case of a line, or yield what is wrong with it."""
        try:
            line = CaseLine.model_validate_json(_checked(raw))
        except ValidationError as error:
            yield from problems_of(error)
            return
        except _LineError as error:
            yield str(error)
            return
        wrong = [*contradictions(line), *self._repeated(line, place)]
        facts = []
        for fact in line.facts:
            evidence: list[Gold] = []
            for quote in fact.evidence:
                text = self._text(quote.document)
                if text is None:
                    wrong.append(f"there is no document {quote.document} in the corpus")
                    continue
                try:
                    evidence.append(resolve(quote, text))
                except QuoteError as error:
                    wrong.append(str(error))
            facts.append(Fact(fact.values, tuple(evidence)))
        for document in line.filters.document_ids:
            if self._text(document) is None:
                wrong.append(f"the filters name {document}, which is not in the corpus")
        yield from wrong
        if not wrong:
            self.cases.append(_case(line, dataset, tuple(facts)))

    def _repeated(self, line: CaseLine, place: str) -> Iterator[str]:
        asked = (" ".join(line.question.casefold().split()), line.history, line.filters)
        for what, key in (("id " + line.id, line.id), ("question, asked the same way,", asked)):
            if key in self._places:
                yield f"the {what} stands at {self._places[key]} already"
            self._places.setdefault(key, place)

    def _text(self, document_id: str) -> str | None:
        if document_id not in self._texts:
            try:
                self._texts[document_id] = self.text_of(document_id)
            except NotFoundError:
                self._texts[document_id] = None
        return self._texts[document_id]


class _LineError(ValueError):
    """A line cannot be read at all."""


def _case(line: CaseLine, dataset: str, facts: tuple[Fact, ...]) -> Case:
    return Case(
        id=line.id,
        dataset=dataset,
        kind=line.kind,
        question=line.question,
        expect=line.expect,
        history=line.history,
        filters=line.filters.to_filters(),
        reference=line.reference,
        facts=facts,
        conflicts=line.conflicts,
    )


def _files(paths: Sequence[Path], problems: list[str]) -> list[Path]:
    """Return the files to read, each once, in the order given."""
    files: dict[Path, Path] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(path.glob("*.jsonl"))
            if not inside:
                problems.append(f"{path}: the folder has no *.jsonl file")
        elif path.suffix != ".jsonl":
            problems.append(f"{path}: not a folder, nor a .jsonl file with one case a line")
            continue
        else:
            inside = [path]
        for file in inside:
            files.setdefault(file.resolve(), file)
    return list(files.values())


def _bytes(path: Path, problems: list[str]) -> bytes | None:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            problems.append(f"{path}: over {MAX_FILE_BYTES // 2**20} MiB; split it")
            return None
        data = path.read_bytes()
    except OSError as error:
        problems.append(f"{path}: cannot be read ({error.strerror or error})")
        return None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        problems.append(f"{path}: UTF-16; save the file as UTF-8")
        return None
    if data.startswith(b"\xef\xbb\xbf"):
        problems.append(f"{path}:1: starts with a byte order mark; save as UTF-8 without BOM")
        return None
    return data


def _checked(raw: bytes) -> str:
    """Return the text of a line that is fit to be read as JSON."""
    if len(raw) > MAX_LINE_BYTES:
        raise _LineError(f"longer than {MAX_LINE_BYTES // 1024} KiB: one case stands on one line")
    if not raw.strip():
        raise _LineError("blank line; delete it")
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise _LineError(f"not UTF-8 at byte {error.start + 1}; save the file as UTF-8") from None
    try:
        json.loads(text, object_pairs_hook=_without_repeats)
    except json.JSONDecodeError:
        pass  # pydantic says it better
    except RecursionError:
        raise _LineError("not JSON: nested too deep") from None
    return text


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise _LineError(f"the field {', '.join(twice)} stands twice in one object")
    return fields
