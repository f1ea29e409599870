"""The export dialog in the showcase: of an open recording, with a file in its way, under way, done, and of several."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from programmer_gui.care_scenes import picture_over
from programmer_gui.exporting import ABOUT
from programmer_gui.models.exporting import CURSORS, Offer
from programmer_gui.views.export_dialog import ExportDialog
from rig.export.order import CSV

if TYPE_CHECKING:
    from programmer_gui.showcase import Stage

EXPORT = "export"


def of_this_run(stage: "Stage") -> None:
    """Lets go of the pump and opens what was recorded of it."""
    parts, models = stage.parts, stage.parts.models
    run = models.run.state.path
    assert run is not None
    parts.controls.disconnect()
    stage.until("the end of the recording", lambda: models.link.info is None and not models.run.state.recording)
    parts.replaying.open(run)

    def is_read() -> bool:
        parts.archive.step()
        return models.player.is_open and models.player.landmarks is not None

    stage.until("the recording", is_read)
    exports(stage, run)
    parts.controls.disconnect()
    stage.until("the recording to close", lambda: models.link.info is None)


def exports(stage: "Stage", run: Path) -> None:
    """The recording ``run`` is open; its dialog as it comes, filled in, under way, at its end, and for several."""
    window = stage.parts.window
    window.show_page(0)
    window.actions_["cursors"].setChecked(False)
    window.actions_["cursors"].trigger()
    window.actions_[EXPORT].trigger()
    dialog = _dialog(stage)
    picture_over(stage, "export", dialog)
    dialog.format.choose(CSV)
    dialog.stretch.choose(CURSORS)
    dialog.channels.boxes["battery_mv"].setChecked(False)
    dialog.rate.setCurrentIndex(2)
    taken = run.with_name("taken")
    taken.mkdir()
    (taken / "samples.csv").write_text("")
    dialog.place.path.setText(str(taken))
    picture_over(stage, "export-taken", dialog)
    shutil.rmtree(taken)
    dialog.place.path.setText(str(run.with_name("bench.csv")))
    dialog.begin()
    dialog.show_progress(0.4, "Exporting")
    picture_over(stage, "export-running", dialog)
    dialog.end("Exported 4,812 samples and 31 events: 9 files in bench.csv.", well=True, folder=run.parent)
    picture_over(stage, "export-done", dialog)
    dialog.close()
    window.show_page(3)
    several = ExportDialog(window, Offer(tuple(run.with_name(f"{day}_bench.run.duckdb") for day in range(5))))
    picture_over(stage, "export-several", several)
    several.close()


def _dialog(stage: "Stage") -> ExportDialog:
    found = stage.parts.wiring.asking.dialogs.find(ABOUT)
    assert isinstance(found, ExportDialog)
    return found
