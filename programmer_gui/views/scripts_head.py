"""Which script is looked at, what it needs, on what it is to run, and Run."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QMenu, QSpinBox, QToolButton, QWidget

from programmer_gui.models.case_run import CaseRun
from programmer_gui.models.link import LinkModel
from programmer_gui.models.scripts import ScriptsModel
from programmer_gui.theme import Theme
from programmer_gui.views.elided_box import ElidedBox
from programmer_gui.views.widgets import GAP, MARGIN, ElidedLabel, button, column, label, row, segment
from rig.linkstate import LinkState
from rig.qa.script import Needs, Script
from rig.qa.telling.verdict_words import WORDS

PARTS = (
    ("Run", "Its steps, and what became of them"),
    ("Curves", "Start-up, trumpet, boluses and back-pressure"),
    ("Edit", "Its text"),
    ("History", "How it ended before"),
)
RUN, CURVES, EDIT, HISTORY = range(len(PARTS))
PUMP, RIG = "pump", "rig"  # what it is to run on
SEED = 7
TARGET_PX = 440
ALL_CASES = "All {} cases"


class ScriptHead(QWidget):
    """Emits ``run_asked`` with the cases to run, and ``part_asked``."""

    run_asked = Signal(object)  # tuple[Script, ...]
    part_asked = Signal(int)
    connect_asked = Signal()
    report_asked = Signal()
    junit_asked = Signal()

    def __init__(self, scripts: ScriptsModel, link: LinkModel, theme: Theme) -> None:
        super().__init__()
        self._scripts, self._link = scripts, link
        self.title = ElidedLabel(role="title")
        self.facts = ElidedLabel(role="muted")
        self.parts = QButtonGroup(self)
        self.case, self.target, self.seed = ElidedBox(10), ElidedBox(20), QSpinBox()
        for box, name in ((self.case, "Case of the script"), (self.target, "What to run it on")):
            box.setAccessibleName(name)
        self.seed.setRange(0, 2**31 - 1)
        self.seed.setValue(SEED)
        self.seed.setPrefix("Seed ")
        self.seed.setAccessibleName("Seed of the virtual rig")
        self.seed.setToolTip("The same seed gives the same run, to the last digit")
        self.seed.setFixedWidth(108)
        self.seed.lineEdit().setTextMargins(GAP, 0, 0, 0)
        self.run = button("Run", "primary", "Run the script", "Ctrl+R")
        self.run.clicked.connect(self.ask_run)
        self.connect_pump = button("Connect …", tip="Ctrl+N")
        self.connect_pump.clicked.connect(self.connect_asked)
        self.save = QToolButton()
        self.save.setText("Results  ▾")
        self.save.setProperty("role", "button")
        self.save.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.save.setAccessibleName("Save what came of it")
        self.save.setToolTip("Save what came of it, as a report or as JUnit")
        menu = QMenu(self.save)
        menu.addAction("Report …", self.report_asked.emit)
        menu.addAction("JUnit file …", self.junit_asked.emit)
        self.save.setMenu(menu)
        theme.bind_icon(self.run, "play", "accent_text")
        self._lay_out()
        self._connect()
        self._show_target()
        self._show()

    def _lay_out(self) -> None:
        switch = row(gap=0)
        for part, (title, tip) in enumerate(PARTS):
            made = segment(title, "first" if part == 0 else "last" if part == len(PARTS) - 1 else "", f"{title}: {tip}")
            made.setToolTip(tip)
            self.parts.addButton(made, part)
            switch.addWidget(made)
        self.parts.button(RUN).setChecked(True)
        top = row(self.title, switch, gap=MARGIN)
        top.setStretch(0, 1)
        self._on = label("on", "muted")
        below = row(self.case, self._on, self.target, self.seed, self.connect_pump, None, self.save, self.run)
        for at, share in ((0, 30), (2, 20), (5, 1)):  # the gap before the buttons gets what the boxes can't use
            below.setStretch(at, share)
        self.target.setMaximumWidth(TARGET_PX)
        layout = column(top, self.facts, below, gap=GAP)
        self.setLayout(layout)

    def _connect(self) -> None:
        self.parts.idClicked.connect(self.part_asked)
        self.case.currentIndexChanged.connect(self._choose_case)
        self.target.currentIndexChanged.connect(lambda _: self._show())
        self._scripts.selected.connect(self._show_cases)
        self._scripts.shown_changed.connect(self._show)
        self._scripts.busy_changed.connect(lambda _: self._show())
        self._scripts.ended.connect(lambda _: self._name_cases())
        self._link.state_changed.connect(lambda _: self._show_target())
        self._link.identity_changed.connect(lambda _: self._show_target())

    @property
    def on(self) -> str:
        """PUMP or RIG."""
        return str(self.target.currentData())

    def show_part(self, part: int) -> None:
        """One of PARTS is shown."""
        self.parts.button(part).setChecked(True)

    def ask_run(self) -> None:
        """Runs what is chosen, where it can be."""
        cases = self.chosen()
        if self.run.isEnabled() and cases:
            self.run_asked.emit(cases)

    def chosen(self) -> tuple[Script, ...]:
        """The cases that Run would run."""
        entry, at = self._scripts.entry, self.case.currentIndex()
        if entry is None or at < 0:
            return ()
        return entry.cases if at >= len(entry.cases) else (entry.cases[at],)

    # -- what is shown -------------------------------------------------------------------------------------------

    def _show_cases(self) -> None:
        entry = self._scripts.entry
        cases = entry.cases if entry is not None else ()
        with QSignalBlocker(self.case):
            self.case.clear()
            for case in cases:
                self.case.addItem(case.case or case.name)
            if len(cases) > 1:
                self.case.insertSeparator(len(cases))
                self.case.addItem(ALL_CASES.format(len(cases)))
        self._name_cases()
        self.case.setVisible(len(cases) > 1)
        self._on.setVisible(len(cases) > 1)
        self._show()

    def _name_cases(self) -> None:
        """Each with its verdict before it."""
        entry = self._scripts.entry
        for at, case in enumerate(entry.cases if entry is not None else ()):
            run = self._scripts.run_of(case)
            symbol = f"{WORDS[run.verdict].symbol}  " if run is not None and run.verdict is not None else ""
            self.case.setItemData(at, case.case, Qt.ItemDataRole.ToolTipRole)
            self.case.setItemText(at, f"{symbol}{case.case or case.name}")

    def _choose_case(self, at: int) -> None:
        entry = self._scripts.entry
        if entry is not None and 0 <= at < len(entry.cases):
            self._scripts.show_case(entry.cases[at])
        else:
            self._show()

    def _show_target(self) -> None:
        info, chosen = self._link.info, self.target.currentData()
        with QSignalBlocker(self.target):
            self.target.clear()
            live = info is not None and not info.can_seek
            words = f"This pump: {info.target}" if info is not None and live else "A pump: none is connected"
            self.target.addItem(words, PUMP)
            self.target.addItem("A fresh virtual rig", RIG)
            real = info is not None and live and not info.virtual
            self.target.setCurrentIndex(0 if real or (chosen == PUMP and live) else 1)
        self._show()

    def _show(self) -> None:
        scripts, entry = self._scripts, self._scripts.entry
        self.title.set_whole(entry.name if entry is not None else "")
        self.facts.set_whole(facts(scripts.shown, entry.shipped) if entry is not None else "")
        on_pump = self.on == PUMP
        online = self._link.state is LinkState.ONLINE and self._link.can_control
        self.seed.setVisible(not on_pump)
        self.connect_pump.setVisible(on_pump and not online and not scripts.busy)
        run = scripts.shown
        if run is not None and entry is not None and self.case.currentIndex() < len(entry.cases):
            at = next((i for i, case in enumerate(entry.cases) if case.digest == run.script.digest), -1)
            with QSignalBlocker(self.case):
                self.case.setCurrentIndex(at)
        self.run.setEnabled(bool(self.chosen()) and not scripts.busy and (online or not on_pump))
        self.run.setText("Run again" if run is not None and (run.ended or run.refused) else "Run")
        self.save.setEnabled(any_over(scripts))


def any_over(scripts: ScriptsModel) -> bool:
    """Whether there is something to report of the script that is looked at."""
    cases = scripts.entry.cases if scripts.entry is not None else ()
    return any(run is not None and run.ended is not None for run in map(scripts.run_of, cases))


def facts(run: CaseRun | None, is_shipped: bool) -> str:
    """What must be there before it starts, where it came from, and what it shows."""
    where = "Comes with the program" if is_shipped else "Your script"
    needs = needs_text(run.script.needs) if run is not None else ""
    about = run.script.about if run is not None else ""
    return "  ·  ".join(filter(None, (f"Needs {needs}" if needs else "", where, about)))


def needs_text(needs: Needs) -> str:
    """ "a virtual rig, firmware 0.3.0 or newer" """
    parts = [
        f"the pump {needs.device}" if needs.device else "",
        f"a virtual rig ({needs.rig})" if needs.rig else "a virtual rig" if needs.virtual else "",
        f"firmware {needs.firmware} or newer" if needs.firmware else "",
        *(name.replace("_", " ") for name in needs.capabilities),
        "a laboratory balance" if needs.laboratory_balance else "",
        f"{len(needs.settings)} setting{'s' * (len(needs.settings) != 1)} as it says" if needs.settings else "",
    ]
    return ", ".join(filter(None, parts))
