"""The cards of the Device page that say what a pump needs somebody for."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QSpinBox, QWidget

from firmware_link import vocabulary
from programmer_gui import words
from programmer_gui.models.care import CareModel, short
from programmer_gui.models.occlusion import OcclusionModel
from programmer_gui.models.pump import PumpModel, Readings
from programmer_gui.views.actions import RECORDED
from programmer_gui.views.cell import volume_text
from programmer_gui.views.widgets import GAP, Card, button, label, row, set_property
from rig.therapy import program, units

UNKNOWN = "–"
LONGEST_MIN = next(row[3] for row in vocabulary.SETTINGS if row[1] == "reminder_min")


class CareCard(Card):
    """A title, a value, a note, and the buttons of actions."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.value = label(UNKNOWN, "value", wrap=True)
        self.note = label("", "caption", wrap=True)
        self.body.addWidget(self.value)
        self.body.addWidget(self.note)

    def show_value(self, value: str, note: str = "", level: str = "") -> None:
        """``level`` of words.LEVELS colours the value."""
        self.value.setText(value)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        set_property(self.value, "level", level)

    def add_buttons(self, *buttons: QWidget | None) -> None:
        """At the bottom, side by side."""
        self.body.addStretch(1)
        self.body.addLayout(row(*buttons, None))


def action_button(action: QAction, text: str) -> QPushButton:
    """A button that does ``action``, and can be pressed when it can be done."""
    made = button(text, name=action.text())
    made.clicked.connect(action.trigger)
    made.setEnabled(action.isEnabled())
    action.enabledChanged.connect(made.setEnabled)
    return made


class DeliveryCard(CareCard):
    """What it does; while it is stopped, for how long, and what comes of it."""

    reminder_asked = Signal(int)  # minutes

    def __init__(self, pump: PumpModel, occlusion: OcclusionModel) -> None:
        super().__init__("Delivery")
        self._pump, self._occlusion = pump, occlusion
        self.minutes = QSpinBox()
        self.minutes.setAccessibleName("Remind while stopped, minutes between two reminders")
        self.minutes.setRange(0, LONGEST_MIN)
        self.minutes.setSingleStep(15)
        self.minutes.setSuffix(" min")
        self.minutes.setSpecialValueText("never")
        self.minutes.setFixedWidth(112)
        self.minutes.lineEdit().setTextMargins(GAP, 0, 0, 0)
        self.minutes.setValue(60)
        self.set = button("Set", name="Set how often it reminds while it is stopped")
        self.set.clicked.connect(lambda: self.reminder_asked.emit(self.minutes.value()))
        self.remind = QWidget()
        self.remind.setLayout(row(label("Remind me every", "muted"), self.minutes, self.set, None))
        self.body.addStretch(1)
        self.body.addWidget(self.remind)
        self._reminder_min = -1
        for signal in (pump.state_changed, pump.activity_changed, pump.care.changed, occlusion.changed):
            signal.connect(self._show)
        self._show()

    def set_recorded(self, recorded: bool) -> None:
        """A recording takes no orders."""
        for field in (self.minutes, self.set):
            field.setEnabled(not recorded)
            field.setToolTip(RECORDED if recorded else "")

    def _show(self, *_: object) -> None:
        care, state = self._pump.care, self._pump.state
        self.remind.setVisible(state == "stopped")
        setting_min = care.settings.get("reminder_min", 60)
        if setting_min != self._reminder_min:  # not over what is being typed
            self._reminder_min = setting_min
            self.minutes.setValue(setting_min)
        if not state:
            self.show_value(UNKNOWN)
            return
        title = words.STATES.get(state, words.NOT_KNOWN).title
        if state != "stopped":
            self.show_value(title, "\n".join(filter(None, (self._pump.activity, self._occlusion.text))))
            return
        stopped_s = care.stopped_s()
        for_so_long = f" for {short(stopped_s)}" if stopped_s is not None else ", since before this connection"
        self.show_value(f"{title}{for_so_long}", " ".join(self._consequences(care)))

    @staticmethod
    def _consequences(care: CareModel) -> list[str]:
        reminder, alarm = care.until_reminder_s(), care.until_alarm_s()
        every = f"It reminds every {short(care.reminder_min * 60)}" if care.reminder_min else "It doesn't remind"
        said = [f"{every}, first in {short(reminder)}." if reminder is not None else f"{every}."]
        hours = care.settings.get("stopped_alarm_h")
        if alarm is not None:
            said.append(f"Critical alarm in {short(alarm)}.")
        elif hours and care.stopped_s() is None:
            said.append(f"Critical alarm after {short(hours * 3600)}.")
        return said


class DemandCard(CareCard):
    """What a press of the button gives, and when it may be pressed."""

    def __init__(self, pump: PumpModel, request: QAction) -> None:
        super().__init__("On-demand bolus")
        self._pump = pump
        self.wait = label("", wrap=True)
        self.body.addWidget(self.wait)
        self.request = action_button(request, "Request a bolus")
        self.press = button("Press the patient's button", tip="On a virtual rig: the pump decides alone, as it would")
        self.press.hide()
        self.add_buttons(self.request, self.press)
        for signal in (pump.care.changed, pump.state_changed):
            signal.connect(self._show)
        self._show()

    def set_virtual(self, virtual: bool) -> None:
        """Whether there is a button to press."""
        self.press.setVisible(virtual)

    def _show(self, *_: object) -> None:
        care = self._pump.care
        demand, said = care.demand, care.said
        self.wait.setVisible(demand is not None and said is not None)
        if demand is None or said is None:
            none = "The program that the pump holds has none." if said else ""
            self.show_value(UNKNOWN, none)
            return
        volume = units.volume_text(demand.volume_pl / 1000)
        concentration = self._pump.concentration_ng_ml
        dose = units.dose_text(program.dose_ng(demand.volume_pl, concentration)) if concentration else ""
        gives = f"{dose}  ({volume})" if dose else volume
        lockout = units.duration_text(demand.lockout_s * 1000)
        self.show_value(f"{gives} over {units.duration_text(demand.duration_ms)}", f"At least {lockout} apart.")
        self.wait.setText(f"{said.demands_day} of {demand.per_day} given in 24 h.  {self._next(said.demand_wait_s)}")

    def _next(self, wait_s: int) -> str:
        if wait_s:
            return f"Next in {short(wait_s)}."
        if self._pump.state == "running":
            return "Next may be given now."
        return "None while the pump isn't running its program."


class AlarmCard(CareCard):
    """Tones, silence and the self-test."""

    def __init__(self, care: CareModel, silence: QAction, self_test: QAction) -> None:
        super().__init__("Alarm")
        self._care = care
        self.test = label("", wrap=True)
        self.body.addWidget(self.test)
        self.add_buttons(action_button(silence, "Silence for 10 min"), action_button(self_test, "Test the alarm"))
        self._tested = False
        care.changed.connect(self._show)
        care.alarms_changed.connect(self._show)
        self._show()

    def show_test(self, failed: int | None) -> None:
        """The result of the test just made, None for none."""
        self._tested = failed is not None
        self._show()

    def _show(self, *_: object) -> None:
        said, standing = self._care.said, self._care.standing
        if said is None:
            self._tested = False
            self.show_value(UNKNOWN)
            self.test.hide()
            return
        value, level = "None stands", ""
        if standing:
            first = standing[0].alarm
            level = first.level
            others = f" and {len(standing) - 1} more" if len(standing) > 1 else ""
            value = f"{words.LEVEL_SYMBOLS[level]} {first.title}{others}"
        silent = f"Silent for another {short(said.silence_left_s)}. " if said.silence_left_s else ""
        tones = {0: "No tone", 1: "1 tone"}.get(said.tones, f"{said.tones} tones")
        self.show_value(value, f"{silent}{tones} since it started up.", level)
        self.test.setText(test_words(said.self_test) if self._tested or said.self_test else "")
        self.test.setVisible(bool(self.test.text()))
        set_property(self.test, "role", "finding-error" if said.self_test else "finding-ok")


def test_words(failed: int) -> str:
    """The result of a self-test."""
    if failed:
        return (
            f"The self-test failed: {words.self_tests(failed)}. Power-cycle the pump; if it repeats, replace the board."
        )
    everything = words.self_tests((1 << len(vocabulary.SELF_TESTS)) - 1)
    return f"Self-test passed: {everything}. Each tone was sounded."


class ReservoirCard(CareCard):
    """What is left."""

    def __init__(self, pump: PumpModel, refill: QAction) -> None:
        super().__init__("Reservoir")
        self._pump = pump
        self.add_buttons(action_button(refill, "Refill …"))
        pump.readings_changed.connect(self._show)
        pump.alarms_changed.connect(lambda: self._show(pump.readings))
        self._show(pump.readings)

    def _show(self, readings: Readings | None) -> None:
        if readings is None:
            self.show_value(UNKNOWN)
            return
        names = {alarm.name: alarm for alarm in words.active_alarms(self._pump.alarm_bits)}
        low = names.get("empty_reservoir") or names.get("low_reservoir")
        note = f"{low.title}. {low.remedy}" if low else "by what the pump delivered"
        self.show_value(volume_text(readings.reservoir_nl), note, low.level if low else "")


class BatteryCard(CareCard):
    """What is left of it."""

    def __init__(self, pump: PumpModel, replaced: QAction) -> None:
        super().__init__("Battery")
        self._pump = pump
        self.add_buttons(action_button(replaced, "Battery replaced …"))
        pump.readings_changed.connect(self._show)
        pump.alarms_changed.connect(lambda: self._show(pump.readings))
        self._show(pump.readings)

    def _show(self, readings: Readings | None) -> None:
        if readings is None:
            self.show_value(UNKNOWN)
            return
        names = {alarm.name: alarm for alarm in words.active_alarms(self._pump.alarm_bits)}
        end = names.get("battery_eos") or names.get("battery_eri")
        note = f"{end.title}. {end.remedy}" if end else "by its charge counter"
        value = f"{readings.charge_permille / 10:.0f} %  ·  {readings.battery_mv / 1000:.2f} V"
        self.show_value(value, note, end.level if end else "")


class TubeCard(CareCard):
    """How worn it is."""

    def __init__(self, care: CareModel, replaced: QAction) -> None:
        super().__init__("Tube")
        self._care = care
        self.add_buttons(action_button(replaced, "Tube replaced …"))
        care.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        used = tube_used(self._care)
        if used is None or self._care.said is None:
            self.show_value(UNKNOWN)
            return
        percent = self._care.said.tube_permille / 10
        life = self._care.settings["tube_life_compressions"]
        note = f"about {words.plain(used)} of {words.plain(life)} compressions by the rollers"
        due = any(one.alarm.name == "tube_service" for one in self._care.standing)
        self.show_value(
            f"{percent:.1f} % of its life used", f"Due for service, {note}" if due else note, "low" if due else ""
        )


def tube_used(care: CareModel) -> int | None:
    """Compressions so far, as exactly as the pump says; None before it has."""
    life = care.settings.get("tube_life_compressions")
    if care.said is None or life is None:
        return None
    return life * care.said.tube_permille // 1000
