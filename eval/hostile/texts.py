"""Hostile plain text, Markdown and JSON Lines: long, deep, repetitive, of wrong types."""

import json
import random
from collections.abc import Callable, Iterator

from eval.hostile.model import Hostile, given

_SENTENCE = "The ferry stays in port until Thursday. "
_MILLION = 1_000_000


def texts(seed: int) -> Iterator[Hostile]:
    """Make texts whose form costs whoever takes them apart."""
    chance = random.Random(seed)  # noqa: S311  # to be repeated, not to be secret
    long = {
        "one word": lambda: b"a" * _MILLION,
        "one line": lambda: (_SENTENCE * 20_000).encode(),
        "lines": lambda: b"a\n" * 200_000,
        "blank lines": lambda: b"a" + b"\n" * _MILLION + b"b",
        "spaces": lambda: b"a" + b" " * _MILLION + b"b",
        "full stops": lambda: b"." * _MILLION,
        "abbreviations": lambda: b"Mr. Dr. U.S. e.g. " * 20_000,
        "initials": lambda: b"A. " * 100_000,
        "quotes": lambda: b"\"'" * 200_000,
        "opening brackets": lambda: b"(" * 300_000,
        "digits": lambda: b"1" * _MILLION,
        "numbers": lambda: b"1,000.5 " * 60_000,
        "dates": lambda: b"27 September 2024, " * 20_000,
        "datelines": lambda: b"BAGHDAD, Sept. 27 (Agency) - " * 20_000,
        "capitals": lambda: b"THE FERRY STAYS " * 30_000,
        "rulers": lambda: b"-" * 500_000,
        "headings": lambda: b"# a\n\n" * 50_000,
        "heading marks": lambda: b"#" * 500_000,
        "quote marks": lambda: b"> " * 200_000 + b"a",
        "list marks": lambda: b"- " * 200_000 + b"a",
        "table": lambda: b"|" * 400_000,
        "links": lambda: b"[" * 200_000,
        "links nested": lambda: b"[a](" * 100_000,
        "stars": lambda: b"*" * 400_000 + b"a",
        "backticks": lambda: b"`" * 400_000,
        "fences": lambda: b"```\n" * 50_000,
        "comments": lambda: b"<!---->" * 60_000 + b"The ferry stays in port.",
        "comment not ended": lambda: b"<!--" * 100_000,
        "tags": lambda: b"<a <a " * 60_000,
        "combining": lambda: ("a" + "\u0301" * 300_000).encode(),
        "bidirectional": lambda: ("\u202e\u2066ferry\u2069" * 20_000).encode(),
        "zero width": lambda: ("f\u200be\u200dr\ufeffr\u00ady " * 30_000).encode(),
        "emoji": lambda: ("\U0001f468\u200d\U0001f469\u200d\U0001f467" * 30_000).encode(),
        "other planes": lambda: ("\U00020000" * 200_000).encode(),
        "hangul to compose": lambda: ("\u1100\u1161\u11a8" * 100_000).encode(),
        "one that expands": lambda: ("\ufdfa" * 100_000).encode(),
        "UTF-16 odd": lambda: "The ferry".encode("utf-16")[:-1],
        "UTF-32 bad": lambda: b"\xff\xfe\x00\x00" + b"\xff" * 400,
        "UTF-7": lambda: b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
        "escapes": lambda: b"\x1b[31mred\x1b]0;title\x07 The ferry stays in port.",
    }
    for name, make in long.items():
        yield Hostile("text", name, make, filename="input.md" if "mark" in name else "input.txt")
        if name in ("one word", "rulers", "quote marks", "links", "stars", "comments", "tags"):
            yield Hostile("markdown", name, make, filename="input.md")
    yield from _front_matter()
    yield from _lines(chance)


def _front_matter() -> Iterator[Hostile]:
    laughs = "a0: &a0 lol\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
    )
    blocks = {
        "laughs": laughs,
        "itself": "a: &a [*a]",
        "objects": "title: !!python/object/apply:os.system ['true']",
        "deep": "title: " + "[" * 9_000,
        "deep maps": "".join(" " * n + "a:\n" for n in range(190)),
        "merge": "a: &a {b: c}\nd:\n" + "  <<: *a\n" * 500,
        "keys": "? " * 5_000,
        "anchors": "".join(f"a{n}: &x{n} y\n" for n in range(1_000)),
        "long value": "title: " + "x" * 19_000,
        "never ended": "title: 'x",
        "wrong types": "title: [a]\npublished_at: {b: c}",
        "date": "published_at: 2024-13-45",
        "date in words": "published_at: the day after",
        "year": "published_at: 999999999-01-01",
        "id": "id: ../../etc/passwd",
        "id with controls": 'id: "a\\0b\\nc"',
        "url": "url: javascript:alert(1)",
        "url with controls": 'url: "http://a.example/\\r\\nX: y"',
        "title with controls": 'title: "a\\0\\e[31m\\u202Eb"',
        "title with a surrogate": 'title: "a\\ud800b"',
        "tabs": "\t\ttitle: x",
        "binary": "title: !!binary //////",
        "tag": "title: !<tag:yaml.org,2002:python/name:os.system> x",
    }
    for name, block in blocks.items():
        data = f"---\n{block}\n---\n\n{_SENTENCE * 3}".encode()
        yield Hostile("front matter", name, given(data), filename="input.md")


def _lines(chance: random.Random) -> Iterator[Hostile]:
    ok = {"text": _SENTENCE * 3}
    lines: dict[str, Callable[[], bytes]] = {
        "deep lists": lambda: b"[" * 500_000,
        "deep objects": lambda: b'{"text":' * 200_000,
        "deep and ended": lambda: b"[" * 90_000 + b"]" * 90_000,
        "huge number": lambda: b'{"text": ' + b"9" * 100_000 + b"}",
        "exponent": lambda: b'{"text": 1e999999999}',
        "not a number": lambda: b'{"text": NaN}\n{"text": -Infinity}',
        "null": lambda: b"null\ntrue\n0\n[]\n{}\n",
        "keys": lambda: json.dumps({f"k{n}": n for n in range(50_000)}).encode(),
        "same key": lambda: b"{" + b'"text": "a",' * 50_000 + b'"text": "b"}',
        "surrogates": lambda: b'{"text": "The ferry \\ud800 stays.", "title": "\\udfff"}',
        "controls": lambda: (
            b'{"text": "The ferry\\u0000\\u001b stays in port.", "title": "\\u0000"}'
        ),
        "control as it is": lambda: b'{"text": "a\x00b"}',
        "many empty": lambda: b"{}\n" * 50_000,
        "many damaged": lambda: b"{\n" * 50_000,
        "one line": lambda: json.dumps({"text": _SENTENCE * 40_000}).encode(),
        "not ended": lambda: b'{"text": "' + b"a" * _MILLION,
        "escapes": lambda: b'{"text": "' + b"\\u0061" * 150_000 + b'"}',
        "other separators": lambda: '{"text": "a\u2028b\u2029c\x85d"}'.encode(),
        "UTF-16": lambda: json.dumps(ok).encode("utf-16"),
        "mark inside": lambda: b'{"text": "a"}\n\xef\xbb\xbf{"text": "b"}',
        "same id": lambda: (json.dumps({**ok, "id": "x"}) + "\n").encode() * 3,
        "polluting": lambda: b'{"__proto__": {"a": 1}, "__class__": "os", "text": "a"}',
    }
    for name, make in lines.items():
        yield Hostile("json lines", name, make, filename="input.jsonl")
    values: tuple[object, ...] = (
        0,
        -1,
        1.5,
        True,
        [],
        ["a"],
        {},
        {"a": "b"},
        "",
        "\u0000",
        "x" * 100_000,
        "../../x",
    )
    for key in ("text", "id", "title", "source", "url", "language", "published_at"):
        wrong = [json.dumps({**ok, key: value}) for value in chance.sample(values, 8)]
        yield Hostile(
            "json lines", f"wrong {key}", given("\n".join(wrong).encode()), filename="i.jsonl"
        )
