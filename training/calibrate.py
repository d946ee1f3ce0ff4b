"""Fit the few weights that turn the reader's scores into choices, and say what they reach.

    python -m training.calibrate --articles HALF.jsonl --field DIR [--field DIR ...] \
        --reader FOLDER [--held-out FOLDER0 FOLDER1] [--cache DIR] [--write]

``--held-out`` names readers trained without the even and without the odd titles of the articles:
each title is then read by the one that never saw it. With one, only the even titles are measured.
Weights are fitted on one fold of everything and measured on the other; what is written is fitted on
all.
"""

import argparse
import json
import pickle
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.answer.evidence import answerability, calibration, selection
from app.answer.evidence.lines import READ_COLUMNS, UNREAD_COLUMNS, Lines, read_lines, unread_lines
from app.answer.short import LONGEST, widened
from app.reading.base import Reading, Text
from app.reading.bundled import MODEL_FOLDER, BundledReader
from app.reading.languages import reads
from training.fields import Sample, field_samples, squad_samples

Array = NDArray[np.float64]
OUT = Path(calibration.__file__).with_name("calibration.json")
_WRONGLY_REFUSED_ARTICLES, _WRONGLY_REFUSED_FIELDS = 0.06, 0.09
_WRONGLY_REFUSED_UNKNOWN = 0.14
_EVENING = 0.8  # 0: each question counts alike; 1: each field does
_UNIT = 20.0  # the weight of a question that is alone in its field
_SHORT_PRECISION = 0.89


def logistic(rows: Array, labels: Array, weights: Array, ridge: float = 1.0) -> tuple[Array, float]:
    """Fit a logistic regression by Newton's method; returns weights for unscaled columns, bias."""
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    table = np.hstack([(rows - mean) / scale, np.ones((len(rows), 1))])
    penalty = np.full(table.shape[1], ridge)
    penalty[-1] = 1e-6
    beta = np.zeros(table.shape[1])
    for _ in range(40):
        chance = 1 / (1 + np.exp(-table @ beta))
        gradient = table.T @ (weights * (labels - chance)) - penalty * beta
        curvature = (table * (weights * chance * (1 - chance))[:, None]).T @ table
        step = np.linalg.solve(curvature + np.diag(penalty), gradient)
        beta += step
        if np.abs(step).max() < 1e-8:
            break
    return beta[:-1] / scale, float(beta[-1] - (beta[:-1] * mean / scale).sum())


class Fit:
    """A fitted model as ``calibration.json`` holds it."""

    def __init__(self, columns: Sequence[str], rows: Array, labels: Array, weights: Array) -> None:
        self.columns = tuple(columns)
        self.weights, self.bias = logistic(rows, labels, weights)

    def chances(self, rows: Array) -> Array:
        """Return the chance of each row."""
        return np.asarray(1 / (1 + np.exp(-(rows @ self.weights + self.bias))))

    def stored(self) -> dict[str, object]:
        """Return the model as it is written."""
        pairs = zip(self.columns, self.weights, strict=True)
        return {"bias": round(self.bias, 5), "weights": {n: round(float(w), 5) for n, w in pairs}}


def evenly(keys: Sequence[object]) -> Array:
    """Return a weight for each sample: a large field counts little more than a small one."""
    counts: dict[object, int] = {}
    for key in keys:
        counts[key] = counts.get(key, 0) + 1
    return np.array([_UNIT / counts[key] ** _EVENING for key in keys])


class Calibration:
    """Fits on some samples and decides on others as the service does."""

    def __init__(
        self,
        samples: Sequence[Sample],
        lines: Sequence[Lines],
        *,
        read: bool,
        exact: Collection[str] = (),
        alone: Callable[[Sample, Lines, Sequence[int]], list[Reading]],
    ) -> None:
        self._columns = READ_COLUMNS if read else UNREAD_COLUMNS
        self._signs = answerability.READ_SIGNS if read else answerability.UNREAD_SIGNS
        pairs = [(s, t) for s, t in zip(samples, lines, strict=True) if t.lines]
        self._fit_order([(s, t) for s, t in pairs if s.answerable])
        self._alone = alone
        self._fit_answerable(pairs)
        self.exact: Fit | None = None
        if read:
            self._fit_exact([(s, t) for s, t in pairs if s.answerable and s.field in exact])
        self._choose_thresholds(pairs)

    def _fit_order(self, pairs: list[tuple[Sample, Lines]]) -> None:
        kept = []
        for sample, lines in pairs:
            labels = np.array([float(sample.holds(line.text)) for line in lines.lines])
            asks = np.array([line.asks for line in lines.lines])
            if labels.any():
                kept.append((sample, lines.columns[~asks], labels[~asks]))
        each = evenly([k[0].field for k in kept])
        weights = np.concatenate([np.full(len(k[2]), w) for k, w in zip(kept, each, strict=True)])
        rows = np.vstack([k[1] for k in kept])
        self.order = Fit(self._columns, rows, np.concatenate([k[2] for k in kept]), weights)

    def _fit_answerable(self, pairs: list[tuple[Sample, Lines]]) -> None:
        rows = np.vstack([self.signs(s, t) for s, t in pairs])
        labels = np.array([float(s.answerable) for s, _ in pairs])
        weights = evenly([(s.field, s.answerable) for s, _ in pairs])
        self.answerable = Fit(self._signs, rows, labels, weights)

    def _fit_exact(self, pairs: list[tuple[Sample, Lines]]) -> None:
        rows, labels, fields = [], [], []
        for sample, lines in pairs:
            chances = self.chances(lines)
            row = int(chances.argmax())
            line = lines.lines[row]
            rows.append(selection.exact_signs(line, float(chances[row])))
            start, end = widened(line.text, *(line.marked or (0, 0)))
            labels.append(float(sample.holds(line.text[start:end])))
            fields.append(sample.field)
        self.exact = Fit(
            selection.EXACT_SIGNS, np.array(rows), np.array(labels), np.ones(len(rows))
        )
        sure = self.exact.chances(np.array(rows))
        articles = np.array([field == "squad" for field in fields])
        sure, known = sure[articles], np.array(labels)[articles]
        order = np.argsort(-sure)
        right = np.cumsum(known[order]) / np.arange(1, len(order) + 1)
        good = np.flatnonzero(right >= _SHORT_PRECISION)
        self.short = float(sure[order[good[-1]]]) if len(good) else 1.0

    def _choose_thresholds(self, pairs: list[tuple[Sample, Lines]]) -> None:
        estimates = self.answerable.chances(np.vstack([self.signs(s, t) for s, t in pairs]))
        by_field: dict[str, list[float]] = {}
        for (sample, _), estimate in zip(pairs, estimates, strict=True):
            if sample.answerable:
                by_field.setdefault(sample.field, []).append(float(estimate))
        articles = np.quantile(by_field["squad"], _WRONGLY_REFUSED_ARTICLES)
        others = [v for name, v in by_field.items() if name != "squad"]
        grid = np.linspace(0.01, 0.9, 357)
        fields = (
            max(
                (
                    t
                    for t in grid
                    if np.mean([np.mean(np.array(v) < t) for v in others])
                    <= _WRONGLY_REFUSED_FIELDS
                ),
                default=0.01,
            )
            if others
            else 1.0
        )
        self.refuse_below = float(min(articles, fields))
        unknown = [
            float(estimate)
            for (sample, _), estimate in zip(pairs, estimates, strict=True)
            if sample.answerable and not reads(language_of(sample))
        ]
        self.unknown = float(np.quantile(unknown, _WRONGLY_REFUSED_UNKNOWN)) if unknown else 0.5

    def chances(self, lines: Lines) -> Array:
        """Return the chance of each candidate."""
        return selection.evidence_only(lines, self.order.chances(lines.columns))

    def signs(self, sample: Sample, lines: Lines) -> Array:
        """Return the columns of the estimate."""
        chances = self.chances(lines)
        order = selection.without_repeats(lines, chances)
        alone = self._alone(sample, lines, order[: selection.READ_ALONE])
        return answerability.signs(sample.question, lines, chances, order[0], alone)

    def row(self, sample: Sample, lines: Lines) -> dict[str, float]:
        """Return what the service would do with a question."""
        if not lines.lines:
            return {
                "estimate": 0.0,
                "first": 0.0,
                "whole": 0.0,
                "short": 0.0,
                "shown": 0.0,
                "count": 0.0,
            }
        chances = self.chances(lines)
        order = list(np.argsort(-chances))
        best = chances[order[0]]
        chosen = [order[0]]
        second = next(
            (n for n in order[1:] if lines.lines[n].text != lines.lines[order[0]].text), None
        )
        least = max(selection._LEAST_CHANCE, selection._LEAST_SHARE * best)
        if best < selection._SURE and second is not None and chances[second] >= least:
            chosen.append(second)
        texts = [lines.lines[n].text for n in chosen]
        line = lines.lines[order[0]]
        shown = right = 0.0
        if self.exact is not None and line.marked is not None:
            sure = self.exact.chances(selection.exact_signs(line, float(best))[None, :])[0]
            start, end = widened(line.text, *line.marked)
            shown = float(sure >= self.short and end - start <= LONGEST)
            right = float(sample.holds(line.text[start:end]))
        held = any(sample.holds(text) for text in (*texts, " ".join(texts)))
        return {
            "estimate": float(self.answerable.chances(self.signs(sample, lines)[None, :])[0]),
            "first": float(sample.holds(texts[0])),
            "whole": float(held),
            "short": right, "shown": shown, "count": float(len(texts)),
        }  # fmt: skip

    def stored(self) -> dict[str, object]:
        """Return all as it is written."""
        prefix = "" if self.exact is not None else "unread_"
        out: dict[str, object] = {
            f"{prefix}order": self.order.stored(),
            f"{prefix}answerable": self.answerable.stored(),
        }
        if self.exact is not None:
            out["exact"] = self.exact.stored()
        return out


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return the area under the curve: how often a positive one is above a negative one."""
    if not positive or not negative:
        return float("nan")
    values = np.concatenate([positive, negative])
    ranks = np.empty(len(values))
    for value in np.unique(values):
        same = values == value
        ranks[same] = (values < value).sum() + (same.sum() + 1) / 2
    count = len(positive)
    return float((ranks[:count].sum() - count * (count + 1) / 2) / (count * len(negative)))


def report(rows: Sequence[tuple[Sample, dict[str, float]]], refuse_below: float) -> None:
    """Print a line for each field."""
    print(f"refused below {refuse_below:.3f}")
    print("field            n    first whole short|shown right| refused answered auroc sentences")
    for field in dict.fromkeys(s.field for s, _ in rows):
        yes = [r for s, r in rows if s.field == field and s.answerable]
        no = [r for s, r in rows if s.field == field and not s.answerable]
        given = [r for r in yes if r["estimate"] >= refuse_below]
        shown = [r for r in given if r["shown"]]

        def mean(values: Sequence[float]) -> float:
            return float(np.mean(values)) if len(values) else float("nan")

        print(
            f"{field:14s} {len(yes):4d}+{len(no):<4d}"
            f" {mean([r['first'] for r in yes]):.3f} {mean([r['whole'] for r in yes]):.3f}"
            f" {mean([r['short'] for r in yes]):.3f}|{mean([r['shown'] for r in given]):.2f}"
            f" {mean([r['short'] for r in shown]):.2f}|"
            f"  {mean([r['estimate'] < refuse_below for r in yes]):.3f}"
            f"   {mean([r['estimate'] >= refuse_below for r in no]):.3f}"
            f"  {auroc([r['estimate'] for r in yes], [r['estimate'] for r in no]):.3f}"
            f"  {mean([r['count'] for r in yes]):.2f}"
        )


def language_of(sample: Sample) -> str | None:
    """Return what the service takes a question to be in."""
    return sample.question.language or (sample.passages[0].language if sample.passages else None)


class Readings:
    """Reads samples, and keeps what was read by the model's digest.

    Args:
        reader_of: the reader for a sample.
        cache: folder to keep readings in.
    """

    def __init__(self, reader_of: Callable[[Sample], BundledReader], cache: Path | None) -> None:
        self._reader_of = reader_of
        self._file = cache / "readings.pickle" if cache else None
        self._kept: dict[tuple[str, str, str, str], list[Reading]] = {}
        if self._file is not None and self._file.exists():
            self._kept = pickle.loads(self._file.read_bytes())  # noqa: S301 - our own file

    def lines(self, sample: Sample) -> Lines:
        """Return the candidates of a sample, read."""
        passages = [p for p in sample.passages if p.sentences][: selection.MOST_READ]
        if not passages:
            return Lines((), np.zeros((0, len(READ_COLUMNS))), READ_COLUMNS)
        readings = self._read(sample, "", [selection.text_of(passage) for passage in passages])
        return read_lines(sample.question, sample.vector, passages, readings)

    def alone(self, sample: Sample, lines: Lines, rows: Sequence[int]) -> list[Reading]:
        """Return what is made of candidates by themselves."""
        made = []
        for row in rows:
            line = lines.lines[row]
            text = Text(line.text, selection.text_of(line.passage).context)
            made += self._read(sample, line.text, [text])
        return made

    def keep(self) -> None:
        """Write what was read."""
        if self._file is not None:
            self._file.write_bytes(pickle.dumps(self._kept))

    def _read(self, sample: Sample, key: str, texts: list[Text]) -> list[Reading]:
        reader = self._reader_of(sample)
        full = (reader.digest, sample.field, sample.question.text, key)
        if full not in self._kept:
            self._kept[full] = reader.read(sample.question.text, texts)
        return self._kept[full]


def main() -> None:
    """Fit, measure on what was left out, and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--field", type=Path, action="append", default=[])
    parser.add_argument(
        "--span-field", type=Path, action="append", default=[],
        help="a field whose patterns match the answer itself, not its sentence",
    )  # fmt: skip
    parser.add_argument("--reader", type=Path, default=MODEL_FOLDER)
    parser.add_argument("--held-out", type=Path, nargs="+", default=[])
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--every", type=int, default=1, help="take each n-th article question")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    samples = squad_samples(args.articles, args.cache)[:: args.every]
    if len(args.held_out) == 1:
        even = [sample for sample in samples if sample.fold == 0]
        middle = len(even) // 2
        samples = [replace(s, fold=int(n >= middle)) for n, s in enumerate(even)]
    exact = {"squad", *(home.name for home in args.span_field)}
    for home in (*args.field, *args.span_field):
        samples = [*samples, *field_samples(home, args.cache)]
    final = BundledReader(args.reader)
    held_out = [BundledReader(folder) for folder in args.held_out] or [final]

    def reader_of(sample: Sample) -> BundledReader:
        return held_out[sample.fold % len(held_out)] if sample.field == "squad" else final

    readings = Readings(reader_of, args.cache)
    stored: dict[str, object] = {}
    limits: dict[str, float] = {}
    everything_asked = samples
    for read in (True, False):
        samples = [s for s in everything_asked if not read or reads(language_of(s))]
        lines = [
            readings.lines(s) if read else unread_lines(s.question, s.vector, s.passages)
            for s in samples
            if s.passages
        ]
        samples = [s for s in samples if s.passages]
        alone = readings.alone if read else lambda _sample, _lines, _rows: []
        rows: list[tuple[Sample, dict[str, float]]] = []
        thresholds = []
        for fold in (0, 1):
            fitted = Calibration(
                [s for s in samples if s.fold != fold],
                [t for s, t in zip(samples, lines, strict=True) if s.fold != fold],
                read=read,
                exact=exact,
                alone=alone,
            )
            thresholds.append(fitted.refuse_below)
            rows += [
                (s, fitted.row(s, t)) for s, t in zip(samples, lines, strict=True) if s.fold == fold
            ]
        print("with the reader" if read else "without a reader", "- fitted on the other fold")
        report(rows, float(np.mean(thresholds)))
        everything = Calibration(samples, lines, read=read, exact=exact, alone=alone)
        stored |= everything.stored()
        prefix = "" if read else "unread_"
        limits[f"{prefix}refuse_below"] = round(everything.refuse_below, 4)
        if read:
            limits["short"] = round(everything.short, 4)
        else:
            limits["unknown_language_refuse_below"] = round(everything.unknown, 4)
    readings.keep()
    stored["thresholds"] = limits
    if args.write:
        OUT.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")
    else:
        print(json.dumps(stored))


if __name__ == "__main__":
    main()
