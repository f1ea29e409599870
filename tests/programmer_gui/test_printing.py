"""Type set on pages: nothing torn, headings with what follows, heads of tables again on each page."""

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QPdfWriter
from PySide6.QtWidgets import QApplication

from programmer_gui import printing
from programmer_gui.printing import Setter
from rig.report.page import Paper, Piece

ROW = "<table width='100%'><tr><td>row</td></tr></table>"
HEAD = "<table width='100%'><tr><th>head</th></tr></table><p>of two lines</p>"
HEADING = "<h1>heading</h1>"


BUFFER = QBuffer()


def setter(*pieces: Piece) -> Setter:
    BUFFER.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(BUFFER)
    writer.setResolution(printing.DOTS_INCH)
    printing.prepare(writer)
    return Setter(Paper("t", "", pieces, "foot"), writer)


def test_the_head_of_a_table_stands_on_each_of_its_pages(qapp: QApplication) -> None:
    made = setter(Piece(HEAD, keep=True), *(Piece(ROW, head=HEAD) for _ in range(150)))
    pages = made.pages()
    assert len(pages) > 1
    head, row = pages[0][0][1].height, pages[0][1][1].height
    assert head > row
    assert [page[0][1].height for page in pages] == [head] * len(pages)
    assert sum(len(page) - 1 for page in pages) == 150
    assert all(y + piece.height <= made._height for page in pages for y, piece in page)


def test_a_heading_is_never_the_last_on_its_page(qapp: QApplication) -> None:
    for rows in range(35, 60):
        made = setter(
            *(Piece(ROW) for _ in range(rows)), Piece(HEADING, keep=True, above_pt=16), Piece(ROW), Piece(ROW)
        )
        heading = max(piece.height for page in made.pages() for _, piece in page)
        for page in made.pages():
            assert page[-1][1].height != heading


def test_a_drawing_is_as_wide_as_the_page(qapp: QApplication) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 200" width="720" height="200"></svg>'
    made = setter(Piece(svg=svg))
    ((_, piece),) = made.pages()[0]
    assert piece.height == pytest.approx(made._width * 200 / 720, rel=0.01)
