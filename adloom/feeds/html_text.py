"""HTML descriptions to plain sentences and highlights."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import pairwise

from adloom.feeds.values import clean

MAX_HIGHLIGHT = 150  #: longer list items are sentences of the description
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]\w*);")
_LOOSE = re.compile(r"<(?![^<>]*>)")  #: opens no tag; the parser would look for its end over and over: quadratic
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "footer"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table"}
    | {"tbody", "thead", "tr", "ul"}
)
_SILENT = frozenset({"script", "style", "template", "title", "head", "iframe", "svg", "noscript"})
_INTRODUCTION = 40  #: a shorter block right before a list only introduces it ("Features")


@dataclass(frozen=True)
class Description:
    """What an HTML description says: its sentences, and its list items."""

    text: str
    highlights: tuple[str, ...]


@dataclass(frozen=True)
class _Block:
    text: str
    listed: bool


class _Blocks(HTMLParser):
    """Collects the visible text, one block per paragraph, heading, list item or table row."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[_Block] = []
        self._words: list[str] = []
        self._item = False
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        if tag in _BLOCKS:
            self.end_block()
            self._item = tag == "li" or (self._item and tag in ("p", "div", "br"))
        elif tag in ("td", "th") and "".join(self._words).strip():
            self._words.append(": ")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))
        if tag in _BLOCKS:
            self.end_block()
            self._item = self._item and tag not in ("li", "ul", "ol")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._words.append(data)

    def end_block(self) -> None:
        text = clean("".join(self._words)).replace(": : ", ": ")
        self._words.clear()
        if text:
            self.blocks.append(_Block(text.lstrip("•·*-– ") if self._item else text, self._item))


def has_markup(text: str) -> bool:
    """Whether *text* holds tags or entities."""
    return _MARKUP.search(text) is not None


def read_html(markup: str) -> Description:
    """The text of *markup*: list items become highlights, everything else sentences."""
    parser = _Blocks()
    try:
        parser.feed(_LOOSE.sub("&lt;", markup))
        parser.close()
    except AssertionError:  # the parser's answer to some broken declarations
        return Description(clean(_MARKUP.sub(" ", markup)), ())
    parser.end_block()
    blocks = [block for block in parser.blocks if block.text]
    highlights = [block.text for block in blocks if block.listed and len(block.text) <= MAX_HIGHLIGHT]
    sentences = [
        block.text for n, block in enumerate(blocks) if not _is_highlight(block) and not _introduces(blocks, n)
    ]
    return Description(_join(sentences), tuple(dict.fromkeys(highlights)))


def _is_highlight(block: _Block) -> bool:
    return block.listed and len(block.text) <= MAX_HIGHLIGHT


def _introduces(blocks: list[_Block], n: int) -> bool:
    before_list = n + 1 < len(blocks) and blocks[n + 1].listed and not blocks[n].listed
    text = blocks[n].text
    return before_list and (text.endswith(":") or (len(text) <= _INTRODUCTION and text[-1] not in ".!?"))


def _join(sentences: list[str]) -> str:
    """One paragraph; a block without an end mark gets its full stop, unless the next one goes on in lower case."""
    closed = [
        sentence if sentence[-1] in ".!?:;,…。！？" or following[0].islower() else f"{sentence}."
        for sentence, following in pairwise(sentences)
    ]
    return " ".join([*closed, *sentences[-1:]])
