"""Joins the window to a virtual rig: faults by hand and from files, and what became of them."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from firmware_link.errors import PumpError, UsageError
from programmer_gui.filing import Filing
from programmer_gui.views.dialogs import show_aside
from programmer_gui.views.fault_fields import refusal
from programmer_gui.views.fault_standing import titled
from programmer_gui.wiring import Wiring
from rig import atomic
from rig.resources import resource
from rig.virtual import fault_file, fault_writing
from rig.virtual.faults import Fault

FILTER = "Faults (*.yaml *.yml)"
BANNER = "rig fault"  # what its banner is about, where the fault isn't the panel's


@dataclass
class Taking:
    """A file whose faults were asked for: what became of them so far."""

    name: str
    waits: int
    taken: int = 0
    refused: list[tuple[Fault, PumpError]] = field(default_factory=list)

    def told(self) -> str:
        """Once all have been answered."""
        many = f"{self.taken} of {self.taken + len(self.refused)}" if self.refused else str(self.taken)
        plural = "" if many == "1" else "s"
        return f"Took {many} fault{plural} from {self.name}; its times count from now on"

    def error(self) -> UsageError:
        """What was refused, by the first of it."""
        fault, first = self.refused[0]
        many = f"{len(self.refused)} of its faults were refused" if len(self.refused) > 1 else "A fault was refused"
        return UsageError(f"{self.name}: {many}: {titled(fault.what, fault.amount)}.", refusal(first))


class Faulting(QObject):
    """Belongs to the window."""

    def __init__(self, wiring: Wiring, filing: Filing) -> None:
        super().__init__(wiring)
        self._wiring, self._window = wiring, wiring.window
        self._controls = wiring.controls
        self._rig = wiring.window.models.rig
        self._panel = wiring.window.device.rig.faults
        self._taking: Taking | None = None
        self.done: list[Fault] = []  # by hand and from files, since it was connected
        panel = self._panel
        panel.injected.connect(self._controls.inject)
        panel.opened.connect(self.open)
        panel.open_asked.connect(self._ask_open)
        panel.save_asked.connect(self._ask_save)
        filing.faults_opened.connect(self.open)
        self._window.device.rig.standing.ended.connect(self._controls.inject)
        self._rig.was_reset.connect(self._forget)
        wiring.bridge.injected.connect(self._take)

    def open(self, path: Path) -> None:
        """Makes happen what a file of faults says; its times count from now on."""
        self._panel.show_file_error(None)
        try:
            self._need_rig()
            faults = fault_file.load(str(path)).faults
        except PumpError as error:
            self._show(error)
            return
        self._taking = Taking(path.name, len(faults)) if faults else None
        for fault in faults:
            self._controls.inject(replace(fault, at_s=None), fault.at_s or 0.0)

    def _need_rig(self) -> None:
        info = self._window.models.link.info
        if info is None:
            raise UsageError("No pump is connected.", "Connect to a virtual one first.")
        if not info.virtual:
            raise UsageError("Only a virtual rig can be made to fail.", "Connect to one first.")

    def save(self, path: Path) -> None:
        """What was done since it was connected, to be done again."""
        try:
            atomic.write_text(path, fault_writing.dumps(path.stem, self.done))
        except PumpError as error:
            self._show(error)
            return
        self._window.footer.say(f"Saved {path.name}")

    def _take(self, fault: Fault, error: PumpError | None) -> None:
        taking = self._taking
        if error is None:
            self._window.banners.dismiss(BANNER)
            at_s = self._rig.now_us * 1e-6 if fault.at_s is None else fault.at_s
            self.done = fault_writing.add(self.done, replace(fault, at_s=at_s))
            self._panel.save.setEnabled(bool(self.done))
        if taking is not None:
            self._count(taking, fault, error)
        elif error is not None:
            self._show(error, fault)
        else:
            does = "Ended" if fault.ends else "To come" if fault.at_s is not None else "Made to happen"
            self._window.footer.say(f"{does}: {titled(fault.what, fault.amount)}")

    def _count(self, taking: Taking, fault: Fault, error: PumpError | None) -> None:
        """One of a file's; they are answered in their order."""
        taking.waits -= 1
        if error is None:
            taking.taken += 1
        else:
            taking.refused.append((fault, error))
        if taking.waits:
            return
        self._taking = None
        self._window.footer.say(taking.told())
        if taking.refused:
            self._show(taking.error())

    def _show(self, error: PumpError, fault: Fault | None = None) -> None:
        """Beside its field, or in the panel; where that isn't in sight, in a banner."""
        if not self._panel.isVisible():
            self._wiring.show_error(BANNER, error)
        elif fault is None:
            self._panel.show_file_error(error)
        else:
            self._panel.show_refused(fault, error)

    def _forget(self) -> None:
        self.done = []
        self._taking = None
        self._window.banners.dismiss(BANNER)
        self._panel.save.setEnabled(False)
        self._panel.show_file_error(None)

    def _ask_open(self) -> None:
        dialog = QFileDialog(self._window, "Open a file of faults", str(resource("faults")), FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.open(Path(name)))
        show_aside(dialog)

    def _ask_save(self) -> None:
        dialog = QFileDialog(self._window, "Save what was done as a file of faults", "faults.yaml", FILTER)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("yaml")
        dialog.fileSelected.connect(lambda name: self.save(Path(name)))
        show_aside(dialog)
