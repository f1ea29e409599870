"""The verb ``compare`` as a shell sees it."""

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.rig.compare.runs import EVENTS, record

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, str]:
    folder = tmp_path_factory.mktemp("runs")
    golden = record(folder / "golden.run.duckdb")
    slow = record(folder / "slow.run.duckdb", speed=0.98)
    late = record(folder / "late.run.duckdb", events=(*EVENTS[:2], ("occlusion", 320.0, 0), EVENTS[3]))
    return str(golden), str(slow), str(late)


def test_a_run_against_itself_passes(run: Run, runs: tuple[str, ...]) -> None:
    code, out, err = run("compare", runs[0], runs[0])
    assert (code, err) == (0, "")
    assert "PASSED" in out


def test_a_slower_one_ends_with_1_and_says_where_to_look(run: Run, runs: tuple[str, ...]) -> None:
    code, out, err = run("compare", runs[0], runs[1])
    assert (code, err) == (1, "")
    assert "✗  Flow" in out
    assert "Flow is 0.4 mL/day below the golden run at 0:00:00" in out
    assert f"pump-programmer gui {runs[1]} --at 00:00:00" in out


def test_json_is_one_object_with_every_number(run: Run, runs: tuple[str, ...]) -> None:
    code, out, _ = run("compare", *runs, "--json")
    assert code == 1
    data = json.loads(out)
    assert [Path(one["run"]).name for one in data["runs"]] == ["slow.run.duckdb", "late.run.duckdb"]
    flow = next(one for one in data["runs"][0]["findings"] if one["name"] == "flow_pl_s")
    assert flow["values"]["deviation"] == pytest.approx(-0.4, abs=1e-3)
    assert data["runs"][1]["differing_events"] == [
        {"kind": "occlusion", "how": "moved", "at_s": 320.0, "moved_s": 20.0, "detail": ""}
    ]


def test_the_report_has_a_case_a_channel_a_kind_of_event_and_a_total(
    run: Run, runs: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / "report.xml"
    for _ in range(2):  # an older report is replaced
        assert run("compare", *runs, "--junit", str(path))[0] == 1
    root = ElementTree.parse(path).getroot()
    assert [suite.get("name") for suite in root] == [
        "slow.run.duckdb against golden.run.duckdb",
        "late.run.duckdb against golden.run.duckdb",
    ]
    cases = {f"{case.get('classname')}.{case.get('name')}": case for case in root[0].iter("testcase")}
    assert {"compare.channels.flow_pl_s", "compare.events.occlusion", "compare.totals.duration"} <= set(cases)
    failed = {name for name, case in cases.items() if case.find("failure") is not None}
    assert failed == {
        "compare.channels.commanded_nl",
        "compare.channels.flow_pl_s",
        "compare.totals.planned",
        "compare.totals.commanded",
    }
    assert root[0].get("failures") == "4"
    assert root[0].get("tests") == str(len(cases))
    properties = cases["compare.channels.flow_pl_s"].iter("property")
    assert float({one.get("name"): one.get("value") for one in properties}["deviation"] or 0) < -0.39
    moved = root[1].find(".//testcase[@name='occlusion']/failure")
    assert moved is not None
    assert moved.get("message") == "Occlusion at 0:05:20 came 20 s late."


def test_a_report_replaces_nothing_else(run: Run, runs: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "precious.xml"
    path.write_text("<svg/>", encoding="utf-8")
    code, out, err = run("compare", runs[0], runs[0], "--junit", str(path))
    assert (code, out) == (4, "")
    assert "is no report" in err
    assert path.read_text(encoding="utf-8") == "<svg/>"


def test_names_from_a_file_stay_text(run: Run, runs: tuple[str, ...], tmp_path: Path) -> None:
    """Neither markup nor a terminal's commands."""
    hostile = record(tmp_path / "h.run.duckdb", name='\x1b[2J<failure>"&\x00\u202e', cycle_pl=1_000_000)
    path = tmp_path / "report.xml"
    code, out, _ = run("compare", str(hostile), str(hostile), "--junit", str(path))
    assert code == 0
    assert "\x1b" not in out
    case = ElementTree.parse(path).getroot().find(".//testcase[@name='program 1']")
    assert case is not None
    assert case.find("failure") is None


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--align", "noon"), "says not how to align"),
        (("--align", "event:boot:2"), "can't be aligned"),
        (("--tolerance", "nosuch"), 'no tolerance file "nosuch"'),
    ],
)
def test_what_makes_no_sense_is_a_sentence(run: Run, runs: tuple[str, ...], words: tuple[str, ...], says: str) -> None:
    code, out, err = run("compare", runs[0], runs[1], *words)
    assert (code, out) == (4, "")
    assert says in err
