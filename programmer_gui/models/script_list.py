"""The library as a list: scripts of one's own, then those that came with the program, each under a heading."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from programmer_gui.models.scripts import ScriptsModel
from programmer_gui.script_files import Entry
from rig.measured import Verdict
from rig.qa.telling.verdict_words import WORDS

Index = QModelIndex | QPersistentModelIndex
ENTRY_ROLE = Qt.ItemDataRole.UserRole + 1  # the Entry; None for a heading
VERDICT_ROLE = Qt.ItemDataRole.UserRole + 2  # its last verdict, "" for none
EDITED_ROLE = Qt.ItemDataRole.UserRole + 3  # whether it has changes that aren't saved
OWN, SHIPPED = "Your scripts", "Shipped with the program"
EVERY_TAG = "All tags"


class ScriptList(QAbstractListModel):
    """The scripts that pass the filter.  ``counted`` after every change of what there is."""

    counted = Signal()

    def __init__(self, scripts: ScriptsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scripts = scripts
        self._rows: list[Entry | str] = []
        self._words: list[str] = []
        self._tag = EVERY_TAG
        self._verdicts: Mapping[Path, Verdict] = {}
        self._edited: frozenset[Path] = frozenset()
        scripts.library_changed.connect(self._lay_out)
        self._lay_out()

    @property
    def rows(self) -> tuple[Entry | str, ...]:
        """What is listed: scripts, and the words of headings."""
        return tuple(self._rows)

    @property
    def tags(self) -> list[str]:
        """All that there are, in order."""
        return sorted({tag for entry in self._scripts.entries for tag in entry.tags})

    @property
    def count(self) -> int:
        """How many scripts are listed."""
        return sum(isinstance(row, Entry) for row in self._rows)

    def set_text(self, text: str) -> None:
        """Lists scripts that have all these words somewhere, in any case."""
        self._words = text.casefold().split()
        self._lay_out()

    def set_tag(self, tag: str) -> None:
        """Lists scripts with this tag."""
        self._tag = tag
        self._lay_out()

    def show_verdicts(self, verdicts: Mapping[Path, Verdict]) -> None:
        """How each ended last."""
        self._verdicts = verdicts
        self._repaint()

    def show_edited(self, paths: frozenset[Path]) -> None:
        """Which have changes that aren't saved."""
        self._edited = paths
        self._repaint()

    def row_of(self, path: Path) -> int:
        """Where it is listed; -1 for nowhere."""
        return next((at for at, row in enumerate(self._rows) if isinstance(row, Entry) and row.path == path), -1)

    def _lay_out(self) -> None:
        self.beginResetModel()
        passing = [entry for entry in self._scripts.entries if self._passes(entry)]
        self._rows = []
        for heading, is_shipped in ((OWN, False), (SHIPPED, True)):
            own = [entry for entry in passing if entry.shipped is is_shipped]
            self._rows += [heading, *own] if own else []
        self.endResetModel()
        self.counted.emit()

    def _passes(self, entry: Entry) -> bool:
        return (self._tag in (EVERY_TAG, *entry.tags)) and all(word in entry.words for word in self._words)

    def _repaint(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    # -- as Qt asks ----------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        selectable = index.isValid() and isinstance(self._rows[index.row()], Entry)
        flags = Qt.ItemFlag
        return flags.ItemIsEnabled | flags.ItemIsSelectable if selectable else flags.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if isinstance(row, str):
            return row if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) else None
        verdict = self._verdicts.get(row.path)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.name
            case Qt.ItemDataRole.ToolTipRole:
                return f"{row.name}\n{row.about}\n{row.path}"
            case Qt.ItemDataRole.AccessibleTextRole:
                said = f", last {WORDS[verdict].word}" if verdict else ""
                return f"{row.name}{said}{', not saved' if row.path in self._edited else ''}"
        return {ENTRY_ROLE: row, VERDICT_ROLE: verdict, EDITED_ROLE: row.path in self._edited}.get(role)
