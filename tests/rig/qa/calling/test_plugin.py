"""Test scripts as tests of pytest: pytest within pytest, on a real rig."""

import importlib

import pytest
from junitparser import Error, Failure, JUnitXml, Properties

from rig.places import state_folder
from rig.qa.telling import history
from tests.rig.qa.files.scripts_of import FAILS, FLOW_LINE, PASSES, SCRIPT, UNSURE, press_ctrl_c, write

pytest_plugins = ["pytester"]
# pytester forgets what an inner session has imported, and a compiled module dies of being imported again.
for name in ("rig.qa.calling.carrying", "rig.qa.telling.outputs", "rig.qa.files.script_file", "rig.virtual.rig"):
    importlib.import_module(name)
SIM = ("--target", "sim:?seed=7", "-p", "no:cacheprovider")


@pytest.fixture
def folder(pytester: pytest.Pytester) -> pytest.Pytester:
    """A folder with the script, and with a test of another kind."""
    write(pytester.path)
    pytester.makepyfile(test_other="def test_other(): pass")
    return pytester


def test_cases_are_tests_and_their_verdicts_four_things(folder: pytest.Pytester) -> None:
    wrong_rig = SCRIPT.replace("interval: 5 s\n", "interval: 5 s\nneeds: {laboratory-balance: yes}\n")
    write(folder.path, wrong_rig.replace("name: Short", "name: Wrong"), "wrong")
    ran = folder.runpytest(*SIM, "-v", "--junitxml=a.xml", "-k", "not Wrong or 24")
    ran.assert_outcomes(passed=2, failed=2, errors=1)
    ran.stdout.fnmatch_lines(
        [
            f"short.qa.yaml::Short *{PASSES}* PASSED*",
            f"short.qa.yaml::Short *{FAILS}* FAILED*",
            f"short.qa.yaml::Short *{UNSURE}* INCONCLUSIVE*",
            "test_other.py::test_other PASSED*",
            f"wrong.qa.yaml::Wrong *{PASSES}* ERROR*",
        ]
    )
    ran.stdout.fnmatch_lines(
        [f"*at {folder.path}/short.qa.yaml:{FLOW_LINE}, step 4", "*pump-programmer gui * --at 00:02:0?.???"]
    )
    ran.stdout.no_fnmatch_line("*Traceback*")
    ran.stdout.fnmatch_lines(["FAILED short.qa.yaml::Short *FAIL: deliver*", "ERROR wrong.qa.yaml::*"])
    cases = {case.name: case for suite in JUnitXml.fromfile(str(folder.path / "a.xml")) for case in suite}
    failed = cases[f"Short [{FAILS}]"]
    found = {one.name: one.value for one in failed.child(Properties)}
    assert found["verdict"] == "fail"
    assert float(found["step.4.delivered.value"]) == pytest.approx(12, abs=2)
    assert (found["step.4.delivered.low"], found["step.4.delivered.unit"]) == ("20", "mL/day")
    (why,) = failed.result
    assert isinstance(why, Failure)
    assert why.message.startswith("FAIL: delivered 1")
    entry = history.of(state_folder(), folder.path / "short.qa.yaml")[0]
    assert (entry.case, entry.verdict) == (UNSURE, "inconclusive")


def test_tags_are_marks_even_where_marks_are_strict(folder: pytest.Pytester) -> None:
    collected = folder.runpytest(*SIM, "--collect-only", "-q", "--strict-markers", "-m", "flow-accuracy")
    collected.stdout.fnmatch_lines(["3/4 tests collected (1 deselected)*"])
    write(folder.path, SCRIPT.replace("tags: [quick, flow-accuracy]", "tags: [skip]"), "skipped")
    ran = folder.runpytest(*SIM, "-k", "skipped and 24")
    ran.assert_outcomes(passed=1, deselected=6)


def test_the_first_that_fails_ends_it(folder: pytest.Pytester) -> None:
    folder.runpytest(*SIM, "-x", "-k", "12 or 11 or other").assert_outcomes(failed=1)


def test_ctrl_c_does_the_cleanup_keeps_the_result_and_ends_it(
    folder: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    press_ctrl_c(monkeypatch)
    ran = folder.runpytest(*SIM, "--junitxml=a.xml", "short.qa.yaml")
    assert ran.ret == pytest.ExitCode.INTERRUPTED
    ran.stdout.fnmatch_lines(["PASS *c1  Stop the pump", "FAILED short.qa.yaml::* - CANCELLED*", "*1 failed in*"])
    (suite,) = JUnitXml.fromfile(str(folder.path / "a.xml"))
    (case,) = suite
    assert ("why", "cancelled") in {(one.name, one.value) for one in case.child(Properties)}


def test_without_a_target_scripts_are_left_alone(folder: pytest.Pytester) -> None:
    folder.runpytest().assert_outcomes(passed=1)
    ran = folder.runpytest("short.qa.yaml")
    assert ran.ret == pytest.ExitCode.USAGE_ERROR
    ran.stderr.fnmatch_lines(["*short.qa.yaml needs a pump: give --target*"])


def test_a_script_that_is_wrong_is_an_error_of_collecting(folder: pytest.Pytester) -> None:
    write(folder.path, SCRIPT.replace("of: measured", "of: mesured"))
    ran = folder.runpytest(*SIM, "--junitxml=a.xml")
    assert ran.ret == pytest.ExitCode.INTERRUPTED
    ran.stdout.fnmatch_lines(["*short.qa.yaml:20: steps[[]3].of*"])
    ((case,),) = JUnitXml.fromfile(str(folder.path / "a.xml"))
    assert isinstance(case.result[0], Error)


def test_other_processes_carry_out_virtual_cases_but_never_those_of_one_pump(folder: pytest.Pytester) -> None:
    ran = folder.runpytest_subprocess(*SIM, "-n", "1", "-k", "12", timeout=50)
    ran.assert_outcomes(failed=1)
    ran.stdout.fnmatch_lines([f"*at {folder.path}/short.qa.yaml:{FLOW_LINE}, step 4", "FAILED short.qa.yaml::*"])
    for address in ("/dev/ttyACM0", "auto"):
        ran = folder.runpytest("--target", address, "-n", "2")
        assert ran.ret == pytest.ExitCode.USAGE_ERROR
        ran.stderr.fnmatch_lines([f"*{address} is one pump*"])


def test_a_target_that_makes_no_sense_is_said(folder: pytest.Pytester) -> None:
    ran = folder.runpytest("--target", "sim:?sead=7")
    assert ran.ret == pytest.ExitCode.USAGE_ERROR
    ran.stderr.fnmatch_lines(["*There are seed, speed, faults and rig*"])
