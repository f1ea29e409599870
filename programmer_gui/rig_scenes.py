"""The showcase of a virtual rig: healthy, with faults in force, one that is refused, a bad line, no line."""

from typing import TYPE_CHECKING

from programmer_gui.scenes import SIZES
from programmer_gui.views.alarm_banner import AlarmBanner
from programmer_gui.views.device_page import PUMP, RIG
from programmer_gui.views.fault_fields import NOW, UNTIL_ENDED
from rig.virtual.faults import Fault

if TYPE_CHECKING:
    from programmer_gui.showcase import Stage

BENCH, DEVICE = 0, 4
#: fault, how much ("" for none), how long, when
FAILING = (
    ("leak", "60 %", UNTIL_ENDED, NOW),
    ("clock_drift", "300", UNTIL_ENDED, NOW),
    ("pressure_stuck", "", "20 min", NOW),
    ("stall", "", "10 min", "in 1 h"),
    ("wrong_concentration", "50", "", NOW),
    ("worn_tube", "150000", "", NOW),
)
BAD_LINK = (("link_flip", "0.5", UNTIL_ENDED, NOW), ("link_delay", "120", "10 min", NOW))


def healthy(stage: "Stage") -> None:
    """Nothing is wrong, and belief and truth agree; the bench says how long an occlusion would stay unnoticed."""
    _show(stage)
    pictures(stage, "rig-healthy")
    _leave(stage)
    stage.parts.window.show_page(BENCH)
    pictures(stage, "bench-healthy")


def failing(stage: "Stage") -> None:
    """Several faults in force and to come; one more, which contradicts one of them, is refused."""
    _show(stage)
    for fault in FAILING:
        inject(stage, *fault)
    stage.let(10)
    banner = stage.parts.window.findChild(AlarmBanner)
    assert banner is not None
    banner.hidden.click()  # what the pump says of it is in the next picture
    pictures(stage, "rig-faults")
    banner.show()
    inject(stage, "disconnect")
    pictures(stage, "rig-refused")
    inject(stage, "missed_steps", "95 %")
    pictures(stage, "rig-range")
    _recover(stage)


def bad_link(stage: "Stage") -> None:
    """Frames that break on a bad line are counted; without one, the truth goes on."""
    _show(stage)
    for fault in BAD_LINK:
        inject(stage, *fault)
    stage.let(2)
    pictures(stage, "rig-bad-link")
    inject(stage, "unplug", "", "10 min")
    stage.let(1)
    pictures(stage, "rig-lost")
    _recover(stage)


def inject(stage: "Stage", name: str, amount: str = "", lasts: str = "", begins: str = NOW) -> None:
    """As the operator does it."""
    panel = stage.parts.window.device.rig.faults
    panel.chooser.choose(name)
    if amount:
        panel.fields.amount.setText(amount)
    if lasts:
        panel.fields.duration.setEditText(lasts)
    panel.fields.begin.setEditText(begins)
    panel.inject.click()
    stage.turn(1)


def pictures(stage: "Stage", name: str) -> None:
    """In every size."""
    for suffix, size in SIZES.items():
        stage.parts.window.resize(*size)
        stage.turn(0.1)
        stage.picture(name + suffix)
    stage.parts.window.resize(*SIZES[""])


def _show(stage: "Stage") -> None:
    stage.parts.window.show_page(DEVICE)
    stage.parts.window.device.show_part(RIG)


def _leave(stage: "Stage") -> None:
    stage.parts.window.device.show_part(PUMP)


def _recover(stage: "Stage") -> None:
    """All faults end, and what they changed is put right."""
    parts, models = stage.parts, stage.parts.models
    if models.rig.faults:
        parts.window.device.rig.standing.all.click()
    for fault in (Fault("wrong_concentration", amount=500), Fault("new_tube")):
        parts.controls.inject(fault)
    stage.until("the link", lambda: models.link.can_control and not models.rig.faults)
    stage.let(1)
    _leave(stage)
