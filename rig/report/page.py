"""A report as one page of HTML for browsers, or as pieces for whoever sets type on paper."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup

from rig.report.blocks import SYMBOLS, Code, Facts, Figure, Report, Section, Table, Text
from rig.resources import resource

_KINDS = {Text: "text", Facts: "facts", Table: "table", Figure: "figure", Code: "code"}
_WHOLE = 15  # rows of facts that stay on one page
_FIRST = 2  # of what is torn, so many follow the first on its page
_TABLE = '<table class="{}" width="100%" cellspacing="0">{}</table>'


@dataclass(frozen=True)
class Piece:
    """What stays together on a page: HTML, or a drawing across the page."""

    html: str = ""
    svg: str = ""
    keep: bool = False  # on the page of the next one
    head: str = ""  # HTML above it, where it is the first on its page
    above_pt: float = 0.0  # empty space, except at the top of a page


@dataclass(frozen=True)
class Paper:
    """A report for a printer: its style sheet, its pieces in order, and the foot of each page."""

    title: str
    sheet: str
    pieces: tuple[Piece, ...]
    foot: str


@cache
def _environment() -> jinja2.Environment:
    """Everything is escaped but what this package draws itself."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(resource("report")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["kind"] = lambda block: _KINDS[type(block)]
    made.filters["drawing"] = lambda figure: Markup(figure.svg)
    made.globals["symbols"] = SYMBOLS
    return made


def _sheet(name: str) -> str:
    return resource(f"report/{name}").read_text(encoding="utf-8")


def web(report: Report) -> str:
    """A page that needs nothing beside it, with the sheet for screen and print, and the drawings inside."""
    return _environment().get_template("report.html").render(report=report, sheet=Markup(_sheet("screen.css")))


def paper(report: Report) -> Paper:
    """The same for paper."""
    parts: Any = _environment().get_template("parts.html").module
    pieces = [Piece(str(parts.opening(report)))]
    pieces += [
        Piece(_TABLE.format("headlines", parts.headline(one)), above_pt=8.0 if number == 0 else 0.0)
        for number, one in enumerate(report.headlines)
    ]
    for section in report.sections:
        pieces += _section(section, parts)
    return Paper(f"{report.title}: {report.subtitle}", _sheet("paper.css"), tuple(pieces), report.footer)


def _section(section: Section, parts: Any) -> list[Piece]:
    pieces = [Piece(_TABLE.format("heading", parts.heading(section.title)), keep=True, above_pt=16.0)]
    for block in section.blocks:
        if isinstance(block, Text):
            heading = block.level == "heading"
            pieces.append(Piece(str(parts.text(block)), keep=heading, above_pt=8.0 if heading else 3.0))
        elif isinstance(block, Facts):
            last = len(block.rows) - 1
            pieces += [
                Piece(_TABLE.format("facts", parts.fact(*row)), keep=at < last if last < _WHOLE else at < _FIRST)
                for at, row in enumerate(block.rows)
            ]
        elif isinstance(block, Table):
            pieces += _table(block, parts)
        elif isinstance(block, Figure):
            pieces.append(Piece(svg=block.svg, keep=True, above_pt=8.0))
            pieces.append(Piece(str(parts.caption(block.caption))))
        else:
            pieces += [
                Piece(_TABLE.format("code", parts.code(line)), keep=at < _FIRST, above_pt=0.0 if at else 6.0)
                for at, line in enumerate(block.text.splitlines() or [""])
            ]
    return pieces


def _table(table: Table, parts: Any) -> list[Piece]:
    """A piece a row, so that none is torn apart; its head stands above the first of each page."""
    pieces = []
    if table.caption:
        pieces.append(Piece(str(parts.caption(table.caption)), keep=True, above_pt=8.0))
    head = _TABLE.format("rows", parts.head(table))
    pieces.append(Piece(head, keep=True, above_pt=0.0 if table.caption else 6.0))
    levels = table.levels or ("",) * len(table.rows)
    for cells, level in zip(table.rows, levels, strict=True):
        pieces.append(Piece(_TABLE.format("rows", parts.row(table, cells, level)), keep=level == "sign", head=head))
    pieces[-1] = replace(pieces[-1], keep=False)
    return pieces
