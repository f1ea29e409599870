"""Joins the window to what a pump needs somebody for: refill, new parts, on-demand boluses, alarms, tones."""

from pathlib import Path

from PySide6.QtCore import QObject

from firmware_link.errors import PumpError
from firmware_link.vocabulary import SELF_TESTS
from programmer_gui import care, words
from programmer_gui.ledgers import Ledgers
from programmer_gui.messages import ProcedureEnded
from programmer_gui.models.document import Document
from programmer_gui.refilling import Attempt, latest
from programmer_gui.views.alarm_banner import AlarmBanner
from programmer_gui.views.banners import Problem
from programmer_gui.views.care_cards import test_words, tube_used
from programmer_gui.views.pump_dialogs import DEFAULT_PUMP, ReplacedDialog, battery_dialog, tube_dialog
from programmer_gui.views.refill_wizard import RefillWizard, Supply
from programmer_gui.wiring import Wiring
from rig.firmware.program import Program as DeviceProgram
from rig.ledger import Ledger
from rig.moments import date_text
from rig.session import SessionInfo
from rig.therapy import files, refill, units
from rig.therapy.finding import Context
from rig.therapy.forecast import days_to_eri
from rig.therapy.profiles import Pump
from rig.therapy.program import dose_ng
from rig.virtual.faults import Fault

SAID = {
    care.DEMAND: "The pump gives an on-demand bolus.",
    care.BATTERY: "The pump counts a new battery.",
    care.TUBE: "The pump counts a new tube.",
    care.SILENCE: "The tones are silent for 10 minutes, or until the link drops.",
}
LEFT = (
    "The refill was not recorded: the pump was let go of before.",
    "Connect to it again and look into its log; where it has no refill, record it then.",
)
_KEPT = ("pump", "catheter", "trimmed", "limits", "device", "time-zone")  # of the document, for a bridge


class Caring(QObject):
    """Belongs to the window.  ``pumps_folder`` has the ledgers."""

    def __init__(self, wiring: Wiring, pumps_folder: Path) -> None:
        super().__init__(wiring)
        self._wiring, self._controls, self._window = wiring, wiring.controls, wiring.window
        self._models = wiring.window.models
        self._ledgers = Ledgers(pumps_folder)
        self._info: SessionInfo | None = None  # of the pump that a refill is for
        self._attempt: Attempt | None = None  # a refill that isn't confirmed
        self.banner = AlarmBanner(self._models.pump.care, wiring.window.theme)
        self._window.banners.add_standing(self.banner)
        self._connect()

    def _connect(self) -> None:
        window, controls, actions = self._window, self._controls, self._window.actions_
        self.banner.clear_asked.connect(controls.clear_alarms)
        self.banner.silence_asked.connect(self.silence)
        window.device.demand.press.clicked.connect(lambda: controls.inject(Fault("press_button")))
        window.device.delivery.reminder_asked.connect(lambda minutes: controls.change_setting("reminder_min", minutes))
        for name, do in (
            ("refill", self.ask_refill),
            ("battery", self.ask_battery),
            ("tube", self.ask_tube),
            ("demand", lambda: controls.run(care.DEMAND, care.demand)),
            ("silence", self.silence),
            ("self_test", lambda: controls.run(care.SELF_TEST, care.self_test)),
        ):
            actions[name].triggered.connect(lambda _=False, do=do: do())
        models = self._models
        models.link.state_changed.connect(lambda: self.banner.set_controllable(models.link.can_control))
        models.link.identity_changed.connect(self._forget)
        models.link.identity_changed.connect(lambda: self.banner.set_recorded(models.link.recorded))
        models.log.rowsInserted.connect(lambda *_: self._look_for_it())
        models.program.held_changed.connect(models.pump.care.set_held)
        self._wiring.bridge.procedure_ended.connect(self._ended)

    def silence(self) -> None:
        """No tone for a while."""
        self._controls.run(care.SILENCE, care.silence)

    # -- new parts -----------------------------------------------------------------------------------------------

    def ask_battery(self) -> None:
        """Whether it was replaced: that can't be undone."""

        def make() -> ReplacedDialog:
            dialog = battery_dialog(self._window, self._models.pump, self._new_eri())
            dialog.accepted_by_operator.connect(lambda: self._controls.run(care.BATTERY, care.battery_replaced))
            return dialog

        self._wiring.asking.show("battery", make)

    def ask_tube(self) -> None:
        """Whether it was replaced."""

        def make() -> ReplacedDialog:
            model = self._models.pump.care
            used, life = tube_used(model), model.settings.get("tube_life_compressions", 0)
            told = "not known"
            if used is not None and model.said is not None:
                told = f"about {words.plain(used)} compressions, {model.said.tube_permille / 10:.1f} % of its life"
            dialog = tube_dialog(self._window, told, f"{words.plain(life)} compressions")
            dialog.accepted_by_operator.connect(lambda: self._controls.run(care.TUBE, care.tube_replaced))
            return dialog

        self._wiring.asking.show("tube", make)

    def _profile(self) -> Pump:
        """Of the program being edited, which the operator chose for this pump."""
        model = self._models.program
        edited = model.evaluated.program
        return edited.pump if edited else model.profiles.pumps[DEFAULT_PUMP]

    def _new_eri(self) -> str:
        """When a battery that is full now will be near its end, at what the pump delivers."""
        said = self._models.pump.care.said
        if said is None:
            return "not known"
        context = Context(settings=self._models.pump.care.settings)
        flow_pl_day = refill.worst_flow_pl_day(self._models.program.held)
        days = days_to_eri(self._profile(), flow_pl_day, context)
        return f"{date_text(round(said.utc_us + days * units.DAY_US))[:10]}, in {days / 365.25:.1f} years"

    # -- refill --------------------------------------------------------------------------------------------------

    def ask_refill(self) -> None:
        """What is in it, what came out, what went in."""

        def make() -> RefillWizard:
            wizard = RefillWizard(self._window, self._models.pump, self._window.theme, self._supply())
            wizard.read_asked.connect(self._read)
            wizard.recorded.connect(self._record)
            wizard.bridge_asked.connect(self._open_bridge)
            return wizard

        fresh = self._wizard is None
        self._wiring.asking.show("refill", make)
        if fresh:
            self._read()

    @property
    def _wizard(self) -> RefillWizard | None:
        found = self._wiring.asking.dialogs.find("refill")
        return found if isinstance(found, RefillWizard) else None

    def _supply(self) -> Supply:
        settings, trouble = self._models.pump.care.settings, ""
        info = self._models.link.info
        try:
            kept = self._ledgers.of(info)
        except PumpError as error:
            kept, trouble = Ledger(""), f"Past refills can't be read: {error.sentence()}"
        capacity_nl, low_nl = settings.get("reservoir_nl", 0), settings.get("low_reservoir_nl", 0)
        cap_days = self._profile().refill_cap_days
        device_id = info.device.device_id if info and info.device else ""
        return Supply(kept, capacity_nl, low_nl, cap_days, self._models.program.held, device_id, trouble)

    def _read(self) -> None:
        self._controls.run(care.INTERROGATE, care.interrogate)

    def _record(self, order: care.RefillOrder) -> None:
        wizard = self._wizard
        expected_nl = (wizard.read.expected_nl or 0) if wizard is not None else 0
        self._info = self._models.link.info
        self._attempt = Attempt(order, expected_nl, latest(self._models.log.entries))
        self._controls.refill(order)

    def _look_for_it(self) -> None:
        """The answer to a refill was lost: where the pump's log has it, it must not be recorded again."""
        attempt, wizard = self._attempt, self._wizard
        done = attempt.found(self._models.log.entries) if attempt is not None else None
        if done is not None and wizard is not None and wizard.failed:
            self._controls.note(care.refill_note(done))
            if self._info is not None and self._info.virtual:
                self._controls.inject(Fault("fill_reservoir", amount=done.refill.filled_nl / 1e6))
            self._window.banners.dismiss(care.REFILL)
            self._taken(done)

    def _taken(self, done: care.Refilled) -> None:
        self._attempt = None
        self._keep(done)
        if (wizard := self._wizard) is not None:
            wizard.finish(done)
        self._window.footer.say("The refill is recorded on the pump.")

    def _keep(self, done: care.Refilled) -> None:
        """Into the ledger; where that fails, the recording and the pump's own log have it."""
        if self._info is None:
            return
        try:
            self._ledgers.add(self._info, done.refill)
        except PumpError as error:
            what = f"The refill is recorded, but not in the pump's ledger: {error.what}"
            self._window.banners.show_problem(Problem("ledger", "medium", what, error.remedy))

    def _open_bridge(self, before_ng_ml: int) -> None:
        """A bridge from the concentration before to the new one, on the Program page."""
        model = self._models.program
        document = bridge_document(model.document, model.held, before_ng_ml, self._models.pump.concentration_ng_ml)
        model.load(document, title="bridge program")
        self._window.show_page(1)

    def _forget(self, info: SessionInfo | None) -> None:
        """The pump was let go of: what was to be done to it must not be done to the next one."""
        if info is not None:
            return
        self._ledgers.forget()
        self._attempt = None
        wizard = self._wizard
        if wizard is not None and wizard.let_go():
            self._window.banners.show_problem(Problem(care.REFILL, "medium", *LEFT))
        for name in ("bolus", "battery", "tube", "close"):
            self._wiring.asking.dialogs.close(name)

    # -- what comes back -----------------------------------------------------------------------------------------

    def _ended(self, ended: ProcedureEnded) -> None:
        wizard = self._wizard
        if ended.error is not None:
            if wizard is not None and ended.name in (care.REFILL, care.INTERROGATE):
                wizard.fail(ended.error.sentence())
                self._look_for_it()
        elif ended.name == care.INTERROGATE and wizard is not None:
            wizard.show_status(ended.result["reservoir_nl"], ended.result["utc_s"])
        elif isinstance(ended.result, care.Refilled):
            self._taken(ended.result)
        elif ended.name == care.SELF_TEST:
            self._show_test(ended.result)
        elif ended.name in SAID:
            self._window.footer.say(SAID[ended.name])

    def _show_test(self, failed: int) -> None:
        self._window.device.alarm.show_test(failed)
        if failed:
            what, _, remedy = test_words(failed).partition(". ")
            self._window.banners.show_problem(Problem(care.SELF_TEST, "high", f"{what}.", remedy))
        else:
            self._window.banners.dismiss(care.SELF_TEST)
            self._window.footer.say(f"All {len(SELF_TESTS)} self-tests passed, and each tone was sounded.")


def bridge_document(edited: Document, held: DeviceProgram | None, before_ng_ml: int, now_ng_ml: int) -> Document:
    """A bridge at the dose that ``held`` gave before, for the pump and catheter of the document ``edited``."""
    flow_pl_day = held.cycle_pl * units.DAY_US // held.cycle_us if held is not None and held.cycle else 0
    dose = units.dose_rate_text(dose_ng(flow_pl_day, before_ng_ml)).replace("µ", "u")
    before, now = (units.concentration_text(value) for value in (before_ng_ml, now_ng_ml))
    document = {
        "pump-program": files.SCHEMA,
        "name": f"Bridge from {before} to {now}",
        "mode": "bridge",
        "drug": edited.get("drug", "water"),
        "concentration": now.replace("µ", "u"),
        "old-concentration": before.replace("µ", "u"),
        "old-dose": dose,
        "dose": dose,
    }
    return document | {key: edited[key] for key in _KEPT if key in edited}
