"""The JUnit report, as a standard reader sees it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from junitparser import Error, Failure, JUnitXml, Properties, Skipped, TestCase

from firmware_link.errors import UsageError
from rig.measured import Measurement
from rig.qa.telling import junit
from rig.qa.telling.results import Result
from tests.rig.qa.telling.told_of import VOLUME, result, script

VERDICTS = ("pass", "inconclusive", "fail", "error")


def read(results: list[Result], tmp_path: Path, finished: bool = True) -> JUnitXml:
    """The report of ``results``, written and read again."""
    path = tmp_path / "a.xml"
    junit.write(path, results, finished)
    return JUnitXml.fromfile(str(path))


def cases(results: list[Result], tmp_path: Path, finished: bool = True) -> list[TestCase]:
    return [case for suite in read(results, tmp_path, finished) for case in suite]


def properties(case: TestCase) -> dict[str, str]:
    return {one.name: one.value for one in case.child(Properties)}


def test_a_reader_finds_every_number_of_a_measurement(tmp_path: Path) -> None:
    run = tmp_path / "a.run.duckdb"
    (case,) = cases([result("fail", run=run)], tmp_path)
    found = properties(case)
    under = "step.3.delivered."
    assert {name.removeprefix(under): value for name, value in found.items() if name.startswith(under)} == {
        "value": "24",
        "unit": "µL",
        "low": "23.75",
        "high": "26.25",
        "uncertainty": "0.12",
        "uncertainty.balance": "0.1",
        "uncertainty.evaporation": "0.066",
        "verdict": "fail",
    }
    assert (found["rig"], found["serial_number"], found["firmware"]) == ("virtual, bench", "0123456789abcdef", "0.3.0")
    assert (found["seed"], found["run"], found["step.3.moment"]) == ("7", str(run), "00:12:31.250")
    assert found["interval_ms"] == "1000"


def test_pass_fail_inconclusive_and_error_are_four_things(tmp_path: Path) -> None:
    passed, unsure, failed, broken = cases([result(verdict, detail="So it was.") for verdict in VERDICTS], tmp_path)
    assert passed.result == []
    (one,) = unsure.result
    assert isinstance(one, Failure)
    assert (one.type, one.message) == ("inconclusive", "So it was.")
    (one,) = failed.result
    assert isinstance(one, Failure)
    assert one.type == "fail"
    (one,) = broken.result
    assert isinstance(one, Error)
    assert one.type == "PortLost"


def test_suites_are_scripts_and_their_counts_are_right(tmp_path: Path) -> None:
    one, other = script("One", path=tmp_path / "one.qa.yaml"), script("Other", path=tmp_path / "other.qa.yaml")
    suites = list(read([result("pass", one), result("fail", one), result("error", other), Result(other)], tmp_path))
    assert [(suite.name, suite.tests, suite.failures, suite.errors, suite.skipped) for suite in suites] == [
        ("One", 2, 1, 0, 0),
        ("Other", 2, 0, 1, 1),
    ]


def test_what_a_killed_runner_leaves_is_no_pass(tmp_path: Path) -> None:
    _, not_begun = cases([result("pass"), Result(script("Next"))], tmp_path, finished=False)
    assert isinstance(not_begun.result[0], Error)
    _, not_tried = cases([result("pass"), Result(script("Next"))], tmp_path)
    assert isinstance(not_tried.result[0], Skipped)


def test_the_lines_of_the_steps_are_in_it(tmp_path: Path) -> None:
    (case,) = cases([result("inconclusive")], tmp_path)
    assert "INCONCLUSIVE" in case.system_out
    assert "delivered: 24.00 ± 0.12 µL (23.75 to 26.25 µL)" in case.system_out


def test_two_measurements_of_one_name_are_both_there(tmp_path: Path) -> None:
    word = Measurement("state", None, "", None, None, 0.0, "pass", "running")
    (case,) = cases([result("pass", measurements=(VOLUME, VOLUME, word))], tmp_path)
    found = properties(case)
    assert found["step.3.delivered (2).value"] == "24"
    assert found["step.3.state.value"] == "running"


@given(st.text())
def test_whatever_a_script_says_a_reader_reads(tmp_path_factory: pytest.TempPathFactory, said: str) -> None:
    one = script(said, case=said)
    measurement = Measurement(said, None, said, None, None, 0.0, "fail", said)
    (case,) = cases([result("fail", one, detail=said, measurements=(measurement,))], tmp_path_factory.mktemp("junit"))
    assert case.is_failure


def test_another_file_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text("<song/>")
    with pytest.raises(UsageError, match="is no report"):
        junit.write(path, [result("pass")])
