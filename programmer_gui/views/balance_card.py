"""The Device page's card of the laboratory balance, which is there where a balance is."""

from PySide6.QtCore import Qt

from programmer_gui.models.weighing import BalanceModel
from programmer_gui.views.care_cards import UNKNOWN
from programmer_gui.views.widgets import GAP, Card, button, column, label, row, set_property
from rig.balancestate import BalanceState

RECORDED = "as it was recorded"
LINKS = {"connecting": "Looking for it …", "online": "Online", "lost": "Lost, looking for it …"}


class BalanceCard(Card):
    """What it shows, how it does, and taring it."""

    def __init__(self, model: BalanceModel) -> None:
        super().__init__("Laboratory balance")
        self._model = model
        self._free = True
        self.value = label(UNKNOWN, "value")
        self.note = label("", "caption", wrap=True)
        self.warning = label("", "finding-warning", wrap=True)
        self.tare = button("Tare", name="Tare the laboratory balance", tip="It shows zero as soon as it is steady")
        line = row(column(self.value, self.note, gap=GAP), self.tare)
        line.setStretch(0, 1)
        line.setAlignment(self.tare, Qt.AlignmentFlag.AlignBottom)
        self.body.addLayout(line)
        self.body.addWidget(self.warning)
        model.changed.connect(self._show)
        self._show()

    def set_free(self, free: bool) -> None:
        """Whether nobody else is at work with it, as a test script is."""
        self._free = free
        self._show()

    def _show(self) -> None:
        model, state = self._model, self._model.state
        self.setVisible(bool(model.address) or model.recorded_ug is not None)
        self.warning.setText(state.why if state else "")
        self.warning.setVisible(bool(self.warning.text()))
        self.tare.setVisible(bool(model.address))
        self.tare.setEnabled(self._free and state is not None and state.link == "online" and not state.taring)
        self.tare.setText("Taring …" if state and state.taring else "Tare")
        if model.recorded_ug is not None:
            self._say(mass_text(model.recorded_ug), RECORDED)
        elif state is None:
            self._say(UNKNOWN, f"{LINKS['connecting']} {model.address}")
        else:
            self._show_state(state)

    def _show_state(self, state: BalanceState) -> None:
        identity = " ".join(part for part in (state.model, state.serial_number) if part)
        parts = [LINKS[state.link], identity, state.address]
        if state.mass_ug is not None:
            parts += [f"last digit {state.digit_ug / 1000:g} mg", "steady" if state.stable else "not steady"]
        value = UNKNOWN if state.mass_ug is None else mass_text(state.mass_ug, state.digit_ug)
        self._say(value, " · ".join(filter(None, parts)), "medium" if state.trouble else "")

    def _say(self, value: str, note: str, level: str = "") -> None:
        self.value.setText(value)
        self.note.setText(note)
        set_property(self.value, "level", level)


def mass_text(mass_ug: int, digit_ug: int = 100) -> str:
    """ "12.3456 g", to the last digit that the balance shows."""
    decimals = max(0, 7 - len(str(max(1, digit_ug))))
    return f"{mass_ug / 1e6:.{decimals}f} g".replace("-", "\N{MINUS SIGN}")
