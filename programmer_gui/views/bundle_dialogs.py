"""A diagnostic bundle: what goes into one before it is saved, and what is in one that was opened."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QCheckBox, QFileDialog, QFormLayout, QGridLayout, QPlainTextEdit, QProgressBar, QWidget

from programmer_gui.views.dialogs import Panel, show_aside
from programmer_gui.views.widgets import GAP, button, label, set_property
from rig.bundle.bundle import HOLDS, LACKS, SUFFIX, Bundle, facts

WIDE_PX = 620
_SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse


def _listed(words: tuple[str, ...]) -> QGridLayout:
    """One below the other, each behind its mark."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(GAP)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    for at, one in enumerate(words):
        grid.addWidget(label("•"), at, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(label(f"{one[:1].upper()}{one[1:]}", wrap=True), at, 1)
    return grid


class BundleDialog(Panel):
    """Emits ``wanted`` with the file to make and whether the last recording goes into it; ``folder_asked`` with the
    file whose folder is to be shown."""

    wanted = Signal(Path, bool)
    folder_asked = Signal(Path)

    def __init__(self, parent: QWidget, suggested: Path) -> None:
        super().__init__(parent, "Diagnostic bundle", "Save …", cancel="Close")
        self._suggested, self._made = suggested, Path()
        why = "One file for whoever looks into a problem. It is only saved here: nothing is sent anywhere."
        self.body.insertWidget(1, label(why, wrap=True))
        for title, words in (("It holds", HOLDS), ("It doesn't hold", LACKS)):
            self.body.addSpacing(GAP)
            self.body.addWidget(label(title, "heading"))
            self.body.addLayout(_listed(words))
        self.with_run = QCheckBox("With the last recording")
        self.with_run.setChecked(True)
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.hide()
        self.said = label("", "muted", wrap=True)
        self.said.hide()
        self.body.addSpacing(GAP)
        for widget in (self.with_run, self.bar, self.said):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.show_folder = button("Show the folder")
        self.show_folder.hide()
        self.show_folder.clicked.connect(lambda: self.folder_asked.emit(self._made))
        self.buttons.insertWidget(0, self.show_folder)
        self.setMinimumWidth(WIDE_PX)

    def _accept(self) -> None:
        if not self.ok.isEnabled():
            return
        dialog = QFileDialog(self, "Save a diagnostic bundle", str(self._suggested), f"Bundles (*{SUFFIX})")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(lambda name: self.save_to(Path(name)))
        show_aside(dialog)

    def save_to(self, path: Path) -> None:
        """Asks for the bundle in the file ``path``, called as a bundle is."""
        named = path if path.name.endswith(SUFFIX) else path.with_name(path.name.removesuffix(".zip") + SUFFIX)
        self.wanted.emit(named, self.with_run.isChecked())

    def begin(self) -> None:
        """It is being made."""
        self.show_folder.hide()
        self._enable(False)
        self.bar.show()
        self._say("Putting it together …", "muted")

    def end(self, words: str, made: Path | None) -> None:
        """It was ``made``, or else ``words`` say why not."""
        self._made = made or Path()
        self._enable(True)
        self.bar.hide()
        self._say(words, "finding-ok" if made else "finding-error")
        self.show_folder.setVisible(made is not None)

    def _enable(self, enabled: bool) -> None:
        self.ok.setEnabled(enabled)
        self.with_run.setEnabled(enabled)

    def _say(self, words: str, role: str) -> None:
        set_property(self.said, "role", role)
        self.said.setText(words)
        self.said.show()


class OpenedBundleDialog(Panel):
    """What somebody's bundle holds.  Emits ``replay_asked`` where its recording is to be looked at."""

    replay_asked = Signal()

    def __init__(self, parent: QWidget, path: Path, bundle: Bundle) -> None:
        super().__init__(parent, "Diagnostic bundle", "Open its recording" if bundle.run_bytes else "", cancel="Close")
        self.body.insertWidget(1, label(path.name, "muted", wrap=True))
        form = QFormLayout()
        form.setVerticalSpacing(4)
        form.setHorizontalSpacing(2 * GAP)
        for title, words in facts(bundle):
            said = label(words, wrap=True)
            said.setTextInteractionFlags(_SELECTABLE)
            form.addRow(label(title.capitalize(), "muted"), said)
        self.body.addLayout(form)
        for finding in bundle.about.findings:
            if not finding.ok:
                problem = label(
                    f"▲ {finding.name}: {finding.text} {finding.remedy}".strip(), "finding-error", wrap=True
                )
                self.body.addWidget(problem)
        self.body.addSpacing(GAP)
        self.body.addWidget(label("Log", "heading"))
        self.log = QPlainTextEdit(bundle.log or "It is empty.")
        self.log.setReadOnly(True)
        self.log.setAccessibleName("Diagnostic log")
        self.log.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.log.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.log.moveCursor(self.log.textCursor().MoveOperation.End)
        self.body.addWidget(self.log, 1)
        self.accepted_by_operator.connect(self.replay_asked)
        self.resize(760, min(640, max(420, parent.height() - 80)))
