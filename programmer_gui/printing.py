"""A page of HTML onto paper or into a PDF file."""

from pathlib import Path

from PySide6.QtCore import QMarginsF, QSizeF
from PySide6.QtGui import QFont, QPagedPaintDevice, QPageLayout, QPageSize, QPdfWriter, QTextDocument

from firmware_link.errors import UsageError

MARGIN_MM = 18.0
POINTS_INCH = 96  # of the page's own sizes


def document(html: str, device: QPagedPaintDevice, dots_inch: int) -> QTextDocument:
    """``html`` laid out for ``device``."""
    made = QTextDocument()
    made.setDefaultFont(QFont("Sans Serif", 9))
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


def save_pdf(path: Path, html: str, title: str) -> None:
    """``html`` as the PDF file ``path``.  Raises UsageError where it can't be written."""
    try:
        with path.open("ab"):
            pass
    except OSError as error:
        raise UsageError(f"{path} can't be written: {error.strerror}.", "Choose another folder.") from error
    writer = QPdfWriter(str(path))
    writer.setResolution(POINTS_INCH * 4)
    writer.setTitle(title)
    prepare(writer)
    document(html, writer, writer.resolution()).print_(writer)
