"""Recording a script in the showcase, and reviewing a recording: while it goes on, what is proposed, what differs."""

import threading
from typing import TYPE_CHECKING

from programmer_gui import reviewing, taking
from programmer_gui.reviewing import Reviewing
from programmer_gui.scenes import SIZES
from programmer_gui.views.review_dialog import ReviewDialog
from programmer_gui.views.taking_dialog import TakingDialog
from programmer_gui.views.taking_strip import TakingStrip
from rig.recording.reader import RunReader
from rig.virtual.faults import Fault

if TYPE_CHECKING:
    from programmer_gui.showcase import Stage

PATIENCE_S = 30.0


def record(stage: "Stage") -> None:
    """The outlet is blocked until the alarm comes, and opened again; the pump runs before and after."""
    window, controls = stage.parts.window, stage.parts.controls
    action = window.actions_["record_script"]
    window.show_page(0)
    action.trigger()
    stage.until("the recording of a script", action.isChecked)
    stage.let(2)
    controls.inject(Fault("occlusion"))
    stage.let(1)
    window.actions_["fit"].trigger()
    for suffix, size in SIZES.items():
        window.resize(*size)
        stage.turn(0.1)
        stage.picture(f"recording-a-script{suffix}")
    window.resize(*SIZES[""])
    controls.inject(Fault("occlusion", ends=True))
    stage.let(2)
    strip = window.findChild(TakingStrip)
    assert isinstance(strip, TakingStrip)
    strip.end.click()
    stage.until("the end of it", lambda: not action.isChecked())
    _wait(taking.ABOUT)
    dialogs = stage.parts.wiring.asking.dialogs
    stage.until("the script", lambda: dialogs.find(taking.ABOUT) is not None)
    dialog = dialogs.find(taking.ABOUT)
    assert isinstance(dialog, TakingDialog)
    stage.picture("recorded-script", dialog)
    path, session = dialog.script_path, dialog.session
    dialog.ok.click()
    again = TakingDialog(window, session, path, "Blocked outlet, again", window.theme)
    again.model.take(tuple(one.accepted(False) for one in again.model.proposals))
    again.show()
    stage.picture("recorded-script-again", again)
    again.close()
    for one in path.parent.glob(f"{path.name.removesuffix('.qa.yaml')}*"):
        one.unlink()


def review(stage: "Stage") -> None:
    """The verdict on this run, once its recording is finished."""
    run = stage.parts.models.run.state.path
    assert run is not None
    copy = run.with_name("blinded.run.duckdb")
    found = stage.parts.window.findChild(Reviewing)
    assert isinstance(found, Reviewing)
    found.copy(run, copy)
    _wait(reviewing.COPY)
    stage.turn(0.1)
    for path, name in ((copy, "review-blinded"), (run, "review")):
        found.review(path)
        dialog = stage.parts.wiring.asking.dialogs.find(reviewing.REVIEW)
        assert isinstance(dialog, ReviewDialog)
        dialog.verdicts["inconclusive"].click()
        stage.picture(name, dialog)
        dialog.close()
    stage.parts.window.banners.dismiss(reviewing.COPY)
    with RunReader(copy) as reader:
        key = found.key_of(reader.run.run_id)
    copy.unlink()
    key.unlink()


def _wait(name: str) -> None:
    """For work on a thread of its own."""
    for thread in threading.enumerate():
        if thread.name == name:
            thread.join(PATIENCE_S)
