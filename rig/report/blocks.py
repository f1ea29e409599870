"""What a report is made of: sections of plain blocks, in words and numbers with their units.  No markup, no files."""

from dataclasses import dataclass, field

Row = tuple[str, ...]


@dataclass(frozen=True)
class Text:
    """A paragraph.  ``level`` is "" for plain words, "muted", or of Headline."""

    words: str
    level: str = ""


@dataclass(frozen=True)
class Facts:
    """(title, words), one a line."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """Rows of cells under ``head``; ``align`` has "l" or "r" for each column.  ``levels`` colours rows; "" for none."""

    head: Row
    align: str
    rows: tuple[Row, ...]
    caption: str = ""
    levels: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()  # of the columns, in per cent; where there are none they share what there is


@dataclass(frozen=True)
class Figure:
    """A drawing: SVG that this program made, and what it shows, for those who can't see it."""

    svg: str
    caption: str


@dataclass(frozen=True)
class Code:
    """Text as it stands in a file."""

    text: str


Block = Text | Facts | Table | Figure | Code


@dataclass(frozen=True)
class Section:
    """A titled part."""

    title: str
    blocks: tuple[Block, ...]
    new_page: bool = False  # on paper


@dataclass(frozen=True)
class Headline:
    """A result in one line: a symbol and words beside the colour, never the colour alone."""

    level: str  # "good", "medium", "high", "muted"
    title: str
    words: str


@dataclass(frozen=True)
class Report:
    """All of it."""

    title: str
    subtitle: str
    notice: str
    headlines: tuple[Headline, ...]
    sections: tuple[Section, ...]
    footer: str  # of each page
    verdict: Headline | None = None  # of all of it, to be read from afar
    figures: dict[str, float | int | str | None] = field(default_factory=dict)  # what a program wants of it


SYMBOLS = {"good": "✓", "medium": "▲", "high": "■", "muted": "·"}
