"""The library of scripts in the window: listed, opened, edited, checked and saved."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from firmware_link.errors import PumpError
from programmer_gui import files, script_files
from programmer_gui.chores import Chores
from programmer_gui.models.script_texts import ScriptTexts
from programmer_gui.script_files import FILTER, Entry
from programmer_gui.views.banners import Problem
from programmer_gui.views.dialogs import show_aside
from programmer_gui.views.scripts_head import EDIT
from programmer_gui.wiring import Wiring
from rig.places import SCRIPT_SUFFIX

PAGE = 2
CHANGED, ABOUT = "script changed on disk", "script file"  # of banners
SETTLE_MS, KEEP_MS = 200, 1000


class ScriptEditing(QObject):
    """Belongs to the window.  ``folder`` is where scripts of one's own are."""

    def __init__(self, wiring: Wiring, folder: Path) -> None:
        super().__init__(wiring)
        self._wiring, self._window, self.folder = wiring, wiring.window, folder
        self._scripts, self._page = wiring.window.models.scripts, wiring.window.scripts
        self.texts = ScriptTexts(folder.with_name("scripts.json"), self)
        self.chores = Chores(self, "scripts", partial(wiring.show_error, ABOUT))
        self._watcher = QFileSystemWatcher(self)
        self._settling, self._keeping = QTimer(self), QTimer(self)
        for timer, ms, do in ((self._settling, SETTLE_MS, self.look), (self._keeping, KEEP_MS, self._keep)):
            timer.setSingleShot(True)
            timer.setInterval(ms)
            timer.timeout.connect(do)
        self._wanted: Path | None = None  # to be selected once it is listed
        self._connect()

    def _connect(self) -> None:
        page, edit = self._page, self._page.edit
        page.shown.connect(self.look)
        self._watcher.directoryChanged.connect(lambda _: self._settling.start())
        self._scripts.selected.connect(self._show_selected)
        self.texts.edited_changed.connect(page.library.model.show_edited)
        page.library.model.show_edited(self.texts.edited)
        page.library.new_asked.connect(self.begin)
        page.library.open_asked.connect(self._ask_open)
        page.library.folder_asked.connect(self._show_folder)
        edit.changed.connect(self._edit)
        edit.standing.connect(self._check)
        edit.save_asked.connect(self.save)
        edit.save_as_asked.connect(self._ask_save)
        edit.revert_asked.connect(self.revert)
        self._window.actions_["open_script"].triggered.connect(self._ask_open)
        self._window.actions_["new_script"].triggered.connect(lambda: self.begin(None))
        self._window.banners.acted.connect(lambda key: self.save(over=True) if key == CHANGED else None)

    # -- the library ---------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Lists what there is anew."""
        opened = self.texts.opened
        self.chores.do(lambda: script_files.listed(self.folder, opened), self._show_listed)

    def _show_listed(self, entries: list[Entry]) -> None:
        self._scripts.show_entries(entries)
        if self.folder.is_dir() and not self._watcher.directories():
            self._watcher.addPath(str(self.folder))
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self._scripts.select(wanted)
        elif self._scripts.entry is None and entries:
            self._scripts.select(entries[0].path)

    def open(self, path: Path) -> None:
        """Shows the script at ``path``, wherever it is."""
        path = path.resolve()
        self._window.show_page(PAGE)
        if not self._scripts.select(path):
            if not path.is_relative_to(self.folder.resolve()):
                self.texts.open(path)
            self._wanted = path
            self.look()
        self._window.footer.say(f"Opened {path.name}")

    def _ask_open(self) -> None:
        dialog = QFileDialog(self._window, "Open a test script", str(self.folder), FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.open(Path(name)))
        show_aside(dialog)

    def _show_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.folder)))
        self._window.footer.say(f"Your test scripts are in {self.folder}")

    def begin(self, entry: Entry | None) -> None:
        """A new script in the own folder, beginning with what ``entry`` says."""
        text = script_files.NEW if entry is None else self.texts.text(entry.path)
        stem = "test" if entry is None else entry.path.name.removesuffix(SCRIPT_SUFFIX)
        self._save_to(script_files.free_name(self.folder, stem), text, EDIT)

    def close(self) -> None:
        """The window is about to end: what isn't saved is kept, and nothing goes on."""
        if self._keeping.isActive():
            self._keep()
        self.chores.close()

    # -- the text ------------------------------------------------------------------------------------------------

    def _show_selected(self) -> None:
        entry = self._scripts.entry
        text = "" if entry is None else self.texts.text(entry.path)
        self._page.edit.show_script(entry, text, entry is not None and entry.path in self.texts.edited)

    def _edit(self, text: str) -> None:
        entry = self._scripts.entry
        if entry is not None:
            self.texts.edit(entry.path, text)
            self._page.edit.show_edited(entry.path in self.texts.edited)
            self._keeping.start()

    def _keep(self) -> None:
        try:
            self.texts.keep()
        except PumpError as error:
            self._wiring.show_error(ABOUT, error)

    def _check(self, text: str) -> None:
        entry = self._scripts.entry
        if entry is None:
            return
        from rig.qa.files.script_file import read_text

        def show(found: "object") -> None:
            if self._scripts.entry is not None and self._scripts.entry.path == entry.path:
                self._page.edit.show_faults(getattr(found, "faults", ()))

        self.chores.do(lambda: read_text(text, entry.path), show)

    def revert(self) -> None:
        """Back to what the file says."""
        entry = self._scripts.entry
        if entry is not None:
            self.texts.drop(entry.path)
            self._show_selected()

    def save(self, over: bool = False) -> None:
        """Into its file; of one that comes with the program, a copy.  What somebody else wrote there meanwhile goes
        only where ``over`` says so."""
        entry = self._scripts.entry
        self._window.banners.dismiss(CHANGED)
        if entry is None:
            return
        if entry.shipped:
            self._ask_save()
        elif not over and files.is_changed(entry.path, self.texts.saved(entry.path)):
            what = f"{entry.path.name} was changed by something else since it was opened or saved here."
            remedy = "Save it under another name, or Undo all to read what it says now."
            problem = Problem(CHANGED, "medium", what, remedy, action="Save over it")
            self._window.banners.show_problem(problem)
        else:
            self._save_to(entry.path, self._page.edit.text)

    def _ask_save(self) -> None:
        entry = self._scripts.entry
        if entry is None:
            return
        stem = entry.path.name.removesuffix(SCRIPT_SUFFIX)
        self.folder.mkdir(parents=True, exist_ok=True)
        dialog = QFileDialog(self._window, "Save the test script", str(script_files.free_name(self.folder, stem)))
        dialog.setNameFilter(FILTER)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(lambda name: self.save_as(Path(name)))
        show_aside(dialog)

    def save_as(self, path: Path) -> None:
        """What is shown into another file, which is shown from then on; the one before stays as it was."""
        entry, text = self._scripts.entry, self._page.edit.text
        if not path.name.endswith(SCRIPT_SUFFIX):
            path = path.with_name(path.name.removesuffix(".yaml").removesuffix(".qa") + SCRIPT_SUFFIX)
        if self._save_to(path, text) and entry is not None and entry.path != path:
            self.texts.drop(entry.path)

    def _save_to(self, path: Path, text: str, part: int | None = None) -> bool:
        try:
            script_files.save(path, text)
            self.texts.save(path, text)
        except PumpError as error:
            self._wiring.show_error(ABOUT, error)
            return False
        self._window.banners.dismiss(ABOUT)
        self._window.footer.say(f"Saved {path.name}")
        if not path.is_relative_to(self.folder):
            self.texts.open(path)
        self._window.show_page(PAGE)
        self._wanted = path
        self.look()
        if part is not None:
            self._page.show_part(part)
        return True
