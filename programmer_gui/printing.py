"""Pages onto paper or into a PDF: HTML as Qt's rich text knows it, drawings as vectors, a foot below each page."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QGuiApplication,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
    QTextOption,
)
from PySide6.QtSvg import QSvgRenderer

from rig import atomic
from rig.report.page import Paper, Piece

MARGIN_MM = 17.0
POINTS_INCH = 96  # of a page's own sizes
DOTS_INCH = POINTS_INCH * 4
FAMILIES = ("Segoe UI", "Helvetica Neue", "Arial", "Liberation Sans", "Noto Sans", "DejaVu Sans", "Sans Serif")
TEXT_PT, FOOT_PT = 9.0, 7.0
_FOOT_LINES = 3.0  # of the foot's, kept free at the end of each page


def _font(points: float) -> QFont:
    font = QFont()
    font.setFamilies(list(FAMILIES))
    font.setPointSizeF(points)
    return font


def document(html: str, device: QPagedPaintDevice, dots_inch: int) -> QTextDocument:
    """``html`` laid out for ``device``."""
    made = QTextDocument()
    made.setDefaultFont(_font(TEXT_PT))
    made.documentLayout().setPaintDevice(device)
    area = device.pageLayout().paintRectPixels(dots_inch)
    made.setPageSize(QSizeF(area.size()))
    made.setHtml(html)
    return made


def prepare(device: QPagedPaintDevice) -> None:
    """A4, with margins."""
    device.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
    device.setPageMargins(margins, QPageLayout.Unit.Millimeter)


@dataclass
class _Set:
    """A piece that has been set: how high it is, and what draws it at a place."""

    height: float
    draw: Callable[[QPainter, float], None]


class Setter:
    """Sets the pieces of ``paper`` for ``device``: none is torn, a heading stays with what follows it."""

    def __init__(self, paper: Paper, device: QPagedPaintDevice, dots_inch: int = DOTS_INCH) -> None:
        self._paper, self._device = paper, device
        self._dot_pt = dots_inch / 72
        area = device.pageLayout().paintRectPixels(dots_inch)
        self._width = float(area.width())
        self._height = area.height() - FOOT_PT * _FOOT_LINES * self._dot_pt

    def pages(self) -> list[list[tuple[float, _Set]]]:
        """What is where on each page: (y, piece)."""
        pages: list[list[tuple[float, _Set]]] = [[]]
        y = 0.0
        for group in self._groups():
            whole = sum(made.height + piece.above_pt * self._dot_pt for piece, made in group)
            if pages[-1] and y + whole > self._height:
                pages.append([])
                y = 0.0
                if group[0][0].head:
                    again = self._html(group[0][0].head)
                    pages[-1].append((y, again))
                    y += again.height
            for piece, made in group:
                y += piece.above_pt * self._dot_pt if pages[-1] else 0.0
                pages[-1].append((y, made))
                y += made.height
        return pages

    def _groups(self) -> list[list[tuple[Piece, _Set]]]:
        """Pieces that belong on one page."""
        groups: list[list[tuple[Piece, _Set]]] = []
        joined = False
        for piece in self._paper.pieces:
            made = self._svg(piece.svg) if piece.svg else self._html(piece.html)
            if joined:
                groups[-1].append((piece, made))
            else:
                groups.append([(piece, made)])
            joined = piece.keep
        return groups

    def _html(self, html: str) -> _Set:
        made = QTextDocument()
        made.setDefaultFont(_font(TEXT_PT))
        made.setDocumentMargin(0)
        made.setDefaultTextOption(QTextOption(Qt.AlignmentFlag.AlignLeft))
        made.documentLayout().setPaintDevice(self._device)
        made.setDefaultStyleSheet(self._paper.sheet)
        made.setTextWidth(self._width)
        made.setHtml(f"<body>{html}</body>")

        def draw(painter: QPainter, y: float) -> None:
            painter.translate(0, y)
            made.drawContents(painter)
            painter.translate(0, -y)

        return _Set(made.size().height(), draw)

    def _svg(self, svg: str) -> _Set:
        renderer = QSvgRenderer(QByteArray(svg.encode()))
        size = renderer.defaultSize()
        height = self._width * size.height() / max(1, size.width())
        return _Set(height, lambda painter, y: renderer.render(painter, QRectF(0, y, self._width, height)))

    def paint(self) -> None:
        """Onto the device, page by page."""
        pages = self.pages()
        painter = QPainter(self._device)
        for number, page in enumerate(pages, 1):
            if number > 1:
                self._device.newPage()
            for y, made in page:
                made.draw(painter, y)
            self._paint_foot(painter, f"Page {number} of {len(pages)}")
        painter.end()

    def _paint_foot(self, painter: QPainter, number: str) -> None:
        painter.setFont(_font(FOOT_PT))
        painter.setPen(QColor("#566070"))
        dot = self._dot_pt
        line = QRectF(0, self._height + FOOT_PT * (_FOOT_LINES - 1.5) * dot, self._width, FOOT_PT * 1.5 * dot)
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, number)
        room = int(self._width - painter.fontMetrics().horizontalAdvance(number) - 2 * FOOT_PT * dot)
        words = painter.fontMetrics().elidedText(self._paper.foot, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, words)


def _pdf(title: str, paint: Callable[[QPdfWriter], None]) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DOTS_INCH)
    writer.setTitle(title)
    writer.setCreator("Pump Programmer")
    prepare(writer)
    paint(writer)
    return bytes(buffer.data().data())


def save_pdf(path: Path, html: str, title: str) -> None:
    """``html`` as the PDF file ``path``.  Raises UsageError where it can't be written."""
    atomic.write_bytes(path, _pdf(title, lambda writer: document(html, writer, DOTS_INCH).print_(writer)))


def save_paper(path: Path, paper: Paper) -> None:
    """``paper`` as the PDF file ``path``; any thread may.  Raises UsageError where it can't be written."""
    atomic.write_bytes(path, _pdf(paper.title, lambda writer: Setter(paper, writer).paint()))


def save_paper_without_window(path: Path, paper: Paper) -> None:
    """The same where there is no application yet, and maybe no display."""
    application = QGuiApplication.instance() or _application()
    assert application is not None
    save_paper(path, paper)


def _application() -> QGuiApplication:
    shown = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.platform == "linux" and not shown:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return QGuiApplication(["pump-programmer"])
