"""``python -m eval.hostile``: feeds every hostile input and prints a table; exit 1 on any fault."""

import argparse
import sys
import time
from collections.abc import Sequence

from eval.hostile.harness import Harness
from eval.hostile.inputs import inputs
from eval.hostile.model import Verdict
from eval.hostile.report import Report
from eval.hostile.service import Service


def main(arguments: Sequence[str]) -> int:
    """Run, and return the exit status."""
    options = _options(arguments)
    chosen = [
        (number, each)
        for number, each in enumerate(inputs(options.seed))
        if options.only is None or options.only in each.title
    ]
    if not chosen:
        sys.stderr.write(f"no input has {options.only!r} in its name\n")
        return 2
    rows = []
    began = time.monotonic()
    with Harness(options.seed, limit_s=options.limit) as harness, Service() as service:
        for number, each in chosen:
            if each.way == "upload":
                verdict: Verdict = service.feed(each, limit_s=options.limit)
            else:
                verdict = harness.feed(number)
            rows.append((each, verdict))
            if options.verbose or verdict.outcome in ("crash", "hang"):
                says = " ".join(verdict.says.split())[:160]
                sys.stderr.write(
                    f"{verdict.outcome:>8} {verdict.seconds:6.2f} s  {each.title}: {says}\n"
                )
    report = Report(rows)
    sys.stdout.write(report.table() + "\n")
    sys.stdout.write(f"seed {options.seed}, {time.monotonic() - began:.0f} seconds\n")
    if report.failures:
        sys.stdout.write("\n" + report.details() + "\n")
    return 1 if report.failures else 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/hostile", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="of the damage done; 1 by default")
    parser.add_argument("--only", help="inputs with this in their name")
    parser.add_argument(
        "--limit", type=float, default=60.0, help="seconds after which it is a hang"
    )
    parser.add_argument("--verbose", action="store_true", help="show each input")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
