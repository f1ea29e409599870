"""Joins the window to what can be done: actions and signals of views become calls of Controls."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from firmware_link.errors import PumpError
from firmware_link.ports import PortInfo
from programmer_gui import care, jobs
from programmer_gui.asking import Asking
from programmer_gui.bridge import Bridge
from programmer_gui.controls import Controls
from programmer_gui.messages import ProcedureEnded, ZeroBalance
from programmer_gui.views.banners import Problem, problem_of
from programmer_gui.views.main_window import MainWindow
from programmer_gui.views.welcome import TRY

SAID = {
    jobs.START: "The pump was started.",
    care.BOLUS: "The bolus was begun.",
    care.CLEAR: "Alarms were cleared.",
    jobs.SETTING: "The setting was changed.",
}


class Wiring(QObject):
    """Belongs to the window.  ``list_ports`` and ``recent`` fill the connect dialog."""

    def __init__(
        self,
        window: MainWindow,
        controls: Controls,
        bridge: Bridge,
        list_ports: Callable[[], list[PortInfo]],
        recent: Callable[[], list[str]],
    ) -> None:
        super().__init__(window)
        self.window, self.controls, self.bridge = window, controls, bridge
        self.asking = Asking(window, controls, list_ports, recent)
        self._connect_views()
        self._connect_actions()
        self._connect_models()
        bridge.session_began.connect(window.bench.show_session)
        bridge.session_began.connect(self._forget_refused)
        bridge.problem.connect(self.show_error)
        bridge.solved.connect(window.banners.dismiss)
        bridge.said.connect(window.footer.say)
        bridge.procedure_ended.connect(self._ended)

    def show_error(self, about: str, error: PumpError) -> None:
        """A banner."""
        level = "high" if about in ("stop", "recording") else "medium"
        action = "Connect …" if about == "connect" else ""
        self.window.banners.show_problem(problem_of(about, error, level, action))

    # -- from the views ------------------------------------------------------------------------------------------

    def _connect_views(self) -> None:
        window, controls = self.window, self.controls
        window.bar.stop_asked.connect(controls.stop)
        window.bar.target_asked.connect(self.asking.ask_target)
        window.bench.welcome.connect_asked.connect(self.asking.ask_target)
        window.bench.welcome.rig_asked.connect(lambda: controls.connect(TRY))
        window.bench.panel.note_asked.connect(self.asking.ask_note)
        window.device.settings.changed.connect(controls.change_setting)
        window.device.settings.refused.connect(
            lambda why: window.banners.show_problem(Problem("setting", "medium", why))
        )
        window.device.balance.tare.clicked.connect(lambda: controls.send(ZeroBalance()))
        window.footer.finish.clicked.connect(controls.finish_recording)
        window.banners.dismissed.connect(
            lambda key: window.models.pump.set_stop_note("", "") if key == "stop" else None
        )
        window.banners.acted.connect(lambda key: self.asking.ask_target() if key == "connect" else None)

    def _connect_actions(self) -> None:
        window, controls, actions = self.window, self.controls, self.window.actions_
        does: dict[str, Callable[[], object]] = {
            "connect": self.asking.ask_target,
            "disconnect": controls.disconnect,
            "finish_recording": controls.finish_recording,
            "quit": window.close,
            "undo": window.models.program.undo_stack.undo,
            "redo": window.models.program.undo_stack.redo,
            "note": self.asking.ask_note,
            "filter_log": self._filter_log,
            "stop": controls.stop,
            "start": controls.start,
            "bolus": self.asking.ask_bolus,
            "write": self._write_by_key,
            "clear_alarms": controls.clear_alarms,
            "full_screen": self._full_screen,
            "find_action": self.asking.find_action,
            "about": self.asking.show_about,
            "guide": self.asking.show_guide,
            "shortcuts": self.asking.show_shortcuts,
        }
        for page in range(window.pages.count()):
            does[f"page_{page}"] = partial(window.show_page, page)
        for mode in ("system", "light", "dark"):
            does[f"theme_{mode}"] = partial(window.theme.set_mode, mode)
        for name, do in does.items():
            actions[name].triggered.connect(lambda _=False, do=do: do())

    def _connect_models(self) -> None:
        window, models = self.window, self.window.models
        models.link.state_changed.connect(self._show_controllable)
        models.link.identity_changed.connect(self._show_recorded)
        models.link.lost.connect(self._show_lost)
        models.link.regained.connect(self._show_regained)
        models.link.identity_changed.connect(lambda info: None if info else window.banners.dismiss("lost"))
        models.pump.stop_changed.connect(lambda level, _: None if level else window.banners.dismiss("stop"))
        models.run.failed.connect(lambda error: self.show_error("recording", error))
        models.pump.alarms_changed.connect(self._show_controllable)
        models.pump.state_changed.connect(self._show_controllable)
        stack = models.program.undo_stack
        for name, signal in (("undo", stack.canUndoChanged), ("redo", stack.canRedoChanged)):
            signal.connect(window.actions_[name].setEnabled)
            window.actions_[name].setEnabled(False)
        window.theme.changed.connect(models.log.set_tokens)
        models.scripts.busy_changed.connect(self._show_controllable)
        models.scripts.busy_changed.connect(lambda busy: window.device.balance.set_free(not busy))
        self.bridge.received.connect(lambda message: models.link.balance.take(message.batch))
        self._show_controllable()

    # -- doing ---------------------------------------------------------------------------------------------------

    def _write_by_key(self) -> None:
        self.window.show_page(1)
        self.window.program.write_by_key()

    def _filter_log(self) -> None:
        self.window.show_page(0)
        self.window.bench.panel.focus_filter()

    def _full_screen(self) -> None:
        window = self.window
        if window.isFullScreen():
            window.showNormal()
        else:
            window.showFullScreen()

    def _forget_refused(self) -> None:
        """What another pump refused says nothing of this one."""
        for about in (*jobs.ALL, *care.ALL, "command", "setting", "program"):
            self.window.banners.dismiss(about)

    # -- what comes back -----------------------------------------------------------------------------------------

    def _ended(self, ended: ProcedureEnded) -> None:
        if ended.error is not None:
            if ended.name not in (jobs.READ, *jobs.UPDATES):
                self.show_error(ended.name, ended.error)
            return
        self.window.banners.dismiss(ended.name)
        if ended.name in SAID:
            self.window.footer.say(SAID[ended.name])

    def _show_controllable(self, *_: object) -> None:
        """What can't be done now is greyed out; STOP never is."""
        link, pump, actions = self.window.models.link, self.window.models.pump, self.window.actions_
        free = link.can_control and self.window.models.scripts.running is None
        actions.set_connected(free, link.info is not None, link.recorded)
        if pump.state in ("running", "bolus"):
            actions["start"].setEnabled(False)
        if not pump.alarm_bits:
            actions["clear_alarms"].setEnabled(False)

    def _show_recorded(self, *_: object) -> None:
        """A recording is no pump: what it can't have is greyed out, with the reason."""
        self._show_controllable()
        self.window.bench.set_recorded(self.window.models.link.recorded, self.window.actions_)

    def _show_lost(self, error: PumpError | None) -> None:
        if self.window.models.link.recorded:  # which says so in the device bar
            return
        target = self.window.models.link.target
        what = f"The link to {target} was lost; reconnecting to the same pump by itself."
        remedy = "The pump goes on with what it does, and recording goes on: what is missed is kept as a gap."
        details = error.sentence() if error else ""
        self.window.banners.show_problem(Problem("lost", "medium", what, remedy, details))

    def _show_regained(self) -> None:
        self.window.banners.dismiss("lost")
        if not self.window.models.link.recorded:
            self.window.footer.say("The link is back.")
