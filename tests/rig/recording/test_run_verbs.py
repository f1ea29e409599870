"""Finishing, noting and verifying recordings, as a shell sees it."""

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from rig.recording import annotate
from rig.recording.reader import RunReader
from rig.recording.wal import beside
from tests.rig.recording import make, make_bad

Shell = Callable[..., tuple[int, str, str]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    make.make_run(tmp_path / "a.run.duckdb")
    return tmp_path / "a.run.duckdb"


def test_info_says_whether_the_evidence_is_as_it_was(run: Shell, path: Path) -> None:
    code, out, _ = run("info", str(path), "--verify")
    assert (code, "as it was recorded: it matches the digest" in out) == (0, True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE events SET value = value + 1 WHERE kind = 'occlusion'")
    code, out, _ = run("info", str(path), "--verify")
    assert (code, "NOT as it was recorded" in out) == (1, True)
    code, out, _ = run("info", str(path), "--verify", "--json")
    assert (code, json.loads(out)["evidence"]) == (1, "differs")


def test_info_says_what_a_run_that_was_cut_short_may_lack(run: Shell, tmp_path: Path) -> None:
    path = make_bad.killed(tmp_path / "a.run.duckdb")
    code, out, _ = run("info", str(path), "--verify", "--json")
    told = json.loads(out)
    assert (code, told["evidence"], told["doubts"]) == (0, "none kept", [])
    beside(path).unlink()
    code, out, _ = run("info", str(path))
    assert code == 0
    assert "no .wal is beside it" in out


def test_what_may_be_missing_is_said_whatever_is_done(run: Shell, tmp_path: Path) -> None:
    path = make_bad.killed(tmp_path / "a.run.duckdb")
    log = beside(path)
    log.write_bytes(log.read_bytes()[:-1000])
    code, out, _ = run("info", str(path), "--json")
    (doubt,) = json.loads(out)["doubts"]
    assert (code, doubt.endswith(" bytes can't be read: what was recorded then is missing.")) == (0, True)
    report, table = str(tmp_path / "a.html"), str(tmp_path / "a.csv")
    for words in (
        ("replay", str(path), "--speed", "max", "--json"),
        ("compare", str(path), str(path)),
        ("export", str(path), "--format", "csv", "--table", "events", "--output", table),
        ("report", str(path), "--output", report),
    ):
        code, _, err = run(*words)
        assert (code, err.splitlines()[0]) == (0, f"pump-programmer: {doubt}")


def test_info_shows_the_notes_and_nothing_that_a_terminal_would_obey(run: Shell, path: Path) -> None:
    annotate.add(path, "Two\nlines.", make.UTC_US + 31_000_000, "\u202e31m", make.UTC_US)
    code, out, _ = run("info", str(path))
    assert (code, "note 00:00:31.000     Two lines. (\ufffd31m)" in out.splitlines()) == (0, True)
    assert "started               2023-11-14T22:13:20.000Z" in out
    code, out, _ = run("info", str(path), "--json")
    assert out.removesuffix("\n").isprintable()
    assert json.loads(out)["notes"][1]["author"] == "\u202e31m"


def test_finish_ends_a_run_and_says_what_it_holds(run: Shell, tmp_path: Path) -> None:
    path = make_bad.killed(tmp_path / "a.run.duckdb")
    code, out, err = run("finish", str(path), "--json")
    told = json.loads(out)
    assert (code, err, told["samples"], told["ended"]) == (0, "", 1000, "cut_short, finished later")
    assert list(tmp_path.iterdir()) == [path]
    code, out, _ = run("info", str(path), "--verify")
    assert (code, "it matches the digest" in out) == (0, True)


def test_a_note_is_about_a_moment_and_by_somebody(run: Shell, path: Path) -> None:
    code, out, err = run("note", str(path), "A bubble passed.", "--at", "00:00:31", "--author", "Bench 2")
    assert (code, err) == (0, "")
    assert out.strip() == "Noted at 00:00:31.000: A bubble passed."
    with RunReader(path) as reader:
        note = reader.notes()[-1]
    assert (note.host_us - make.UTC_US, note.text, note.author) == (31_000_000, "A bubble passed.", "Bench 2")
    assert note.made_us > make.UTC_US
    code, out, err = run("note", str(path), " ")
    assert (code, out, err) == (
        4,
        "",
        "pump-programmer: The note has no words. Write what there is to say, or set a marker.\n",
    )


@pytest.mark.parametrize("verb", [("info", "{}"), ("finish", "{}"), ("note", "{}", "x"), ("info", "{}", "--verify")])
@pytest.mark.parametrize("content", [b"", b"\x00" * 5000])
def test_what_is_no_run_file_is_a_sentence(run: Shell, tmp_path: Path, verb: tuple[str, ...], content: bytes) -> None:
    path = tmp_path / "a.run.duckdb"
    path.write_bytes(content)
    code, out, err = run(*(word.format(path) for word in verb))
    assert (code, out) == (4, "")
    assert err.startswith("pump-programmer: a.run.duckdb is not a run file.")
    assert path.read_bytes() == content
