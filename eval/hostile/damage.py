"""Sound files cut off, with bytes changed, pieces doubled or swapped, and under wrong names."""

import random
from collections.abc import Iterator

from eval.hostile.model import Hostile, given
from eval.hostile.samples import SOUND

_CUTS = 9
_FLIPS = 9


def damaged(seed: int) -> Iterator[Hostile]:
    """Make damaged files of each format."""
    chance = random.Random(seed)  # noqa: S311  # to be repeated, not to be secret
    for ending, sound in SOUND.items():
        name = f"input.{ending}"
        for number in range(_CUTS):
            at = chance.randrange(1, len(sound))
            yield Hostile(
                f"{ending} cut off", f"{number} at {at}", given(sound[:at]), filename=name
            )
        for number in range(_FLIPS):
            changed = bytearray(sound)
            for _ in range(2**number % 97 + 1):
                changed[chance.randrange(len(changed))] = chance.randrange(256)
            yield Hostile(
                f"{ending} changed", f"bytes {number}", given(bytes(changed)), filename=name
            )
        one, two = sorted(chance.sample(range(len(sound)), 2))
        for what, data in {
            "doubled": sound[:two] + sound[one:],
            "swapped": sound[two:] + sound[one:two] + sound[:one],
            "reversed": sound[::-1],
            "with zeros": sound[:one] + bytes(1000) + sound[one:],
            "after rubbish": chance.randbytes(600) + sound,
            "before rubbish": sound + chance.randbytes(600),
        }.items():
            yield Hostile(f"{ending} changed", what, given(data), filename=name)


def misnamed(seed: int) -> Iterator[Hostile]:
    """Make files whose names say that they are of another format, and of none."""
    chance = random.Random(seed)  # noqa: S311
    endings = list(SOUND)
    for ending in endings:
        for other in endings:
            if ending != other:
                yield Hostile(
                    "wrong ending",
                    f"{ending} as {other}",
                    given(SOUND[ending]),
                    filename=f"input.{other}",
                )
        for what, data in {
            "empty": b"",
            "blank": b" \n\t\r\n" * 100,
            "one byte": b"\x00",
            "zeros": bytes(10_000),
            "rubbish": chance.randbytes(5_000),
            "only its mark": SOUND[ending][:8],
            "UTF-16": "The ferry stays in port.".encode("utf-16"),
            "lone surrogates": b"The ferry \xed\xa0\x80 stays \xed\xb0\x80 in port.",
            "controls": bytes(range(32)) * 100,
        }.items():
            yield Hostile("no content", f"{what} as {ending}", given(data), filename=f"i.{ending}")
