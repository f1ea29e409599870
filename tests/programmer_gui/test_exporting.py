"""Exporting from the window: what is offered, what is made of it, and how it ends."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QItemSelectionModel, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from programmer_gui.exporting import ABOUT
from programmer_gui.models.exporting import CURSORS, DATASET, EVERYTHING, SELECTED, VISIBLE, Offer
from programmer_gui.views.export_dialog import ExportDialog
from rig.export import blocks
from rig.export.order import CSV, MCAP, PARQUET
from tests.programmer_gui.conftest import Desk, Lasting
from tests.rig.recording import make

WAIT_MS = 20_000


@pytest.fixture
def desk(shared: Lasting) -> Lasting:
    return shared


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run of 400 samples and four events."""
    path = tmp_path / "bench.run.duckdb"
    make.make_run(path, 400)
    return path


def ask(desk: Desk) -> ExportDialog:
    """The dialog that File > Export opens."""
    desk.parts.window.actions_["export"].trigger()
    return dialog(desk)


def dialog(desk: Desk) -> ExportDialog:
    found = desk.parts.wiring.asking.dialogs.find(ABOUT)
    assert isinstance(found, ExportDialog)
    return found


def carry_out(desk: Desk, bot: QtBot, asked: ExportDialog) -> str:
    """Presses Export and returns what is said at its end."""
    bot.mouseClick(asked.ok, Qt.MouseButton.LeftButton)
    bot.waitUntil(asked._fields.isEnabled, timeout=WAIT_MS)
    return asked.said.text()


def opened(desk: Desk, run: Path) -> Desk:
    """The window with the recording ``run`` open, read, and at its end."""
    desk.parts.replaying.open(run)

    def ready() -> Any:
        desk.parts.archive.step()
        return desk.parts.models.player.is_open and desk.parts.models.player.landmarks

    desk.until(ready, 0.0)
    return desk


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def offered(asked: ExportDialog) -> dict[str, str]:
    """Why each stretch can't be chosen."""
    return {stretch.name: stretch.why_not for stretch in asked.offer.stretches}


def exported(desk: Desk, bot: QtBot, run: Path, name: str, **chosen: int) -> Path:
    """The folder of CSV that the stretch ``name`` becomes."""
    asked = ask(desk)
    asked.format.choose(CSV)
    asked.stretch.choose(name)
    asked.rate.setCurrentIndex(asked.rate.findData(chosen.get("interval_us", 0)))
    folder = run.with_name(name)
    asked.place.path.setText(str(folder))
    said = carry_out(desk, bot, asked)
    assert asked.said.property("role") == "finding-ok", said
    asked.close()
    return folder


def test_of_a_recording_that_is_open_all_or_what_is_looked_at_is_exported(desk: Desk, qtbot: QtBot, run: Path) -> None:
    window = opened(desk, run).parts.window
    stack, panel, log = window.bench.charts, window.bench.panel, desk.parts.models.log
    assert stack is not None

    def drawn() -> bool:
        desk.turn(0.0)
        return stack.canvas.clock is not None

    qtbot.waitUntil(drawn, timeout=WAIT_MS)
    asked = ask(desk)
    assert "No cursors" in offered(asked)[CURSORS]
    assert "Select two entries" in offered(asked)[SELECTED]
    asked.format.choose(CSV)
    assert asked.place.path.text() == str(run.with_name("bench.csv"))
    assert (
        carry_out(desk, qtbot, asked) == f"Exported 400 samples and 4 events: 13 files in {run.with_name('bench.csv')}."
    )
    asked.close()

    stack.show_cursors()
    stack.cursors.at[:] = [9.0, 5.0]
    folder = exported(desk, qtbot, run, CURSORS, interval_us=1_000_000)
    assert [row["elapsed_s"] for row in rows(folder / "samples.csv")] == ["5.0", "6.0", "7.0", "8.0"]

    stack.view.show(10.0, 12.0)
    folder = exported(desk, qtbot, run, VISIBLE)
    seconds = [float(row["elapsed_s"]) for row in rows(folder / "samples.csv")]
    assert (seconds[0], seconds[-1]) == pytest.approx((10.0, 11.9), abs=0.15)

    kinds = [log.entry(row).kind for row in range(log.rowCount())]
    for kind in ("boot", "started"):
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        panel.table.selectionModel().select(panel.filter.index(kinds.index(kind), 0), flags)
    folder = exported(desk, qtbot, run, SELECTED)
    assert {"boot", "started"} <= {row["kind"] for row in rows(folder / "events.csv")}


def test_several_recordings_go_into_one_folder_and_a_damaged_one_is_named(desk: Desk, qtbot: QtBot, run: Path) -> None:
    other = run.with_name("other.run.duckdb")
    make.make_run(other, 20)
    desk.parts.window.runs.export_asked.emit([run, other])
    asked = dialog(desk)
    assert not asked.stretch.isVisible()
    asked.format.choose(MCAP)
    out = run.with_name("out")
    asked.place.path.setText(str(out))
    assert "2 files" in carry_out(desk, qtbot, asked)
    assert sorted(path.name for path in out.iterdir()) == ["bench.mcap", "other.mcap"]
    asked.format.choose(DATASET)
    asked.place.path.setText(str(run.with_name("set")))
    assert "420 samples and 8 events" in carry_out(desk, qtbot, asked)
    assert len(list(run.with_name("set").glob("samples/*/*/*.parquet"))) == 2
    asked.close()

    other.write_bytes(b"no database" * 1000)
    desk.parts.window.runs.export_asked.emit([run, other])
    asked = dialog(desk)
    asked.format.choose(MCAP)
    said = carry_out(desk, qtbot, asked)
    assert "other.run.duckdb is not a run file" in said
    assert "Exported 400 samples" in said
    assert asked.said.property("role") == "finding-error"


@pytest.mark.parametrize("leave", ["close", "reject"])
def test_a_dialog_that_was_left_is_forgotten(desk: Desk, run: Path, leave: str) -> None:
    for _ in range(2):
        desk.parts.window.runs.export_asked.emit([run])
        getattr(dialog(desk), leave)()
        desk.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert desk.parts.wiring.asking.dialogs.find(ABOUT) is None


@pytest.fixture
def alone(qtbot: QtBot, run: Path) -> Iterator[ExportDialog]:
    """The dialog about one recording, without its window."""
    parent = QWidget()
    qtbot.addWidget(parent)
    asked = ExportDialog(parent, Offer((run,)))
    asked.show()
    yield asked
    parent.deleteLater()


def test_what_is_there_is_written_over_only_by_who_wants_it(alone: ExportDialog, run: Path) -> None:
    run.with_name("bench.mcap").write_text("mine")
    assert alone.ok.isEnabled()
    alone.format.choose(MCAP)
    assert alone.place.over.isVisible()
    assert not alone.ok.isEnabled()
    alone.place.over.setChecked(True)
    assert alone.ok.isEnabled()
    assert alone.wish.force
    alone.place.path.setText(str(run.with_name("other.mcap")))
    assert not alone.place.over.isVisible()
    assert not alone.wish.force


def test_an_export_can_be_cancelled_and_leaves_nothing(
    desk: Desk, qtbot: QtBot, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sorted(run.parent.iterdir())
    held: list[Callable[[], None]] = []
    real = blocks.Source.sample_blocks

    def slowly(source: blocks.Source) -> Any:
        """As a run so long that somebody has had enough of it."""
        while not held:
            yield next(real(source))

    monkeypatch.setattr(blocks.Source, "sample_blocks", slowly)
    asked = ask(opened(desk, run))
    qtbot.mouseClick(asked.ok, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(asked.bar.isVisible, timeout=WAIT_MS)
    assert not asked.ok.isEnabled()
    qtbot.mouseClick(asked.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(asked._fields.isEnabled, timeout=WAIT_MS)
    assert asked.said.text() == "The export was cancelled. Nothing of it was kept."
    assert sorted(run.parent.iterdir()) == before
    assert not asked.show_folder.isVisible()


def test_without_a_channel_there_is_nothing_to_export(alone: ExportDialog) -> None:
    for box in alone.channels.boxes.values():
        box.setChecked(False)
    assert not alone.ok.isEnabled()
    assert "Choose a channel" in alone.said.text()
    alone.channels.boxes["flow_pl_s"].setChecked(True)
    assert alone.ok.isEnabled()
    assert alone.wish.channels == ("flow_pl_s",)


def test_a_session_under_way_is_to_be_finished_first_and_then_exported(desk: Desk, qtbot: QtBot) -> None:
    desk.connect()
    window = desk.parts.window
    window.actions_["export"].trigger()
    (banner,) = (problem for problem in window.banners.problems if problem.key == ABOUT)
    assert "still being recorded" in banner.what
    recorded = desk.parts.models.run.state.path
    window.banners.acted.emit(ABOUT)
    desk.until(lambda: desk.parts.wiring.asking.dialogs.find(ABOUT))
    asked = dialog(desk)
    assert list(offered(asked)) == [EVERYTHING, VISIBLE, CURSORS, SELECTED]
    assert asked.offer.runs == (recorded,)
    asked.tables.setCurrentIndex(1)
    assert asked.place.path.text().endswith(".samples.parquet")
    assert "samples" in carry_out(desk, qtbot, asked)


def test_a_place_that_was_typed_stays_when_the_format_changes(alone: ExportDialog, run: Path) -> None:
    alone.place.path.setText(str(run.with_name("elsewhere") / "mine.parquet"))
    alone.format.choose(CSV)
    assert Path(alone.place.path.text()).parent == run.with_name("elsewhere")


def test_the_default_of_one_recording_and_of_several() -> None:
    from programmer_gui.models.exporting import default_output, is_folder

    one, two = Offer((Path("/r/a.run.duckdb"),)), Offer((Path("/r/a.run.duckdb"), Path("/r/b.run.duckdb")))
    assert default_output(one, PARQUET, "") == Path("/r/a.parquet")
    assert default_output(one, CSV, "samples") == Path("/r/a.samples.csv")
    assert default_output(one, MCAP, "samples") == Path("/r/a.mcap")
    assert default_output(two, MCAP, "") == Path("/r")
    assert [is_folder(one, *what) for what in ((CSV, ""), (CSV, "samples"), (MCAP, ""), (DATASET, ""))] == [1, 0, 0, 1]
