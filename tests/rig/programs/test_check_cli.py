"""The verb ``check`` as a shell sees it: a line a finding, exit codes, JSON; and the gate before a pump is written."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rig.resources import resource

Run = Callable[..., tuple[int, str, str]]
EXAMPLES = sorted(resource("programs").glob("*.yaml"))
USUAL = resource("programs/continuous-100ug.yaml")
SIM = "sim:?seed=7&speed=max"


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, str], Path]:
    """The usual program with something else in it."""

    def write(old: str, new: str) -> Path:
        text = USUAL.read_text(encoding="utf-8")
        assert old in text
        path = tmp_path / "mine.yaml"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return path

    return write


def test_milligrams_a_day_are_caught_with_their_line(run: Run, written: Callable[[str, str], Path]) -> None:
    path = written("dose: 100 ug/day", "dose: 100 mg/day")
    line = path.read_text(encoding="utf-8").splitlines().index("dose: 100 mg/day") + 1
    code, out, err = run("check", str(path))
    assert (code, err) == (1, "")
    assert f"{path}:{line}: hard: dose: The dose, 100000 µg/day, is above the hard limit of 50000 µg/day." in out
    assert "unit mistake by the factor of 1000 (mg for µg)" in out
    assert "1 hard, 0 soft" in out


def test_a_soft_finding_is_listed_and_does_not_fail(run: Run, written: Callable[[str, str], Path]) -> None:
    code, out, _ = run("check", str(written("dose: 100 ug/day", "dose: 1001 ug/day")))
    assert code == 0
    assert ": soft: dose: The dose, 1001 µg/day, is above the soft limit of 1000 µg/day. Change it, or" in out


def test_a_flow_is_found_where_the_file_has_one(run: Run, written: Callable[[str, str], Path]) -> None:
    path = written("dose: 100 ug/day", "flow: 30 mL/day")
    line = path.read_text(encoding="utf-8").splitlines().index("flow: 30 mL/day") + 1
    code, out, _ = run("check", str(path))
    assert code == 1
    assert f"{path}:{line}: hard: flow: The flow of the dose, 30 mL/day, is above the hard limit of 24 mL/day." in out


def test_a_mistaken_flow_is_named_in_its_own_units(run: Run, written: Callable[[str, str], Path]) -> None:
    code, out, _ = run("check", str(written("dose: 100 ug/day", "flow: 24 mL/day")))
    assert code == 0
    assert ": soft: flow: " in out
    assert "(mL for µL)" in out
    assert "mg for µg" not in out


def test_a_refusal_says_once_how_to_confirm(run: Run, written: Callable[[str, str], Path], tmp_path: Path) -> None:
    path = written("dose: 100 ug/day", "dose: 1001 ug/day")
    code, _, err = run("record", "-o", str(tmp_path / "a.run.duckdb"), "--target", SIM, "-p", str(path), "-d", "1 s")
    assert code == 4
    assert "dose: The dose, 1001 µg/day, is above the soft limit" in err
    assert err.count("onfirm it") == 1
    assert 'Change it, or confirm it: --confirm "the reason".' in err


def test_every_example_passes(run: Run) -> None:
    code, out, err = run("check", *map(str, EXAMPLES))
    assert err == ""
    assert code == 0
    assert out.count(" 0 hard, ") == len(EXAMPLES)


def test_the_forecast_is_a_table_with_units(run: Run) -> None:
    _, out, _ = run("check", str(USUAL))
    rows = [line.split("  ", 1) for line in out.splitlines()[-5:]]
    told = {name: text.strip() for name, text in rows}
    assert told["day total"] == "100 µg, 0.2 mL"
    assert told["refill"] == "90 days from full"
    assert told["battery"].startswith("near its end in 6.5 years, on 20")
    assert told["tube"] == "due for service in 8.9 years"
    assert told["occlusion"] == "noticed after about 8 h 17 min at the slowest rate"
    _, out, _ = run("check", str(resource("programs/bridge.yaml")))
    assert "  unmixed        after 25.9 h" in out


def test_json_is_one_object_a_file(run: Run, written: Callable[[str, str], Path]) -> None:
    path = written("dose: 100 ug/day", "dose: 100 mg/day")
    code, out, _ = run("check", "--json", str(path), str(resource("programs/prime.yaml")))
    assert code == 1
    first, second = [json.loads(line) for line in out.splitlines()]
    assert first["file"] == str(path)
    assert first["program"]["dose"] == "100000 ug/day"
    (finding,) = first["findings"]
    assert (finding["severity"], finding["field"]) == ("hard", "dose")
    assert finding["fix"]["title"] == "Read it as 100 µg/day"
    assert second["forecast"]["front"]["new_ng_ml"] == 500_000
    assert second["forecast"]["day_total_ng"] == 100_000


def test_what_can_t_be_read_says_all_that_is_wrong(
    run: Run, written: Callable[[str, str], Path], tmp_path: Path
) -> None:
    path = written("dose: 100 ug/day", "dose: 100\nbolus: {dose: 5 mL}")
    code, out, err = run("check", str(path))
    assert (code, out) == (4, "")
    assert "dose: " in err
    assert "bolus.dose: " in err
    code, out, _ = run("check", "--json", str(path))
    assert code == 4
    told = json.loads(out)
    assert told["program"] is None
    assert {"dose", "bolus.dose"} <= {fault["field"] for fault in told["faults"]}
    code, out, err = run("check", str(tmp_path / "missing.yaml"), str(USUAL))
    assert code == 4
    assert "missing.yaml: can't be read" in err
    assert "0 hard" in out


def test_the_argument_parser_leaves_it_to_the_loader_what_can_be_read(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # what the parser asks; the loader opens the file
    code, out, err = run("check", str(USUAL))
    assert (code, err) == (0, "")
    assert "0 hard" in out


def test_a_fault_is_a_whole_sentence_in_json(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("check", "--json", str(tmp_path / "missing.yaml"))
    assert code == 4
    assert [fault["what"] for fault in json.loads(out)["faults"]] == [
        "The file can't be read: No such file or directory."
    ]


def test_a_name_that_is_no_text_is_shown_all_the_same(run: Run) -> None:
    code, out, err = run("check", os.fsdecode(b"/nowhere/\xff.yaml"))
    assert (code, out) == (4, "")
    assert "/nowhere/\\udcff.yaml: can't be read" in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only some systems have a device that is always full")
def test_an_output_that_takes_nothing_is_a_sentence() -> None:
    with Path("/dev/full").open("w") as full:
        words = [sys.executable, "-m", "rig.cli", "check", str(USUAL)]
        ended = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    assert ended.returncode == 4
    assert ended.stderr.strip() == (
        "pump-programmer: The output can't be written: No space left on device. Send it somewhere else."
    )


def test_another_limit_set_can_be_asked_for(run: Run) -> None:
    titration = str(resource("programs/titration.yaml"))
    code, out, _ = run("check", titration, "--limits", "cerebral")
    assert code == 0
    assert "the soft limit of Cerebral is 15 %" in out
    code, _, err = run("check", titration, "--limits", "lumbar")
    assert code == 4
    assert "There are: bench, cerebral, spinal." in err


def test_a_pump_says_what_a_file_alone_can_t(run: Run, written: Callable[[str, str], Path]) -> None:
    stopped = str(resource("programs/stopped.yaml"))
    assert "withdrawal" in run("check", stopped)[1]
    assert "withdrawal" not in run("check", stopped, "--target", SIM)[1]  # nothing is infused
    code, out, _ = run("check", str(written("500 ug/mL", "2000 ug/mL")), "--target", SIM)
    assert code == 0
    assert "the pump's reservoir is labelled 500 µg/mL: 0.25 times the dose" in out
    code, out, err = run("check", str(USUAL), "--target", "/dev/ttyNOSUCH")
    assert (code, out) == (10, "")
    assert "port" in err


def test_what_depends_on_the_pump_is_checked_before_it_is_written(
    run: Run, written: Callable[[str, str], Path], tmp_path: Path
) -> None:
    def record(program: Path, *more: str) -> tuple[int, str, str]:
        words = ("-t", SIM, "-p", str(program), "-o", str(tmp_path / "a.run.duckdb"), "-d", "1s", "--json")
        return run("record", *words, *more)

    other = written(
        "drug: baclofen\nconcentration: 500 ug/mL", "device: 0123456789abcdef\ndrug: baclofen\nconcentration: 500 ug/mL"
    )
    code, _, err = record(other, "--confirm", "bench")
    assert code == 4
    assert "for pump 0123456789abcdef" in err
    strong = written("500 ug/mL", "1000 ug/mL")
    code, _, err = record(strong)
    assert code == 4
    assert "labelled 500 µg/mL" in err
    assert "--confirm" in err
    assert not (tmp_path / "a.run.duckdb").exists()
    code, _, err = record(strong, "--confirm", "bench")
    assert (code, err) == (0, "")
