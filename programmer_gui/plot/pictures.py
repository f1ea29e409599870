"""The charts as a picture or a drawing in a file, always in the light theme: for paper."""

import os
from contextlib import suppress
from pathlib import Path

from pyqtgraph.exporters import ImageExporter
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgGenerator

from firmware_link.errors import UsageError
from programmer_gui.plot.canvas import Canvas
from programmer_gui.tokens import LIGHT
from rig import atomic


def export(canvas: Canvas, path: Path) -> None:
    """Saves what ``canvas`` shows as ``path``, .png or .svg, whole or not at all; a file that is there is replaced.

    Raises UsageError for another ending, or where it can't be written.
    """
    draw = {".png": _picture, ".svg": _drawing}.get(path.suffix.lower())
    if draw is None:
        raise UsageError(f"{path.name} is no picture that can be made.", "Choose a name that ends in .png or .svg.")
    tokens, name = canvas.look.tokens, str(atomic.beside(path))
    try:
        open(name, "xb").close()
        canvas.set_theme(LIGHT)
        if not draw(canvas, name):
            raise OSError(0, "the disk is full, or takes no files here")
        with open(name, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(name, path)
    except OSError as error:
        raise UsageError(f"{path} can't be written: {error.strerror}.", "Choose another folder.") from error
    finally:
        canvas.set_theme(tokens)
        with suppress(OSError):
            os.unlink(name)


def _picture(canvas: Canvas, name: str) -> bool:
    return bool(ImageExporter(canvas.scene()).export(toBytes=True).save(name, "PNG"))


def _drawing(canvas: Canvas, name: str) -> bool:
    drawing = QSvgGenerator()  # pyqtgraph's own exporter fails at the closed paths that Qt 6.11 writes
    drawing.setFileName(name)
    drawing.setTitle(canvas.accessibleName())
    drawing.setResolution(canvas.logicalDpiX())
    drawing.setSize(canvas.size())
    drawing.setViewBox(canvas.rect())
    painter = QPainter()
    if not painter.begin(drawing):
        return False
    canvas.render(painter)
    return painter.end()
