"""Reports, accuracy and diagnostic bundles in the showcase."""

from pathlib import Path
from typing import TYPE_CHECKING

from programmer_gui import bundling, reporting
from programmer_gui.views.accuracy_dialog import AccuracyDialog
from programmer_gui.views.bundle_dialogs import BundleDialog, OpenedBundleDialog
from programmer_gui.views.report_dialog import ReportDialog
from rig.bundle import bundle
from rig.report import page
from rig.report.accurate import accuracy_of
from rig.report.evidence import Options
from rig.report.making import report_of

if TYPE_CHECKING:
    from programmer_gui.showcase import Stage


def of_this_run(stage: "Stage") -> None:
    """Once its recording is finished."""
    run = stage.parts.models.run.state.path
    assert run is not None
    reports(stage, run)
    accuracy(stage, run)
    bundles(stage, run.parent)


def reports(stage: "Stage", run: Path) -> None:
    """The dialogs, and the report of ``run`` itself, as a page and as a PDF, beside the pictures."""
    from programmer_gui import printing

    window, dialogs = stage.parts.window, stage.parts.wiring.asking.dialogs
    window.runs.report_asked.emit(run)
    asked = dialogs.find(reporting.ABOUT)
    assert isinstance(asked, ReportDialog)
    stage.picture("report-dialog", asked)
    made = report_of(run, Options(truth=True), stage.clock)
    (stage.folder / f"report-{stage.mode}.html").write_text(page.web(made), encoding="utf-8")
    output = stage.folder / f"report-{stage.mode}.pdf"
    printing.save_paper(output, page.paper(made))
    asked.end(f"Saved report.pdf. {made.headlines[0].title}: {made.headlines[0].words}", output)
    stage.picture("report-made", asked)
    dialogs.close(reporting.ABOUT)


def accuracy(stage: "Stage", run: Path) -> None:
    """The curves of ``run``."""
    window = stage.parts.window
    shown = AccuracyDialog(window, window.theme, run.name)
    shown.show_accuracy(accuracy_of(run))
    shown.show()
    stage.picture("accuracy", shown)
    shown.close()


def bundles(stage: "Stage", runs: Path) -> None:
    """What a bundle holds, before it is saved and after it was opened."""
    window, dialogs = stage.parts.window, stage.parts.wiring.asking.dialogs
    window.actions_["bundle"].trigger()
    asked = dialogs.find(bundling.ABOUT)
    assert isinstance(asked, BundleDialog)
    stage.picture("bundle-dialog", asked)
    dialogs.close(bundling.ABOUT)
    path = stage.folder / f"showcase{bundle.SUFFIX}"
    bundle.make(path, bundle.Sources(runs, runs), stage.clock)
    opened = OpenedBundleDialog(window, path, bundle.opened(path))
    opened.show()
    stage.picture("bundle-opened", opened)
    opened.close()
    path.unlink()
