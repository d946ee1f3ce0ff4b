"""All inputs, in a fixed order that depends on the seed alone."""

from collections.abc import Iterator
from dataclasses import replace

from eval.hostile.damage import damaged, misnamed
from eval.hostile.folders import folders
from eval.hostile.letters import letters
from eval.hostile.model import Hostile, Source
from eval.hostile.packages import packages
from eval.hostile.pages import pages
from eval.hostile.papers import papers
from eval.hostile.texts import texts
from eval.hostile.webs import lists, servers, urls

_SOURCES: tuple[Source, ...] = (
    damaged,
    misnamed,
    texts,
    pages,
    packages,
    letters,
    papers,
    folders,
    lists,
    urls,
    servers,
)
_UPLOADED_EVERY = 9


def inputs(seed: int) -> list[Hostile]:
    """Return every input; some that go in as files go in over HTTP as well."""
    alone = [each for source in _SOURCES for each in source(seed)]
    return [*alone, *_uploaded(alone)]


def sample(seed: int, number: int) -> list[int]:
    """Return the numbers of about ``number`` inputs, of all groups alike, for a short run."""
    groups: dict[str, list[int]] = {}
    for place, each in enumerate(inputs(seed)):
        if each.way != "upload":
            groups.setdefault(each.group, []).append(place)
    most = max(1, -(-number // len(groups)))
    return [place for places in groups.values() for place in places[:: -(-len(places) // most)]]


def _uploaded(alone: list[Hostile]) -> Iterator[Hostile]:
    files = [each for each in alone if each.way == "file"]
    for each in files[::_UPLOADED_EVERY]:
        name = f"{each.group}: {each.name}"
        yield replace(each, group="uploads", name=name, way="upload")
    for each in [each for each in alone if each.way == "url"][:: _UPLOADED_EVERY * 2]:
        yield replace(each, group="uploads", way="upload", filename="")
