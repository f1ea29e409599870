"""A bundle holds what helps, nothing private, and opens again; one that was altered does no harm."""

import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import duckdb
import numpy as np
import pytest

from firmware_link.clock import ManualClock
from firmware_link.errors import UsageError
from rig.bundle import bundle, excerpt
from rig.firmware.program import Program
from rig.linkstate import LinkCounters, LinkState
from rig.programs.receipt import Receipt
from rig.recording.reader import RunReader
from rig.recording.writer import RunWriter
from rig.session import Batch, LinkChange, SessionInfo
from tests.rig.recording import make

Cli = Callable[..., tuple[int, str, str]]
CLOCK = ManualClock(1_800_000_000_000_000)
SECRET = "Mrs Secret of ward 9"
PROGRAM = Program(1_700_000_000, 0, [], [(86_400_000, 86_400_000)])


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """A folder with a run in which somebody wrote what is private wherever one can."""
    folder = tmp_path / "runs"
    folder.mkdir()
    info = SessionInfo(f"sim:?faults=/home/{SECRET}/f.yaml", "virtual rig", make.DEVICE, True, False, True)
    clock = ManualClock(make.UTC_US)
    with RunWriter(folder / "a.run.duckdb", clock, info) as writer:
        receipt = Receipt(1, 1, "running", 5, name=SECRET, stopped_because=SECRET)
        writer.program(SECRET, f"name: {SECRET}", PROGRAM, receipt)
        for batch in make.batches(3000):
            writer.add(batch)
        lost = LinkChange(LinkState.LOST, make.UTC_US, UsageError(f"/media/{SECRET}/x.yaml is gone."))
        writer.add(Batch(links=(lost,)))
        writer.note(SECRET, author=SECRET)
        writer.verdict(SECRET, True, SECRET)
        writer.finish("duration")
    return folder


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "log"
    folder.mkdir()
    (folder / "window.log.1").write_text("older\n")
    (folder / "window.log").write_text("2026 engine rig.live ERROR /home/Secret/runs/Secret.yaml: Secret did it\n")
    return folder


@pytest.fixture
def made(runs: Path, logs: Path, tmp_path: Path) -> Path:
    path = tmp_path / f"a{bundle.SUFFIX}"
    sources = bundle.Sources(runs, logs, LinkCounters(frames_bad=3))
    bundle.make(path, sources, CLOCK, ("Secret", "ward-9-pc"))
    return path


def test_nothing_private_is_in_it(made: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(made) as archive:
        assert sorted(archive.namelist()) == ["about.json", "last.run.duckdb", "log.txt"]
        for name in archive.namelist():
            data = archive.read(name)
            assert b"Secret" not in data
            assert b"ward" not in data
            assert str(tmp_path).encode() not in data


def test_what_helps_is_in_it(made: Path) -> None:
    held = bundle.opened(made)
    assert held.about.link is not None
    assert held.about.link["frames_bad"] == 3
    assert {"Python", "duckdb", "Runs folder"} <= {finding.name for finding in held.about.findings}
    assert held.log == "older\n2026 engine rig.live ERROR …/*.yaml: … did it\n"
    assert held.about.run is not None
    assert (held.about.run.samples, held.about.run.events) == (3000, 4)


def test_its_run_opens_with_the_same_samples_events_and_link(made: Path, runs: Path, tmp_path: Path) -> None:
    with RunReader(bundle.extract_run(made, tmp_path)) as copy, RunReader(runs / "a.run.duckdb") as whole:
        assert np.array_equal(copy.samples(0, 9999), whole.samples(0, 9999))
        assert copy.events() == whole.events()
        assert copy.gaps() == whole.gaps()
        assert copy.health() == whole.health()
        assert copy.run.device_id == whole.run.device_id
        assert [program.program().digest() for program in copy.programs()] == [PROGRAM.digest()]
        assert copy.summary().planned_nl == whole.summary().planned_nl
        assert copy.notes() == ()


def test_of_a_long_run_the_end_comes_along(runs: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(excerpt, "MOST_SAMPLES", 100)
    path = tmp_path / f"a{bundle.SUFFIX}"
    about = bundle.make(path, bundle.Sources(runs, tmp_path), CLOCK, ())
    assert about.run is not None
    assert (about.run.samples, about.run.of_samples) == (100, 3000)
    with RunReader(bundle.extract_run(path, tmp_path)) as copy, RunReader(runs / "a.run.duckdb") as whole:
        assert np.array_equal(copy.samples(0, 9999), whole.samples(2900, 100))
        assert len(copy.rollup("pressure_pa")) == 1


def test_without_a_run_it_says_why(runs: Path, tmp_path: Path) -> None:
    path = tmp_path / f"a{bundle.SUFFIX}"
    assert bundle.make(path, bundle.Sources(tmp_path / "none", tmp_path), CLOCK).no_run == "There is no recording."
    with duckdb.connect(str(runs / "a.run.duckdb")):  # as a recorder holds it
        said = bundle.make(path, bundle.Sources(runs, tmp_path), CLOCK).no_run
    assert said.startswith("The recording is ")
    with pytest.raises(UsageError, match="holds no recording"):
        bundle.extract_run(path, tmp_path)
    assert bundle.make(path, bundle.Sources(runs, tmp_path, with_run=False), CLOCK).no_run == "It was left out."


# -- what is no bundle -----------------------------------------------------------------------------------------------


def written(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize(
    ("about", "said"),
    [
        (b"{}", "no bundle, or was altered"),
        (b"[1]", "no bundle, or was altered"),
        (b"\xff\xfe", "no bundle, or was altered"),
        (b"[" * 100_000, "no bundle, or was altered"),
        (json.dumps({"format": 99}).encode(), "has format 99"),
        (b" " * (3 << 20), "too large"),
        (None, "can't be read"),
    ],
)
def test_a_file_that_is_no_bundle_gets_a_sentence(about: bytes | None, said: str, tmp_path: Path) -> None:
    path = written(tmp_path / f"x{bundle.SUFFIX}", {"about.json": about} if about is not None else {"other": b""})
    with pytest.raises(UsageError, match=said):
        bundle.opened(path)


def test_a_damaged_file_gets_a_sentence_wherever_it_is_damaged(made: Path, tmp_path: Path) -> None:
    data = made.read_bytes()
    rng = np.random.default_rng(5)
    for at in rng.integers(0, len(data), 40).tolist():
        damaged = tmp_path / f"d{bundle.SUFFIX}"
        damaged.write_bytes(data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :])
        with suppress(UsageError):
            bundle.opened(damaged)
            bundle.extract_run(damaged, tmp_path)
    for size in (0, 10, len(data) // 2):
        damaged.write_bytes(data[:size])
        with pytest.raises(UsageError, match="can't be opened as a bundle"):
            bundle.opened(damaged)


def test_members_with_names_of_their_own_are_not_touched(made: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("../outside.txt", b"x")
    folder = tmp_path / "inner"
    folder.mkdir()
    bundle.opened(made)
    bundle.extract_run(made, folder)
    assert [path.name for path in folder.iterdir()] == ["last.run.duckdb"]
    assert not (tmp_path / "outside.txt").exists()


# -- on the command line ---------------------------------------------------------------------------------------------


def test_doctor_makes_one_and_info_opens_it(run: Cli, runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rig.bundle.verb.runs_folder", lambda: runs)
    monkeypatch.setattr("rig.bundle.verb.log_folder", lambda: runs)
    path = runs / f"b{bundle.SUFFIX}"
    code, _, err = run("doctor", "--bundle", str(path))
    assert code in (0, 1)  # this computer may lack something
    assert "It doesn't hold:" in err
    code, out, _ = run("info", str(path))
    assert code == 0
    assert "all of 3,000 samples" in out
    assert "event occlusion" in out
    code, out, _ = run("info", str(path), "--json")
    assert json.loads(out)["recording"]["samples"] == 3000
    assert run("doctor", "--bundle", str(path))[0] == 4
    assert "exists already" in run("doctor", "--bundle", str(path))[2]
    assert "isn't called as a bundle" in run("doctor", "--bundle", str(runs / "x.zip"))[2]
