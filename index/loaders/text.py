"""Plain text and Markdown, with or without front matter. Markdown stays as it is written."""

from index.loaders.base import Loaded
from index.loaders.decoding import decode
from index.loaders.frontmatter import split


class TextLoader:
    """Reads plain text in any common encoding."""

    suffixes: tuple[str, ...] = (".txt", ".text")
    media_types: tuple[str, ...] = ("text/plain",)

    def load(self, data: bytes, name: str) -> Loaded:
        """Return the text, and what its front matter states if it has one."""
        return split(decode(data, name), name)


class MarkdownLoader(TextLoader):
    """Reads Markdown; its marks are known to the segmenter, not removed here."""

    suffixes = (".md", ".markdown")
    media_types = ("text/markdown", "text/x-markdown")
