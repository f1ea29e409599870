"""What a report says is what the run file holds."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import numpy as np
import pytest
from markupsafe import Markup

from firmware_link.clock import ManualClock
from rig.recording.reader import RunReader
from rig.report import page, saying
from rig.report.blocks import Block, Facts, Figure, Report, Table, Text
from rig.report.evidence import Evidence, Options
from rig.report.making import report_of
from tests.rig.recording import make
from tests.rig.report.conftest import MADE_US

CLOCK = ManualClock(MADE_US)
Cli = Callable[..., tuple[int, str, str]]


def blocks(report: Report, title: str) -> tuple[Block, ...]:
    return next(section.blocks for section in report.sections if section.title == title)


def tables(report: Report, title: str) -> list[Table]:
    return [block for block in blocks(report, title) if isinstance(block, Table)]


def facts(report: Report, title: str) -> dict[str, str]:
    return {name: words for block in blocks(report, title) if isinstance(block, Facts) for name, words in block.rows}


def number(cell: str) -> float:
    return float(cell.replace("−", "-").lstrip("±"))


def headline(report: Report, *titles: str) -> str:
    return next(one.words for one in report.headlines if one.title in titles)


def test_the_first_line_is_the_verdict_with_its_numbers(report: Report, run_file: Path) -> None:
    with RunReader(run_file) as reader:
        summary = reader.summary()
    figures = report.figures
    assert figures["planned_nl"] == summary.planned_nl
    assert figures["commanded_nl"] == summary.commanded_nl
    assert figures["delivered_nl"] == pytest.approx(summary.measured_nl, abs=100)  # what evaporated in 35 min
    assert figures["verdict"] == "within"
    assert report.headlines[0].title == "Within its limit"
    assert "known to ±" in report.headlines[0].words
    assert "Limit ±14.5 %" in report.headlines[0].words


def test_doses_are_those_of_the_plan_and_add_up(report: Report) -> None:
    table = tables(report, "Dose by dose")[0]
    assert [row[2] for row in table.rows] == [
        *("Stopped",) * (table.rows[0][2] == "Stopped"),
        *("First part", "Rate 1.8 mL/day", "On-demand bolus", "Rate 1.8 mL/day"),
    ]
    planned = sum(number(row[4]) for row in table.rows if row[4] != saying.NONE)
    assert planned == pytest.approx(float(report.figures["planned_nl"] or 0) / 1000, abs=0.03)
    bolus = next(row for row in table.rows if row[2] == "On-demand bolus")
    assert (bolus[1], bolus[3], bolus[4]) == ("1 min", "20.00", "40.00")
    assert number(bolus[6]) == pytest.approx(40, abs=2)


def test_a_dose_that_ends_in_lost_time_is_known_less_well(run_file: Path) -> None:
    with RunReader(run_file) as reader:
        evidence = Evidence(reader, Options())
        (gap,) = evidence.volumes.lost_spans()
        middle_us = (gap[0] + gap[1]) // 2
        torn, whole = evidence.delivered([(gap[0] - 60_000_000, middle_us), (gap[0] - 60_000_000, gap[1])])
    over_nl = 1.8e6 * (gap[1] - gap[0]) / 86_400e6
    assert torn.uncertainty_nl - whole.uncertainty_nl == pytest.approx(
        over_nl, rel=0.2
    )  # less what the room's drift is
    assert torn.commanded_nl is not None
    assert whole.commanded_nl == pytest.approx(torn.commanded_nl + over_nl, rel=0.05)


def test_accuracy_is_of_the_even_flow_with_its_interval_and_windows(report: Report) -> None:
    told = facts(report, "Flow accuracy")
    assert told["Sample interval S"].startswith("15 min (low flow set), 3 masses")
    assert "1.8 mL/day" in told["Set rate r"]
    trumpet = tables(report, "Flow accuracy")[0]
    assert [row[0] for row in trumpet.rows] == ["15", "60", "150", "330", "570", "930"]
    assert trumpet.rows[0][1] == "2"
    assert abs(number(trumpet.rows[0][2])) < number(trumpet.rows[0][4])
    assert trumpet.rows[-1][1] == saying.NONE


def test_gaps_are_counted_and_what_they_do_is_said(report: Report) -> None:
    assert "lost in 1 gap" in headline(report, "Incomplete")
    (row,) = tables(report, "Gaps")[0].rows
    assert 38 <= float(row[2].split()[0]) <= 50
    assert number(row[3]) == pytest.approx(1.8e3 * 40 / 86_400, rel=0.3)
    assert any(
        "totals over it are as exact" in block.words for block in blocks(report, "Gaps") if isinstance(block, Text)
    )


def test_every_event_is_in_the_log(report: Report, run_file: Path) -> None:
    with RunReader(run_file) as reader:
        events = reader.events()
    assert len(tables(report, "Events")[-1].rows) == len(events)
    assert facts(report, "Identity")["Digest"] != "none kept"
    assert headline(report, "Evidence unchanged")


def test_what_a_virtual_rig_knows_is_told_only_where_asked_for(report: Report, run_file: Path) -> None:
    assert "True delivered" in facts(report, "What truly happened")
    plain = report_of(run_file, Options(verify=False), CLOCK)
    assert "What truly happened" not in [section.title for section in plain.sections]
    assert headline(plain, "Digest not verified")


def test_a_limit_that_is_asked_for_is_judged_by(run_file: Path) -> None:
    strict = report_of(run_file, Options(limit_percent=0.01, verify=False), CLOCK)
    assert strict.figures["verdict"] in ("outside", "inconclusive")
    unjudged = report_of(run_file, Options(limit_percent=0, verify=False), CLOCK)
    assert unjudged.figures["verdict"] is None
    assert "No limit is set" in unjudged.headlines[0].words


def test_evidence_that_was_changed_is_found_out(run_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "b.run.duckdb"
    shutil.copy(run_file, path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE samples SET measured_nl = measured_nl + 1000 WHERE rowid = 5000")
    changed = report_of(path, Options(), CLOCK)
    assert headline(changed, "Evidence changed")
    assert changed.figures["digest"] == "differs"


# -- runs that lack something ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("why", ["duration", None])
def test_a_run_without_a_plan_or_an_end_is_compared_with_the_counter(why: str | None, tmp_path: Path) -> None:
    make.make_run(tmp_path / "a.run.duckdb", 2000, why=why)
    report = report_of(tmp_path / "a.run.duckdb", Options(), CLOCK)
    assert report.figures["error_against"] == ("planned" if why else "commanded")
    cut_short = "the recording was cut short" in headline(report, "Incomplete")
    assert cut_short == (why is None)
    assert any("kinked by hand" in cell for row in tables(report, "Notes")[0].rows for cell in row)
    assert page.web(report)


def test_a_run_without_samples_says_so(tmp_path: Path) -> None:
    make.make_run(tmp_path / "a.run.duckdb", 0)
    report = report_of(tmp_path / "a.run.duckdb", Options(), CLOCK)
    assert "no samples" in report.headlines[0].words
    assert page.web(report)
    assert page.paper(report).pieces


def test_a_run_without_a_balance_judges_nothing(run_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "b.run.duckdb"
    shutil.copy(run_file, path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE samples SET measured_nl = NULL")
        columns = ", ".join(f"measured_nl_{stat} = NULL" for stat in ("min", "max", "first", "last"))
        connection.execute(f"UPDATE rollup SET {columns}")
    report = report_of(path, Options(verify=False), CLOCK)
    assert "no balance" in report.headlines[0].words
    assert report.figures["verdict"] is None
    assert "no balance" in str(blocks(report, "Flow accuracy")[0])


# -- as a page -------------------------------------------------------------------------------------------------------


class Links(HTMLParser):
    """Notes every tag and everything that could load or run something."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.reach: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.reach += [f"{tag} {name}" for name, _ in attrs if name in ("src", "href") or name.startswith("on")]


def test_the_page_needs_nothing_beside_it_and_runs_nothing(report: Report) -> None:
    html = page.web(report)
    links = Links()
    links.feed(html)
    assert "script" not in links.tags
    assert links.reach == []
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "url(" not in html
    assert set(re.findall(r"https?://[^\s\"']+", html)) == {"http://www.w3.org/2000/svg"}
    assert "not a medical device" in html.lower()


def test_paper_has_all_that_the_page_has(report: Report) -> None:
    paper = page.paper(report)
    text = " ".join(piece.html for piece in paper.pieces)
    for section in report.sections:
        assert section.title in text
        for block in section.blocks:
            for row in block.rows if isinstance(block, Table | Facts) else ():
                assert str(Markup.escape(row[-1])) in text
    assert sum(bool(piece.svg) for piece in paper.pieces) == sum(
        isinstance(block, Figure) for section in report.sections for block in section.blocks
    )
    assert "script>" not in text.replace("&lt;/script&gt;", "").replace("&lt;script&gt;", "")


# -- on the command line ---------------------------------------------------------------------------------------------


ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def outputs(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    yield tmp_path / "r.html", tmp_path / "r.pdf"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_the_verb_writes_a_page_and_a_pdf(run: Cli, run_file: Path, outputs: tuple[Path, Path]) -> None:
    html, pdf = outputs
    code, out, err = run("report", str(run_file), "-o", str(html), "--limit", "5 %", "--utc-offset", "+02:00")
    assert (code, err) == (0, "")
    assert "Evidence unchanged" in out
    assert "UTC+02:00" in html.read_text(encoding="utf-8")
    # In a process of its own: it makes an application without windows, and a process has one application at most.
    words = [sys.executable, "-m", "rig.cli", "report", str(run_file), "-o", str(pdf), "--no-verify"]
    assert subprocess.run(words, cwd=ROOT, check=True, capture_output=True, timeout=50).stderr == b""
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes())) >= 4


def test_nothing_is_overwritten_unasked(run: Cli, run_file: Path, outputs: tuple[Path, Path]) -> None:
    html, _ = outputs
    html.write_text("mine")
    code, out, err = run("report", str(run_file), "-o", str(html))
    assert (code, out) == (4, "")
    assert "exists already" in err
    assert html.read_text() == "mine"
    assert run("report", str(run_file), "-o", str(html), "--force")[0] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-o", "r.docx"), "neither a page nor a PDF"),
        (("-o", "r.html", "--limit", "5"), "not a percentage"),
        (("-o", "r.html", "--utc-offset", "Paris"), "not an offset"),
    ],
)
def test_words_that_make_no_sense_are_refused(run: Cli, run_file: Path, words: tuple[str, ...], said: str) -> None:
    code, _, err = run("report", str(run_file), *words)
    assert code == 4
    assert said in err
    assert not Path(words[1]).exists()


def test_volumes_are_read_as_the_samples_have_them(run_file: Path) -> None:
    with RunReader(run_file) as reader:
        evidence = Evidence(reader, Options())
        samples = reader.samples(0, 10**6)
        rows = np.sort(np.random.default_rng(3).integers(0, len(samples), 50))
        read = evidence.volumes.at(samples["t_us"][rows] + evidence.boots[0].epoch_us)
    assert np.array_equal(read.commanded_nl, samples["commanded_nl"][rows])
    assert np.array_equal(read.measured_nl, samples["measured_nl"][rows])
    assert not read.lost[:-1].any()
