"""The showcase of writing: everything side by side, what has to be confirmed, the receipt, and one that broke off."""

from typing import TYPE_CHECKING

from programmer_gui.care_scenes import picture_over
from programmer_gui.scenes import SIZES
from programmer_gui.views.program_page import EDIT, WRITE
from programmer_gui.views.receipt_dialog import ReceiptDialog
from rig.virtual.faults import Fault
from rig.yamlfile import parse, plain

if TYPE_CHECKING:
    from programmer_gui.showcase import Stage

PAGE = 1


def writing(stage: "Stage") -> None:
    """The pump's own program, changed in two places."""
    parts, program = stage.parts, stage.parts.models.program
    text = parts.controls.known_text()
    program.load(plain(parse(text, "program"), "program"), text, title="taking over the pump's program")
    program.edit("dose", "1100 ug/day")
    program.edit("on-demand.lockout", "3 h")
    program.plan_now()
    parts.window.show_page(PAGE)
    parts.window.program.show_part(WRITE)
    panel = parts.window.program.panel
    for number, reason in enumerate(panel.confirming.reasons):
        reason.line.setText("" if number else "Bench test of a strong step")
    for end, size in SIZES.items():
        parts.window.resize(*size)
        stage.turn(0.1)
        stage.picture(f"compare{end}")
    parts.window.resize(*SIZES[""])
    for reason in panel.confirming.reasons:
        reason.line.setText("Bench test of a strong step")
    panel.write.click()
    stage.until("the receipt", lambda: isinstance(parts.wiring.asking.dialogs.find("receipt"), ReceiptDialog))
    stage.turn(1.0)
    receipt = parts.wiring.asking.dialogs.find("receipt")
    assert isinstance(receipt, ReceiptDialog)
    picture_over(stage, "receipt", receipt)
    receipt.save_to(stage.folder / "receipt.pdf")
    parts.wiring.asking.dialogs.close("receipt")


def broken_off(stage: "Stage") -> None:
    """The cable comes off and the pump is reset in the middle of an update; it is finished afterwards."""
    parts, update = stage.parts, stage.parts.models.update
    parts.models.program.edit("dose", "1000 ug/day")
    for reason in parts.window.program.panel.confirming.reasons:
        reason.line.setText("Bench test of a strong step")
    parts.window.program.panel.write.click()
    parts.engine.step(0.0)
    while not (update.active and update.update and update.update.stage == "confirm"):
        parts.engine.step(0.2)
        parts.bridge.tick()
    for what, duration_s in (("unplug", 60.0), ("reset", None)):
        parts.controls.inject(Fault(what, duration_s=duration_s))
    stage.until("the pump's word on it", lambda: update.standing is not None)
    parts.window.close()
    stage.turn(0.1)
    dialog = parts.wiring.asking.dialogs.find("unproven")
    assert dialog is not None
    stage.picture("broken-off")
    stage.picture("unproven", dialog)
    dialog.close()
    parts.window.banners.acted.emit("update")
    stage.until("the proof", lambda: not update.unproven)
    parts.wiring.asking.dialogs.close("receipt")
    parts.window.program.show_part(EDIT)
