"""Joins the window to diagnostic bundles: saved from the Help menu, and opened like any other file."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, QTemporaryDir, QUrl
from PySide6.QtGui import QDesktopServices

from firmware_link.clock import Clock
from firmware_link.errors import PumpError
from programmer_gui.background import Background
from programmer_gui.wiring import Wiring
from rig.places import log_folder

if TYPE_CHECKING:  # DuckDB takes a while to import: only when somebody wants a bundle
    from programmer_gui.views.bundle_dialogs import BundleDialog
    from rig.bundle.bundle import About, Bundle

ABOUT, OPENED = "bundle", "opened bundle"


class Bundling(QObject):
    """Belongs to the window.  ``replay`` shows a run file on the Bench; what was unpacked goes with the window."""

    def __init__(self, wiring: Wiring, runs_folder: Path, clock: Clock, replay: Callable[[Path], None]) -> None:
        super().__init__(wiring)
        self._wiring, self._window, self._replay = wiring, wiring.window, replay
        self._runs_folder, self._clock = runs_folder, clock
        self._unpacked: list[QTemporaryDir] = []
        self._dialog: BundleDialog | None = None
        self._output = Path()
        self.saving, self.opening = Background(self, ABOUT), Background(self, OPENED)
        self._window.actions_["bundle"].triggered.connect(lambda: self.ask())
        self.saving.ended.connect(self._show_saved)
        self.opening.ended.connect(self._show_opened)

    # -- saving ----------------------------------------------------------------------------------------------------

    def ask(self) -> None:
        """Says what goes into a bundle, and where it is to be saved."""
        from programmer_gui.views.bundle_dialogs import BundleDialog
        from rig.bundle.bundle import default_name

        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)

        def make() -> BundleDialog:
            made = BundleDialog(self._window, Path(documents) / default_name(self._clock))
            made.wanted.connect(lambda *wish: self._save(made, *wish))
            made.folder_asked.connect(lambda path: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent))))
            return made

        self._wiring.asking.show(ABOUT, make)

    def _save(self, dialog: "BundleDialog", path: Path, with_run: bool) -> None:
        from rig.bundle import bundle

        link = self._window.models.link
        counters = link.counters if link.info is not None else None
        sources = bundle.Sources(self._runs_folder, log_folder(), counters, with_run)
        if self.saving.start(lambda: bundle.make(path, sources, self._clock)):
            self._dialog, self._output = dialog, path
            dialog.destroyed.connect(self._forget)
            dialog.begin()

    def _forget(self) -> None:
        self._dialog = None

    def _show_saved(self, about: "About | None", error: PumpError | None) -> None:
        dialog, self._dialog = self._dialog, None
        if about is not None:
            self._window.footer.say(f"Saved {self._output.name}")
            without = "" if about.run else f" The last recording isn't in it: {about.no_run}"
            if dialog is not None:
                dialog.end(f"Saved {self._output}.{without}", self._output)
        elif error is not None and dialog is not None:
            dialog.end(error.sentence(), None)
        elif error is not None:
            self._wiring.show_error(ABOUT, error)

    # -- opening ---------------------------------------------------------------------------------------------------

    def open(self, path: Path) -> None:
        """Shows what the bundle ``path`` holds."""
        from rig.bundle import bundle

        self.opening.start(lambda: (path, bundle.opened(path)))

    def _show_opened(self, result: "tuple[Path, Bundle] | Path | None", error: PumpError | None) -> None:
        from programmer_gui.views.bundle_dialogs import OpenedBundleDialog

        if error is not None:
            self._wiring.show_error("file", error)
        elif isinstance(result, Path):
            self._replay(result)
        elif result is not None:
            path, held = result

            def make() -> OpenedBundleDialog:
                made = OpenedBundleDialog(self._window, path, held)
                made.replay_asked.connect(lambda: self._unpack(path))
                return made

            self._wiring.asking.dialogs.close(OPENED)
            self._wiring.asking.show(OPENED, make)

    def _unpack(self, path: Path) -> None:
        """Its recording, into a folder that is gone with the window."""
        from rig.bundle import bundle

        folder = QTemporaryDir()
        self._unpacked.append(folder)
        self.opening.start(lambda: bundle.extract_run(path, Path(folder.path())))
