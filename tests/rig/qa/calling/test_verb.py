"""The verb ``qa`` as a shell sees it: a real rig, real files."""

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from junitparser import JUnitXml, Properties, TestCase

from firmware_link.clock import SystemClock
from rig.places import runs_folder, state_folder
from rig.qa.telling import history
from rig.recording.reader import RunReader
from rig.report.evidence import Options
from rig.report.making import report_of
from tests.rig.qa.files.scripts_of import FAILS, FLOW_LINE, SCRIPT, UNSURE, press_ctrl_c, write

Run = Callable[..., tuple[int, str, str]]
SIM = ("--target", "sim:?seed=7")


def line(out: str, word: str) -> str:
    return next(line for line in out.splitlines() if line.startswith(word))


def test_a_pass_ends_with_0_and_keeps_no_recording(run: Run, tmp_path: Path) -> None:
    path = write(tmp_path, name="fine")
    code, out, err = run("qa", str(path), *SIM, "-k", "24")
    assert (code, err) == (0, "")
    assert re.search(r"^PASS +4 +The flow is enough$", out, re.MULTILINE)
    assert re.search(r"delivered: 2\d\.\d ± \d\.\d mL/day \(at least 10 mL/day\): PASS", out)
    assert out.rstrip().endswith("1 passed")
    assert not list(runs_folder().glob("fine*"))


def test_a_failure_names_the_recording_the_moment_and_the_command(run: Run, tmp_path: Path) -> None:
    path = write(tmp_path)
    code, out, _ = run("qa", str(path), *SIM, "--case", "12 mL/day")
    assert code == 1
    assert f"at {path}:{FLOW_LINE}, step 4" in out
    command = shlex.split(next(line for line in out.splitlines() if "pump-programmer gui" in line))
    assert command[:2] == ["pump-programmer", "gui"]
    assert re.fullmatch(r"--at 00:02:0[0-5]\.\d{3}", " ".join(command[3:]))
    with RunReader(Path(command[2])) as reader:
        assert [(one.phase, one.verdict) for one in reader.cases()] == [("begin", ""), ("end", "fail")]
        assert not reader.cut_short
    entry = history.of(state_folder(), path)[0]
    assert (entry.verdict, entry.run, entry.moment) == ("fail", command[2], command[4])


def test_four_verdicts_and_their_sum(run: Run, tmp_path: Path) -> None:
    wrong_rig = SCRIPT.replace("interval: 5 s\n", "interval: 5 s\nneeds: {laboratory-balance: yes}\n")
    write(tmp_path), write(tmp_path, wrong_rig, "wrong")
    code, out, _ = run("qa", str(tmp_path), *SIM, "--json")
    assert code == 4  # an error's own
    cases = json.loads(out)["cases"]
    assert [case["verdict"] for case in cases] == ["pass", "fail", "inconclusive", "error", "error", "error"]
    assert "it needs a laboratory balance" in cases[-1]["why"]
    flow = cases[0]["steps"][3]["measurements"][0]
    assert flow["unit"] == "mL/day"
    assert flow["low"] == 10
    assert flow["value"] == pytest.approx(24, abs=3)
    assert flow["uncertainty"] == pytest.approx(sum(size**2 for _, size in flow["budget"]) ** 0.5, rel=0.5)


def test_the_first_that_fails_ends_it_and_the_rest_was_not_tried(run: Run, tmp_path: Path) -> None:
    junit = tmp_path / "a.xml"
    code, out, _ = run("qa", str(write(tmp_path)), *SIM, "-k", "not 24", "-x", "--junit", str(junit))
    assert code == 1
    assert out.rstrip().endswith("1 failed, 1 not tried")
    (suite,) = JUnitXml.fromfile(str(junit))
    assert (suite.tests, suite.failures, suite.skipped) == (2, 1, 1)


def test_every_recording_is_kept_where_that_is_wanted_and_judged_again_alike(run: Run, tmp_path: Path) -> None:
    path, folder, junit = write(tmp_path), tmp_path / "runs", tmp_path / "a.xml"
    words = ("-k", "not 24", "--record", str(folder), "--junit", str(junit))
    assert run("qa", str(path), *SIM, *words)[0] == 1
    kept = sorted(folder.glob("*.run.duckdb"))
    assert len(kept) == 2
    live = {case.name: case for suite in JUnitXml.fromfile(str(junit)) for case in suite}
    again = tmp_path / "again.xml"
    for run_file in kept:
        run("qa", str(path), "--target", f"replay:{run_file}", "--junit", str(again))
        ((case,),) = JUnitXml.fromfile(str(again))
        assert measured(case) == measured(live[case.name])
    told = report_of(kept[0], Options(), SystemClock())
    assert [one.title for one in told.sections if "script" in one.title] == [f"Test script: Short [{UNSURE}]"]
    other = write(tmp_path, SCRIPT.replace("2 min", "1 min"), "other")
    code, out, _ = run("qa", str(other), "--target", f"replay:{kept[0]}")
    assert code == 4
    assert "was not made by" in out


def measured(case: TestCase) -> list[tuple[str, str]]:
    return [(one.name, one.value) for one in case.child(Properties) if one.name.startswith("step.")]


def test_the_same_seed_gives_the_same_report_but_for_times_and_places(run: Run, tmp_path: Path) -> None:
    path, texts = write(tmp_path), []
    for number in range(2):
        junit = tmp_path / f"{number}.xml"
        words = ("--junit", str(junit), "--record", str(tmp_path / f"runs{number}"))
        run("qa", str(path), *SIM, "-k", "11", *words)
        texts.append(re.sub(r' time="[^"]*"|/runs\d/|"run_digest" value="\w{64}"', "", junit.read_text()))
    assert texts[0] == texts[1]


def test_the_report_says_all_of_it(run: Run, tmp_path: Path) -> None:
    report = tmp_path / "a.html"
    assert run("qa", str(write(tmp_path)), *SIM, "-k", "not 24", "--report", str(report))[0] == 1
    page = report.read_text()
    assert '<p class="verdict high">✕ FAIL</p>' in page
    assert "not a medical device" in page.lower()
    for words in (FAILS, UNSURE, "? INCONCLUSIVE", "Uncertainty budget", "pump-programmer gui"):
        assert words in page
    assert "Partial" not in page
    code, _, err = run("qa", str(tmp_path), *SIM, "--report", str(report))
    assert code == 4
    assert "exists already" in err


def test_ctrl_c_does_the_cleanup_and_ends_with_2(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    press_ctrl_c(monkeypatch)
    code, out, _ = run("qa", str(write(tmp_path)), *SIM, "--junit", str(tmp_path / "a.xml"))
    assert code == 2
    assert "Cancelled." in out
    assert re.search(r"^PASS +c1 +Stop the pump$", out, re.MULTILINE)
    (suite,) = JUnitXml.fromfile(str(tmp_path / "a.xml"))
    assert suite.skipped == 3


def test_a_check_says_file_line_field_and_suggestion(run: Run, tmp_path: Path) -> None:
    path = write(tmp_path, SCRIPT.replace("of: measured", "of: mesured"))
    code, out, err = run("qa", str(path), "--check")
    assert (code, out) == (4, "")
    assert f"{path}:20: steps[3].of" in err
    assert "measured" in err
    code, _, err = run("qa", str(path), *SIM)
    assert code == 4
    assert f"{path}:20" in err
    assert run("qa", str(write(tmp_path, name="good")), "--check")[0] == 0


def test_what_is_asked_for_wrongly_is_said(run: Run, tmp_path: Path) -> None:
    path = str(write(tmp_path))
    for words, said in (
        (("qa",), "No script is named"),
        (("qa", path), "No target is given"),
        (("qa", "acceptence", *SIM), "acceptance"),
        (("qa", path, *SIM, "-k", "and and"), "is no expression"),
        (("qa", path, "--target", "sim:?sead=7"), "unknown or given twice"),
        (("qa", path, *SIM, "--junit", str(tmp_path)), "can't be written"),
        (("qa", path, *SIM, "--junit", "/proc/a.xml"), "can't be written"),
        (("qa", path, *SIM, "--report", str(tmp_path / "a.doc")), "neither a page nor a PDF"),
        (("qa", path, *SIM, "--record", path), "can't be a folder"),
        (("qa", path, "--target", "replay:a.run.duckdb", "--balance", "mt-sics:sim"), "Leave --balance out"),
    ):
        code, out, err = run(*words)
        assert (code, out) == (4, "")  # before anything was carried out
        assert said in err


def test_nothing_collected_is_5(run: Run, tmp_path: Path) -> None:
    path = str(write(tmp_path))
    (tmp_path / "empty").mkdir()
    for words in ((path, "-k", "nothing"), (path, "--tags", "soak"), (str(tmp_path / "empty"),), ("-k", "nothing")):
        code, _, err = run("qa", *words, *SIM)
        assert (code, "No test script is chosen" in err) == (5, True)


def test_no_pump_is_10_and_the_rest_is_not_waited_for(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("qa", str(write(tmp_path, name="nowhere")), "--target", "serial:NONE")
    assert code == 10
    assert out.rstrip().endswith("1 ended with an error, 2 not tried")
    assert not list(runs_folder().glob("nowhere*"))


def test_the_library_is_listed_and_found_by_name(run: Run) -> None:
    code, out, _ = run("qa", "--list")
    assert code == 0
    assert line(out, "acceptance")
    code, out, _ = run("qa", "acceptance", "--list", "--json")
    (case,) = json.loads(out)
    assert Path(case["script"]).name == "acceptance.qa.yaml"
