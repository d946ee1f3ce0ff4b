"""Hostile HTML: deep, wide, never ended, with entities, scripts and lies about itself."""

from collections.abc import Callable, Iterator

from eval.hostile.model import Hostile, given
from eval.hostile.samples import PAGE

_MANY = 200_000
_START = b"<!DOCTYPE html><html><body><article>"
_WORDS = b"<p>The ferry stays in port until Thursday, the company said on Monday morning.</p>"


def pages(seed: int) -> Iterator[Hostile]:
    """Make pages. The seed changes nothing."""
    bodies: dict[str, Callable[[], bytes]] = {
        "deep": lambda: b"<div>" * _MANY + _WORDS * 5,
        "deep and ended": lambda: b"<div>" * 50_000 + _WORDS * 5 + b"</div>" * 50_000,
        "deep lists": lambda: b"<ul><li>" * 50_000 + _WORDS,
        "deep tables": lambda: b"<table><tr><td>" * 20_000 + _WORDS,
        "deep quotes": lambda: b"<blockquote>" * 50_000 + _WORDS,
        "deep fonts": lambda: b"<b><i>" * 50_000 + _WORDS,
        "misnested": lambda: b"<b><p></b><i></p>" * 50_000 + _WORDS,
        "deep svg": lambda: b"<svg><g>" * 50_000 + _WORDS,
        "deep templates": lambda: b"<template>" * 50_000 + _WORDS,
        "wide": lambda: b"<p>a</p>" * _MANY,
        "links": lambda: b"<a href='/x'>a</a>" * 50_000 + _WORDS,
        "breaks": lambda: b"<br>" * _MANY + _WORDS,
        "ends only": lambda: b"</div>" * _MANY + _WORDS,
        "angles": lambda: b"<" * 1_000_000 + _WORDS,
        "comments": lambda: b"<!---->" * _MANY + _WORDS,
        "comment not ended": lambda: b"<!--" + b"-" * 1_000_000 + _WORDS,
        "cdata": lambda: b"<![CDATA[" * 50_000 + _WORDS,
        "script not ended": lambda: _WORDS + b"<script>" + b"a" * 1_000_000,
        "attributes": lambda: (
            b"<p " + b" ".join(b"a%d=b" % n for n in range(50_000)) + b">" + _WORDS
        ),
        "one attribute": lambda: b"<p class='" + b"x " * 1_000_000 + b"'>" + _WORDS,
        "attribute not ended": lambda: b"<p class='" + b"x" * 1_000_000 + _WORDS,
        "entities": lambda: b"<p>" + b"&amp;" * _MANY + b"</p>",
        "unknown entities": lambda: b"<p>" + b"&lol;" * _MANY + b"</p>",
        "number entities": lambda: b"<p>" + b"&#x110000;&#0;&#xD800;&#128;" * 20_000 + _WORDS,
        "zeros": lambda: b"\x00".join([_WORDS] * 20),
        "one word": lambda: b"<p>" + b"a" * 2_000_000 + b"</p>",
        "spaces": lambda: b"<p>a" + b"&nbsp; " * 300_000 + b"b</p>",
        "bidirectional": lambda: "<p>\u202e\u2066The ferry stays in port\u2069</p>".encode() * 500,
        "frames": lambda: b"<iframe src='file:///etc/passwd'></iframe>" * 1_000 + _WORDS,
        "objects": lambda: b"<object data='http://127.0.0.1:9/'>" * 1_000 + _WORDS,
        "data links": lambda: b"<a href='data:text/html;base64,%s'>x</a>" % (b"A" * 1_000_000),
        "headings": lambda: b"<h1>a</h1>" * 50_000 + _WORDS,
        "selects": lambda: b"<select><option>a" * 30_000 + _WORDS,
    }
    for name, make in bodies.items():
        yield Hostile("html", name, lambda make=make: _START + make(), filename="input.html")  # type: ignore[misc]  # bound now, not when called
    yield from _heads()


def _heads() -> Iterator[Hostile]:
    heads = {
        "refresh": '<meta http-equiv="refresh" content="0;url=file:///etc/passwd">',
        "base": '<base href="file:///etc/">',
        "charset": '<meta charset="utf-7"><meta charset="nonsense">',
        "charset that lies": '<meta charset="utf-16">',
        "date": '<meta property="article:published_time" content="0000-00-00T99:99:99Z">',
        "date of long ago": '<meta property="article:published_time" content="-9999-01-01">',
        "long date": f'<meta name="date" content="{"2024-" * 50_000}">',
        "title": f"<title>{'x' * 500_000}</title>",
        "title with controls": "<title>a\x00\x1b[31m\u202eb</title>",
        "many titles": "<title>a</title>" * 20_000,
        "language": '<meta http-equiv="content-language" content="../../etc">',
        "linked data": '<script type="application/ld+json">{"@type": "NewsArticle", '
        '"datePublished": {"a": ["b"]}, "headline": 7, "author": null}</script>',
        "deep linked data": '<script type="application/ld+json">' + '{"a":' * 50_000 + "</script>",
        "much linked data": '<script type="application/ld+json">{}</script>' * 20_000,
        "canonical": '<link rel="canonical" href="javascript:alert(1)">',
        "metas": '<meta name="a" content="b">' * 50_000,
        "style": f"<style>{'a{b:c}' * 100_000}</style>",
    }
    for name, head in heads.items():
        data = PAGE.replace("<head>", f"<head>{head}").encode("utf-8", "surrogatepass")
        yield Hostile("html head", name, given(data), filename="input.html")
    for encoding in ("utf-16", "utf-32", "utf-7", "iso2022_jp", "cp037", "hz"):
        data = PAGE.encode(encoding)
        yield Hostile("html head", f"in {encoding}", given(data), filename="input.html")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    xhtml = (
        f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY l0 "lol">{laughs}'
        "<!ENTITY f SYSTEM 'file:///etc/passwd'>]>"
        '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>&l9; &f; The ferry stays.</p></body>'
        "</html>"
    )
    yield Hostile(
        "html head", "entities", given(xhtml.encode()), filename="input.xhtml", never="root:"
    )
