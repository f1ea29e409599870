"""The dialogs that ask for something, and what becomes of the answer."""

from collections.abc import Callable

from PySide6.QtWidgets import QDialog

from firmware_link.ports import PortInfo
from programmer_gui import jobs
from programmer_gui.controls import Controls
from programmer_gui.views.banners import problem_of
from programmer_gui.views.connect_dialog import ConnectDialog
from programmer_gui.views.dialogs import Dialogs
from programmer_gui.views.guide_dialog import GuideDialog
from programmer_gui.views.help_dialogs import AboutDialog, ActionFinder, ShortcutsDialog
from programmer_gui.views.main_window import MainWindow
from programmer_gui.views.pump_dialogs import BolusDialog, NoteDialog
from programmer_gui.views.receipt_dialog import ReceiptDialog


class Asking:
    """One dialog of each kind; ``list_ports`` and ``recent`` fill the one that connects."""

    def __init__(
        self,
        window: MainWindow,
        controls: Controls,
        list_ports: Callable[[], list[PortInfo]],
        recent: Callable[[], list[str]],
    ) -> None:
        self.window, self.controls = window, controls
        self.dialogs = Dialogs()
        self._list_ports, self._recent = list_ports, recent

    def show(self, key: str, make: Callable[[], QDialog]) -> None:
        """Opens the dialog ``key``, or raises it."""
        self.dialogs.show(key, make)

    def ask_target(self) -> None:
        """What to connect to."""

        def make() -> ConnectDialog:
            dialog = ConnectDialog(self.window, self.window.theme, self._list_ports, self._recent())
            dialog.chosen.connect(self.controls.connect)
            return dialog

        self.show("connect", make)

    def ask_note(self) -> None:
        """Words to keep."""

        def make() -> NoteDialog:
            dialog = NoteDialog(self.window)
            dialog.written.connect(self.controls.note)
            return dialog

        self.show("note", make)

    def ask_bolus(self) -> None:
        """Which bolus."""

        def make() -> BolusDialog:
            dialog = BolusDialog(self.window, self.window.models.program, self.window.models.pump)
            dialog.given.connect(self.controls.bolus)
            return dialog

        self.show("bolus", make)

    def show_receipt(self, written: jobs.Written) -> None:
        """What a write proved; a newer receipt takes the place of one still open."""
        self.dialogs.close("receipt")

        def make() -> ReceiptDialog:
            dialog = ReceiptDialog(self.window, written, self.window.theme)
            dialog.said.connect(self.window.footer.say)
            dialog.failed.connect(
                lambda error: self.window.banners.show_problem(problem_of("receipt", error, "medium"))
            )
            return dialog

        self.show("receipt", make)

    def show_guide(self) -> None:
        """The user guide."""
        self.show("guide", lambda: GuideDialog(self.window, self.window.theme))

    def show_shortcuts(self) -> None:
        """All keys."""
        charts = self.window.bench.chart_keys()
        self.show("shortcuts", lambda: ShortcutsDialog(self.window, self.window.actions_, charts))

    def find_action(self) -> None:
        """Any action by its words."""
        self.show("finder", lambda: ActionFinder(self.window, self.window.actions_))

    def show_about(self) -> None:
        """What this is."""
        self.show("about", lambda: AboutDialog(self.window))
