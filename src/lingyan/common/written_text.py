"""What stands in a document, whether it is printed from a page or leaves as a Word file?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Article:
    """A heading with its paragraphs."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A document as it is read: head, parties, text in articles, and who signs it."""

    title: str
    number: str
    parties: tuple[str, ...]
    preamble: str
    articles: tuple[Article, ...]
    signatures: tuple[tuple[str, ...], ...]  # of each signer the lines, beside one another
