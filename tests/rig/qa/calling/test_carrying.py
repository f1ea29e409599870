"""Cases one after the other on one pump; and a runner that is killed."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue

import pytest
from junitparser import Error, JUnitXml

from rig.places import runs_folder
from rig.recording.reader import RunReader
from rig.virtual.rig import VirtualRig
from rig.virtual.serve import serve_pty
from tests.rig.qa.files.scripts_of import FAILS, PASSES, SCRIPT, write

Run = Callable[..., tuple[int, str, str]]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a pseudo-terminal needs a POSIX system")


@pytest.fixture
def port() -> Iterator[str]:
    """The path of a pump whose time passes sixty times as fast."""
    stop, paths = threading.Event(), Queue[str]()
    thread = threading.Thread(target=serve_pty, args=(VirtualRig(7, 60.0), paths.put, None, stop.is_set))
    thread.start()
    yield paths.get(timeout=10)
    stop.set()
    thread.join(10)


def test_a_pump_is_met_once_for_all_cases_and_every_recording_of_it_is_kept(
    run: Run, port: str, tmp_path: Path
) -> None:
    path = write(tmp_path, SCRIPT.replace("wait: 2 min", "wait: 1 min"), "served")
    code, out, _ = run("qa", str(path), "--target", port, "-k", "not 11", "--unattended")
    assert (code, out.splitlines()[-1]) == (1, "1 passed, 1 failed")
    told = {}
    for kept in runs_folder().glob("served-*.run.duckdb"):
        with RunReader(kept) as reader:
            assert [one.phase for one in reader.cases()] == ["begin", "end"]
            told[reader.cases()[0].case] = ("connecting" in [link.state for link in reader.links()], reader.run.ended)
    assert told == {PASSES: (True, "finished"), FAILS: (False, "stopped at the first failure")}


def test_what_a_killed_runner_leaves_says_so(run: Run, tmp_path: Path) -> None:
    path, junit, report = write(tmp_path), tmp_path / "a.xml", tmp_path / "a.html"
    words = ["qa", str(path), "--target", "sim:?seed=7&speed=20", "--record", str(tmp_path / "runs")]
    words += ["--junit", str(junit), "--report", str(report)]
    with subprocess.Popen([sys.executable, "-m", "rig.cli", *words], stdout=subprocess.PIPE, text=True) as runner:
        assert runner.stdout is not None
        for line in runner.stdout:
            if "Start the pump" in line:
                break
        wal = next((tmp_path / "runs").glob("*.wal"))
        size, deadline = wal.stat().st_size, time.monotonic() + 20
        while wal.stat().st_size == size:  # until what was printed is on disk
            assert time.monotonic() < deadline
        runner.kill()
    (suite,) = JUnitXml.fromfile(str(junit))
    assert [type(case.result[0]) for case in suite] == [Error] * 3
    assert "Partial" in report.read_text()
    kept = next((tmp_path / "runs").glob("*.run.duckdb"))
    with RunReader(kept) as reader:
        assert reader.cut_short
        assert [one.phase for one in reader.cases()] == ["begin"]
        assert [one.phase for one in reader.steps()][-1] == "begin"
    code, out, _ = run("qa", str(path), "--target", f"replay:{kept}")
    assert (code, out.splitlines()[-1]) == (1, "1 ended with an error")
    assert "cut short" in out or "ends within" in out
