"""Opening and saving programs and templates, and where recordings are."""

from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from firmware_link.errors import PumpError
from programmer_gui import files, templates
from programmer_gui.script_files import is_script
from programmer_gui.templates import Template
from programmer_gui.views.banners import Problem
from programmer_gui.views.dialogs import show_aside
from programmer_gui.views.template_dialogs import SaveTemplateDialog, TemplateDialog
from programmer_gui.wiring import Wiring
from rig.places import RUN_SUFFIX
from rig.resources import resource

BUNDLE = ".bundle.zip"
FILTER = "Programs (*.yaml *.yml)"
CHANGED = "changed on disk"  # what its banner is about


class Filing(QObject):
    """Belongs to the window.  Emits ``faults_opened`` with a file of faults, which is for a virtual rig,
    ``recording_opened`` with a run file, ``bundle_opened`` with a diagnostic bundle, and ``script_opened`` with a
    test script."""

    faults_opened = Signal(Path)
    recording_opened = Signal(Path)
    bundle_opened = Signal(Path)
    script_opened = Signal(Path)

    def __init__(self, wiring: Wiring, runs_folder: Path, templates_folder: Path) -> None:
        super().__init__(wiring)
        self._templates_folder = templates_folder
        self._wiring, self._runs_folder = wiring, runs_folder
        self._window = wiring.window
        self._model = self._window.models.program
        actions = self._window.actions_
        actions["open_program"].triggered.connect(self._ask_open)
        actions["save_program"].triggered.connect(self._save)
        actions["save_program_as"].triggered.connect(self._ask_save)
        actions["template"].triggered.connect(self._ask_template)
        actions["save_template"].triggered.connect(self._ask_save_template)
        actions["show_runs_folder"].triggered.connect(self._show_folder)
        self._window.dropped.connect(self.open)
        self._window.banners.acted.connect(self._acted)
        stack = self._model.undo_stack
        stack.undoTextChanged.connect(self._name_undo)
        stack.redoTextChanged.connect(self._name_redo)

    def open(self, path: Path) -> None:
        """A program file goes into the editor, a test script onto its page, faults to the rig, a recording onto the
        Bench; a bundle is shown, and anything else explained."""
        if path.name.endswith(RUN_SUFFIX):
            self.recording_opened.emit(path)
            return
        if path.name.endswith(BUNDLE):
            self.bundle_opened.emit(path)
            return
        if is_script(path):
            self.script_opened.emit(path)
            return
        if files.is_faults(path):
            self.faults_opened.emit(path)
            return
        try:
            document, text = files.load_document(path)
        except PumpError as error:
            self._wiring.show_error("file", error)
            return
        self._window.banners.dismiss(CHANGED)
        self._model.load(document, text, str(path))
        self._model.undo_stack.setClean()
        self._window.show_page(1)
        self._window.footer.say(f"Opened {path.name}")

    def save(self, path: Path, over: bool = False) -> None:
        """The document into a file, with the comments that it came with; what somebody else wrote into its own file
        meanwhile goes only where ``over`` says so."""
        self._window.banners.dismiss(CHANGED)
        if not over and str(path) == self._model.source and files.is_changed(path, self._model.text):
            what = f"{path.name} was changed by something else since it was opened or saved here: it is not saved."
            remedy = "Save this program under another name, or open the file again: undo brings this one back."
            self._window.banners.show_problem(Problem(CHANGED, "medium", what, remedy, action="Save over it"))
            return
        try:
            text = files.save_document(path, self._model.document, self._model.text)
        except PumpError as error:
            self._wiring.show_error("file", error)
            return
        self._model.saved(text, str(path))
        unfinished = "" if self._model.evaluated.program else ", which can't be written to a pump yet"
        self._window.footer.say(f"Saved {path.name}{unfinished}")

    def _acted(self, about: str) -> None:
        source = self.own_source()
        if about == CHANGED and source is not None:
            self.save(source, over=True)

    def own_source(self) -> Path | None:
        """The file that the program came from, where it may be saved there; examples stay as they are."""
        source = Path(self._model.source) if self._model.source else None
        return None if source is None or source.is_relative_to(resource("programs")) else source

    def _save(self) -> None:
        """Where it came from."""
        source = self.own_source()
        if source is None:
            self._ask_save()
        else:
            self.save(source)

    def _ask_open(self) -> None:
        folder = str(Path(self._model.source).parent if self._model.source else resource("programs"))
        dialog = QFileDialog(self._window, "Open a program", folder, FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.open(Path(name)))
        show_aside(dialog)

    def _ask_save(self) -> None:
        dialog = QFileDialog(self._window, "Save the program", str(self.own_source() or "program.yaml"), FILTER)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("yaml")
        dialog.fileSelected.connect(lambda name: self.save(Path(name), over=True))  # it has asked
        show_aside(dialog)

    def _ask_template(self) -> None:
        def make() -> TemplateDialog:
            dialog = TemplateDialog(self._window, templates.listed(self._templates_folder))
            dialog.chosen.connect(self.begin_with)
            return dialog

        self._wiring.asking.show("template", make)

    def begin_with(self, template: Template) -> None:
        """A new program that says what the template does."""
        try:
            document, text = templates.load(template)
        except PumpError as error:
            self._wiring.show_error("file", error)
            return
        self._model.load(document, text, title=f"beginning with {template.name}")
        self._window.show_page(1)

    def _ask_save_template(self) -> None:
        def save(name: str) -> None:
            path = templates.save(self._templates_folder, name, self._model.document, self._model.text)
            self._window.footer.say(f"Saved the template {path.stem}")

        self._wiring.asking.show("save_template", lambda: SaveTemplateDialog(self._window, self._model.name, save))

    def _name_undo(self, what: str) -> None:
        self._window.actions_["undo"].setText(f"Undo {what}".strip())

    def _name_redo(self, what: str) -> None:
        self._window.actions_["redo"].setText(f"Redo {what}".strip())

    def _show_folder(self) -> None:
        self._runs_folder.mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._runs_folder)))
        self._window.footer.say(f"Recordings are in {self._runs_folder}")
