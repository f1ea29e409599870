"""Test scripts as tests of pytest: ``pytest scripts/ --target sim:``.  Without ``--target`` it does nothing.

A case is a test, its tags are marks, its measurements properties of the JUnit report.  Nobody is there to answer.  A
virtual rig is made afresh for each case, so ``-n`` spreads them over processes; a real pump has one connection.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from _pytest._code.code import ReprEntryNative, ReprExceptionInfo, ReprFileLocation, ReprTraceback

from firmware_link.errors import UsageError
from rig.places import SCRIPT_SUFFIX

if TYPE_CHECKING:  # this is imported in every session of pytest, and the rest takes a while
    from rig.qa.calling.targets import Sessions
    from rig.qa.script import Script
    from rig.qa.telling.results import Result

_TAG = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*")
#: marks that pytest itself obeys: a script's tag isn't meant so
_ITS_OWN = {"skip", "skipif", "xfail", "parametrize", "usefixtures", "filterwarnings", "timeout"}
_SESSIONS: "pytest.StashKey[Sessions]" = pytest.StashKey()
_LETTERS: dict[str, tuple[str, str, tuple[str, dict[str, bool]]]] = {
    "inconclusive": ("failed", "I", ("INCONCLUSIVE", {"yellow": True})),
    "error": ("error", "E", ("ERROR", {"red": True})),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("pump-programmer", "test scripts of pumps (*.qa.yaml)")
    group.addoption("--target", help='carry out *.qa.yaml on this, like "sim:?seed=7", auto or replay:RUN')
    group.addoption("--balance", default="", help="a laboratory balance beside the pump, like mt-sics:/dev/ttyUSB1")
    group.addoption("--record", type=Path, help="keep every recording here; else only those of what didn't pass")


def pytest_configure(config: pytest.Config) -> None:
    target = config.getoption("target")
    if target is None:
        named = [word for word in config.args if word.split("::")[0].endswith(SCRIPT_SUFFIX)]
        if named:
            raise pytest.UsageError(f'{named[0]} needs a pump: give --target, for example --target "sim:?seed=7".')
        return
    from rig.qa.calling.targets import Sessions

    try:
        sessions = Sessions(target, config.getoption("balance"))
    except UsageError as error:
        raise pytest.UsageError(error.sentence()) from error
    if sessions.shared and (config.getoption("numprocesses", None) or config.getoption("tx", None)):
        raise pytest.UsageError(f"{target} is one pump, and -n would have several at it. Leave -n out.")
    config.stash[_SESSIONS] = sessions


def pytest_unconfigure(config: pytest.Config) -> None:
    if _SESSIONS in config.stash:
        config.stash[_SESSIONS].close()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if _SESSIONS in parent.config.stash and file_path.name.endswith(SCRIPT_SUFFIX):
        collector: pytest.Collector = ScriptFile.from_parent(parent, path=file_path)
        return collector
    return None


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, tuple[str, dict[str, bool]]] | None:
    """What is inconclusive or broke off isn't called failed."""
    if not report.failed or report.when != "call" or f"{SCRIPT_SUFFIX}::" not in report.nodeid:
        return None
    return _LETTERS.get(str(dict(report.user_properties).get("verdict")))


class ScriptFile(pytest.File):
    """A script."""

    def collect(self) -> Iterator["CaseItem"]:
        from rig.qa.files import script_file

        try:
            scripts = script_file.load(self.path)
        except UsageError as error:
            raise self.CollectError(error.sentence()) from error
        for script in scripts:
            yield CaseItem.from_parent(self, name=script.title, script=script)


class CaseItem(pytest.Item):
    """A case of a script."""

    def __init__(self, *, script: "Script", **of_pytest: Any) -> None:
        super().__init__(**of_pytest)
        self.script = script
        for tag in script.tags:
            if _TAG.fullmatch(tag) and tag not in _ITS_OWN:
                self.config.addinivalue_line("markers", f"{tag}: a tag of a script")
                self.add_marker(tag)

    def runtest(self) -> None:
        """Carries it out; raises _NotPassedError for all but a pass."""
        from rig.measured import CANCELLED
        from rig.qa.telling import junit, said

        result = self._carried_out()
        self.user_properties += list(junit.properties(result))
        lines = [line for step in result.steps for line in said.step_lines(step)]
        self.add_report_section("call", "steps", "\n".join(lines))
        cancelled = result.why == CANCELLED
        if cancelled:  # it has its result, and is the last
            self.session.shouldstop = f"{self.script.title}: cancelled"
        if cancelled or result.verdict not in ("pass", "skipped"):
            raise _NotPassedError(result)

    def _carried_out(self) -> "Result":
        from firmware_link.clock import SystemClock
        from rig.interrupt import Interrupt
        from rig.qa.calling.carrying import Carrying
        from rig.qa.telling.outputs import Outputs
        from rig.qa.telling.results import Tally

        tally = Tally((self.script,))
        with Interrupt() as interrupt:
            sessions, record = self.config.stash[_SESSIONS], self.config.getoption("record")
            result = Carrying(tally, sessions, record, interrupt=interrupt, clock=SystemClock()).case(0)
        Outputs(tally).ended(result, lambda trouble: self.add_report_section("call", "history", trouble))
        return result

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What didn't pass, where in the script it stands and where in the recording: no traceback."""
        if not isinstance(excinfo.value, _NotPassedError):
            return super().repr_failure(excinfo, style)
        from rig.qa.telling import said

        result = excinfo.value.result
        step = result.decisive.step if result.decisive else None
        path, line = (step.file, step.line) if step and step.file else (str(self.path), 1)
        entry = ReprEntryNative([f"{line}\n" for line in said.case_lines(result)])
        verdict = "cancelled" if result.verdict == "skipped" else result.verdict
        crash = ReprFileLocation(path, line, f"{verdict.upper()}: {result.sentence}")
        return ReprExceptionInfo(reprtraceback=ReprTraceback([entry], None, "native"), reprcrash=crash)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, 0, self.script.title


class _NotPassedError(Exception):
    """``result`` says why."""

    def __init__(self, result: "Result") -> None:
        super().__init__(result.sentence)
        self.result = result
