"""Recordings compared in the real window."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from programmer_gui.comparing import RUNS_PAGE, Comparing
from programmer_gui.compose import Parts
from programmer_gui.models.compared_runs import COLUMNS
from programmer_gui.views.compare_view import FAILED, FOUND, CompareView
from rig.compare.alignment import Alignment
from rig.compare.findings import CHANNELS, EVENTS
from tests.programmer_gui.conftest import Lasting
from tests.rig.compare.runs import EVENTS as HAPPENED
from tests.rig.compare.runs import record


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    folder = tmp_path_factory.mktemp("runs")
    golden = record(folder / "1-golden.run.duckdb")
    slow = record(folder / "2-slow.run.duckdb", speed=0.98, lost=(2000, 2300))
    late = record(folder / "3-late.run.duckdb", events=(*HAPPENED[:2], ("occlusion", 320.0, 0), HAPPENED[3]))
    return golden, slow, late


@dataclass
class Bench:
    """The window with what compares in it."""

    parts: Parts
    comparing: Comparing
    wait: Callable[[], None]
    replayed: list[tuple[Path, str]]

    @property
    def view(self) -> CompareView:
        assert self.comparing.view is not None
        return self.comparing.view

    def open(self, *runs: Path) -> None:
        self.comparing.open(runs)
        self.wait()

    def titles(self) -> list[str]:
        return [row if isinstance(row, str) else row.title for row in self.view.model.rows]

    def select(self, group: str, name: str) -> None:
        self.view.table.selectRow(self.view.model.row_of(group, name))


@pytest.fixture
def bench(shared: Lasting, qtbot: QtBot) -> Iterator[Bench]:
    window = shared.parts.window
    comparing = window.findChild(Comparing)
    assert comparing is not None
    replay = comparing.replay
    replayed: list[tuple[Path, str]] = []
    comparing.replay = lambda path, at: replayed.append((path, at))

    def wait() -> None:
        qtbot.waitUntil(lambda: not comparing.worker.busy, timeout=20_000)

    yield Bench(shared.parts, comparing, wait, replayed)
    comparing.worker.end()
    comparing.close()
    comparing.replay = replay
    if comparing.view is not None:
        window.pages.removeWidget(comparing.view)
        comparing.view.deleteLater()
        comparing.view = None


def test_two_recordings_are_shown_with_verdict_curves_and_table(bench: Bench, runs: tuple[Path, ...]) -> None:
    bench.open(runs[1], runs[0])
    view, window = bench.view, bench.parts.window
    assert window.pages.currentWidget() is view
    assert view.isVisible()
    assert view.bar.verdict.text() == "✗ Differs"
    assert view.bar.golden.currentText() == "1-golden"
    assert view.bar.run.currentText() == "✗ 2-slow"
    assert view.said.whole == "10 min compared · 30.1 s lost, not compared"
    assert [title for title in bench.titles() if "✗" in title] == ["Channels   ✗ 2", "Totals   ✗ 2"]
    stack = view.charts.stack
    assert stack is not None
    assert list(stack.data.gaps) == [(199.9, 230.0)]
    assert {"golden", "new", "deviation"} <= {name for name in ("golden", "new", "deviation") if stack.data.track(name)}
    assert view.channel.currentText() == "✗ Commanded"


def test_choosing_a_difference_shows_its_channel_and_its_moment(bench: Bench, runs: tuple[Path, ...]) -> None:
    bench.open(*runs[:2])
    bench.select(CHANNELS, "flow_pl_s")
    assert bench.view.channel.currentText() == "✗ Flow"
    assert bench.view.said.whole.startswith("Flow is 0.4 mL/day below the golden run")
    assert bench.view.look.isEnabled()
    bench.view.look.click()
    assert bench.replayed == [(runs[1].resolve(), "00:00:00")]
    bench.select(CHANNELS, "battery_mv")
    assert bench.view.said.whole == "Battery voltage is the same in both."
    assert not bench.view.look.isEnabled()


def test_a_moved_event_is_marked_and_opened_where_it_came(bench: Bench, runs: tuple[Path, ...]) -> None:
    bench.open(runs[0], runs[2])
    stack = bench.view.charts.stack
    assert stack is not None
    assert [(mark.x, mark.title, mark.detail) for mark in list(stack.data.marks)] == [(320.0, "Occlusion", "20 s late")]
    bench.select(EVENTS, "occlusion")
    window = stack.canvas.in_view
    assert window.begin < 320.0 < window.end
    assert window.span == pytest.approx(60, abs=1)
    bench.view.look.click()
    assert bench.replayed == [(runs[2].resolve(), "00:05:20")]


def test_of_several_the_first_that_differs_is_shown_and_others_can_be(bench: Bench, runs: tuple[Path, ...]) -> None:
    bench.open(*runs)
    bar = bench.view.bar
    assert [bar.run.itemText(at) for at in range(bar.run.count())] == ["✗ 2-slow", "✗ 3-late"]
    bar.run.activated.emit(1)
    assert bench.view.against is not None
    assert bench.view.against.path == runs[2].resolve()
    bar.golden_chosen.emit(runs[1].resolve())
    bench.wait()
    assert [bar.run.itemText(at) for at in range(bar.run.count())] == ["✗ 1-golden", "✗ 3-late"]


def test_other_alignment_and_tolerance_compare_anew(bench: Bench, runs: tuple[Path, ...], tmp_path: Path) -> None:
    bench.open(runs[0], runs[2])
    aligned = bench.view.bar.aligned
    ways = [aligned.itemData(at) for at in range(aligned.count())]
    assert Alignment("event", "occlusion") in ways
    aligned.setCurrentIndex(ways.index(Alignment("event", "occlusion")))
    aligned.activated.emit(aligned.currentIndex())
    bench.wait()
    assert bench.view.against is not None
    assert (bench.view.against.golden_zero_s, bench.view.against.new_zero_s) == (300.0, 320.0)
    assert aligned.currentData() == Alignment("event", "occlusion")
    aligned.activated.emit(0)
    bench.wait()
    path = tmp_path / "wide.yaml"
    path.write_text("tolerance: 1\nname: Wide\ntime: 30 s\n", encoding="utf-8")
    bench.comparing.take_tolerance(str(path))
    bench.wait()
    assert bench.view.bar.verdict.text() == "✓ Passed"
    assert bench.view.bar.tolerance.text() == "Tolerance: Wide …"
    path.write_text("tolerance: 1\nname: Wide\ntime: long\n", encoding="utf-8")
    bench.comparing.take_tolerance(str(path))
    assert "wide.yaml:3: time" in bench.parts.window.banners.problems[0].what


def test_only_what_differs(bench: Bench, runs: tuple[Path, ...]) -> None:
    bench.open(*runs[:2])
    bench.view.only.setChecked(True)
    assert bench.titles() == [
        "Channels   ✗ 2",
        "Commanded",
        "Flow",
        "Totals   ✗ 2",
        "Planned volume",
        "Commanded volume",
        "Lost time",
    ]
    assert bench.view.table.columnSpan(0, 0) == len(COLUMNS)


def test_the_findings_are_saved_as_a_report(bench: Bench, runs: tuple[Path, ...], tmp_path: Path) -> None:
    bench.open(*runs[:2])
    bench.comparing.save(tmp_path / "report.xml")
    assert ElementTree.parse(tmp_path / "report.xml").getroot().get("failures") == "4"
    (tmp_path / "mine.xml").write_text("<svg/>", encoding="utf-8")
    bench.comparing.save(tmp_path / "mine.xml")
    assert (tmp_path / "mine.xml").read_text(encoding="utf-8") == "<svg/>"


def test_what_can_not_be_compared_is_a_sentence(bench: Bench, runs: tuple[Path, ...], tmp_path: Path) -> None:
    foreign = tmp_path / "9-foreign.run.duckdb"
    foreign.write_bytes(b"not a database")
    bench.open(runs[0], foreign)
    assert bench.view.state == FAILED
    assert "9-foreign.run.duckdb is not a run file." in bench.view.error.text()
    assert not bench.view.bar.save.isEnabled()
    bench.open(runs[0], runs[1])
    assert bench.view.state == FOUND


def test_one_recording_alone_is_explained(bench: Bench, runs: tuple[Path, ...]) -> None:
    bench.comparing.open([runs[0], runs[0]])
    assert "One recording alone can't be compared." in bench.parts.window.banners.problems[0].what


def test_a_comparison_is_found_again_until_it_is_left(bench: Bench, runs: tuple[Path, ...]) -> None:
    window = bench.parts.window
    bench.open(*runs[:2])
    window.show_page(0)
    window.show_page(RUNS_PAGE)
    assert window.pages.currentWidget() is bench.view
    bench.view.bar.back.click()
    assert window.pages.currentWidget() is window.runs
    window.show_page(0)
    window.show_page(RUNS_PAGE)
    assert window.pages.currentWidget() is window.runs


def test_leaving_while_it_compares_shows_nothing_later(bench: Bench, runs: tuple[Path, ...], qtbot: QtBot) -> None:
    bench.comparing.open(runs[:2])
    bench.view.bar.back.click()
    qtbot.waitUntil(lambda: not bench.comparing.worker.busy)
    assert bench.parts.window.pages.currentWidget() is bench.parts.window.runs
    assert bench.view.comparison is None


def test_the_action_asks_for_files(bench: Bench) -> None:
    window = bench.parts.window
    window.actions_["compare"].trigger()
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    assert not dialog.isModal()
    dialog.close()


def test_colours_follow_the_theme(bench: Bench, runs: tuple[Path, ...]) -> None:
    bench.open(*runs[:2])
    stack = bench.view.charts.stack
    assert stack is not None
    bench.parts.theme.set_mode("dark")
    assert stack.canvas.look.tokens.name == "dark"
