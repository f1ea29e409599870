"""Notes in a recording that has ended, and what they leave alone."""

from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_link.errors import UsageError
from rig.recording import annotate
from rig.recording.digest import Verified
from rig.recording.errors import RunFileError
from rig.recording.reader import RunReader
from rig.recording.records import Note
from rig.recording.writer import RunWriter
from tests.rig.recording import make, make_bad

AT_US = make.UTC_US + 5_000_000
NOW_US = make.UTC_US + 10**12
BY_HAND = "The catheter was kinked by hand."


@pytest.fixture
def run(tmp_path: Path) -> Path:
    path = tmp_path / "a.run.duckdb"
    make.make_run(path)
    return path


def notes(path: Path) -> tuple[Note, ...]:
    with RunReader(path) as reader:
        return reader.notes()


def test_notes_come_and_go_and_the_evidence_stays(run: Path) -> None:
    (found,) = notes(run)
    with RunReader(run) as reader:
        before = reader.info(), reader.events(), reader.samples(0, 2000).tobytes(), reader.rollup().tobytes()
    assert before[0].pop("notes") == 1
    added = annotate.add(run, " A bubble passed.\r\nTwice. ", AT_US, "Bench 2", NOW_US)
    marker = annotate.add(run, "", AT_US - 1, "", NOW_US, marker=True)
    assert added == Note(AT_US, "A bubble passed.\nTwice.", "Bench 2", NOW_US)
    assert notes(run) == (found, marker, added)
    changed = annotate.change(run, added, "No bubble.", "QA", NOW_US + 1)
    assert changed == Note(AT_US, "No bubble.", "QA", NOW_US + 1)
    annotate.remove(run, found)
    assert notes(run) == (marker, changed)
    with RunReader(run) as reader:
        after = reader.info(), reader.events(), reader.samples(0, 2000).tobytes(), reader.rollup().tobytes()
        assert reader.verify() is Verified.MATCHES
    assert after[0].pop("notes") == 2
    assert after == before
    assert list(run.parent.iterdir()) == [run]
    with duckdb.connect(str(run), read_only=True) as connection:
        query = "SELECT tags['storage_version'] FROM duckdb_databases() WHERE path IS NOT NULL"
        assert "v1.4" in str(connection.execute(query).fetchone())


def test_of_two_equal_notes_one_is_removed(run: Path) -> None:
    for _ in range(2):
        note = annotate.add(run, "Again.", AT_US, "", NOW_US)
    annotate.remove(run, note)
    assert notes(run)[1:] == (note,)
    annotate.remove(run, note)
    with pytest.raises(RunFileError, match="has no such note any more"):
        annotate.remove(run, note)
    with pytest.raises(RunFileError, match="has no such note any more"):
        annotate.change(run, note, "Once more.", "", NOW_US)
    assert [note.text for note in notes(run)] == [BY_HAND]


@pytest.mark.parametrize(
    ("text", "author", "at_us", "marker", "why"),
    [
        ("", "", AT_US, False, "no words"),
        (" \n\t\x00", "", AT_US, False, "no words"),
        ("x" * 10_001, "", AT_US, False, "10,001 characters"),
        ("x", "y" * 201, AT_US, True, "201 characters"),
        ("x", "", -1, False, "can't be"),
        ("x", "", 2**63 - 1, False, "can't be"),
    ],
)
def test_a_note_that_cannot_be_is_refused(
    run: Path, text: str, author: str, at_us: int, marker: bool, why: str
) -> None:
    before = run.read_bytes()
    with pytest.raises(UsageError, match=why):
        annotate.add(run, text, at_us, author, NOW_US, marker)
    assert run.read_bytes() == before


@given(st.text(st.characters(exclude_categories=[])), st.text(st.characters(exclude_categories=[]), max_size=30))
def test_any_words_are_kept_as_words(text: str, author: str) -> None:
    note = annotate.checked(Note(AT_US, text, author, NOW_US, marker=True))
    assert note.text.encode().decode() == note.text
    assert not {c for c in note.text + note.author if ord(c) < 32} - {"\n", "\t"}
    assert annotate.checked(note) == note


def test_what_sql_means_is_only_words_here(run: Path) -> None:
    words = "'); DROP TABLE samples; --"
    annotate.add(run, words, AT_US, words, NOW_US)
    assert notes(run)[-1].text == notes(run)[-1].author == words


def test_a_run_that_goes_on_or_was_cut_short_is_not_edited(tmp_path: Path) -> None:
    run = tmp_path / "a.run.duckdb"
    with RunWriter(run, make.ManualClock(), make.SESSION), pytest.raises(RunFileError, match="is being recorded"):
        annotate.add(run, "x", AT_US, "", NOW_US)
    cut = make_bad.killed(tmp_path / "killed.run.duckdb")
    with pytest.raises(RunFileError, match="was cut short") as refused:
        annotate.add(cut, "x", AT_US, "", NOW_US)
    assert "pump-programmer finish killed.run.duckdb" in refused.value.remedy


def test_a_run_that_is_open_in_this_program_says_so(run: Path) -> None:
    with RunReader(run), pytest.raises(RunFileError, match="is open in this program"):
        annotate.add(run, "x", AT_US, "", NOW_US)


@pytest.mark.parametrize("version", [1, 2, 3])
def test_an_older_format_is_never_converted(run: Path, version: int) -> None:
    with duckdb.connect(str(run)) as connection:
        make_bad.take_back(connection, version)
    before = run.read_bytes()
    with pytest.raises(RunFileError, match=f"older format {version}"):
        annotate.add(run, "x", AT_US, "", NOW_US)
    assert run.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"not a database " * 1000])
def test_what_is_no_run_file_stays_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.run.duckdb"
    path.write_bytes(content)
    with pytest.raises(RunFileError, match="is not a run file"):
        annotate.add(path, "x", AT_US, "", NOW_US)
    assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(RunFileError, match="There is no file"):
        annotate.add(tmp_path / "a.run.duckdb", "x", AT_US, "", NOW_US)
    assert list(tmp_path.iterdir()) == []


def test_a_read_only_folder_or_file_is_a_sentence(run: Path) -> None:
    run.chmod(0o444)
    with make_bad.read_only(run.parent), pytest.raises(RunFileError, match="this user may not"):
        annotate.add(run, "x", AT_US, "", NOW_US)
    run.chmod(0o666)
    with make_bad.read_only(run.parent), pytest.raises(RunFileError, match="this user may not"):
        annotate.add(run, "x", AT_US, "", NOW_US)
    run.chmod(0o644)
    assert [note.text for note in notes(run)] == [BY_HAND]
