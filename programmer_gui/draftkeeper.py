"""Keeps the program being edited in a file, so that neither closing nor a crash loses it."""

import logging
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from firmware_link.errors import PumpError
from programmer_gui import files
from programmer_gui.models.program import ProgramModel

DELAY_MS = 1000
log = logging.getLogger(__name__)


class DraftKeeper(QObject):
    """Restores the draft in ``path``, unless a file was opened instead, and keeps what is edited there from then on.

    What can't be read as a program yet is kept as well: it is the document that counts.
    """

    def __init__(self, model: ProgramModel, path: Path) -> None:
        super().__init__(model)
        self._model, self._path = model, path
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self.keep)
        if not model.source and path.exists():
            self._restore()
        model.changed.connect(self._timer.start)

    def _restore(self) -> None:
        try:
            document, text = files.load_document(self._path)
            self._model.load(document, text)
        except PumpError as error:
            log.warning("the kept draft is left out: %s", error.sentence())
        self._model.undo_stack.clear()

    def keep(self) -> None:
        """Writes it now."""
        self._timer.stop()
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            files.save_document(self._path, self._model.document, self._model.text)
        except (PumpError, OSError) as error:
            log.warning("the draft was not kept: %s", error)
