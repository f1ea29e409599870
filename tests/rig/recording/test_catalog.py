"""A folder of recordings: what is in it, what each one is, and what is remembered of that."""

import os
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_link.clock import ManualClock
from firmware_link.errors import UsageError
from rig.recording import catalog
from rig.recording.card import card_of, text
from rig.recording.catalog import CUT_SHORT, DAMAGED, FINISHED, RECORDING, UNREADABLE, Card, Found, Known
from rig.recording.looker import Looker
from rig.recording.records import Verdict
from rig.recording.writer import RunWriter
from tests.rig.recording import make, make_bad


def test_a_finished_run_says_what_it_was(tmp_path):
    path = tmp_path / "a.run.duckdb"
    summary = make.make_run(path, 1000)
    assert summary is not None
    card = card_of(path)
    assert (card.state, card.what, card.damaged) == (FINISHED, "", False)
    assert (card.samples, card.gaps) == (summary.samples, summary.gaps)
    assert (card.commanded_nl, card.measured_nl) == (summary.commanded_nl, summary.measured_nl)
    assert card.planned_nl == summary.planned_nl
    assert (card.started_us, card.duration_us) == (make.UTC_US, 100_000_000)
    assert (card.device, card.virtual, card.target) == ("00000000c0ffee07", True, "sim:?seed=7")
    assert card.levels == (3, 0, 0, 1)
    assert card.kinds[0] == ("occlusion", 3, 1)
    assert sum(times for _, _, times in card.kinds) == sum(card.levels) == summary.events
    assert card.notes == ((make.UTC_US, "The catheter was kinked by hand."),)
    assert card.note_count == 1


def test_a_run_that_a_crash_ended_lasts_until_what_was_last_heard(tmp_path):
    card = card_of(make_bad.killed(tmp_path / "a.run.duckdb"))
    assert card.state == CUT_SHORT
    assert card.duration_us == 105_000_000  # the last sample's host time
    assert card.samples == 1000


def test_programs_and_verdicts_are_counted(tmp_path):
    path = tmp_path / "a.run.duckdb"
    writer = RunWriter(path, ManualClock(make.UTC_US), make.SESSION)
    writer.add(make.batches(100)[0])
    writer.finish("duration", None)
    with duckdb.connect(str(path)) as connection:
        for passed in (True, True, False):
            names = ", ".join(f'"{name}"' for name in Verdict.__dataclass_fields__)
            connection.execute(f"INSERT INTO verdicts ({names}) VALUES (0, 'check', ?, '', '')", [passed])
    card = card_of(path)
    assert (card.passed, card.failed) == (2, 1)


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "not a run file"), (b"hello, world" * 999, "not a run file"), (None, "is a folder")],
)
def test_what_is_no_run_file_says_so(tmp_path, content, says):
    path = tmp_path / "a.run.duckdb"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    card = card_of(path)
    assert card.state == UNREADABLE
    assert says in card.what
    assert card.remedy


def test_a_run_that_is_cut_off_says_so_and_that_it_is_damaged(tmp_path):
    path = tmp_path / "a.run.duckdb"
    make.make_run(path)
    os.truncate(path, path.stat().st_size // 2)
    card = card_of(path)
    assert (card.state, card.damaged) == (UNREADABLE, True)
    assert "cut off" in card.what


def test_a_run_whose_end_is_missing_says_so_also_where_it_opens(tmp_path):
    path = tmp_path / "a.run.duckdb"
    make.make_run(path, 100_000)
    states = set()
    for cuts in range(11):
        os.truncate(path, path.stat().st_size - 100_000)
        card = card_of(path)
        states.add(card.state)
        assert card.damaged, cuts
        assert "a part of the file is missing" in card.what
    assert states <= {DAMAGED, UNREADABLE}


def test_a_run_that_somebody_records_is_no_damaged_one(tmp_path):
    path = tmp_path / "a.run.duckdb"
    writer = RunWriter(path, ManualClock(make.UTC_US), make.SESSION)
    writer.add(make.batches(100)[0])
    writer.commit()
    try:
        with closing(Looker()) as looker:
            assert [look(path).state for look in (card_of, looker.look)] == [RECORDING, RECORDING]
    finally:
        writer.finish("closed", None)
    assert card_of(path).state == FINISHED


def test_values_that_no_writer_makes_are_a_sentence_or_left_out(tmp_path):
    path = tmp_path / "a.run.duckdb"
    make.make_run(path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE run SET started_us = 9223372036854775807, target = repeat('x', 100000)")
        connection.execute("UPDATE events SET priority = 250, kind = '<b>' || chr(27) || repeat('y', 100000)")
    card = card_of(path)
    assert card.started_us is None
    assert card.duration_us is None
    assert len(card.target) == len(card.kinds[0][0]) == catalog.MOST_TEXT
    assert "\x1b" not in card.kinds[0][0]
    assert card.levels == (0, 0, 0, 4)


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("good") / "good.run.duckdb"
    make.make_run(path)
    return path


@settings(max_examples=15)
@given(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), min_size=1, max_size=20))
def test_flipped_bytes_are_a_card_or_a_sentence(good, flips):
    raw = bytearray(good.read_bytes())
    for where, bits in flips:
        raw[int(where * len(raw))] ^= bits
    path = good.with_name("flipped.run.duckdb")
    path.write_bytes(raw)
    card = card_of(path)
    assert card.state in (FINISHED, DAMAGED, UNREADABLE)
    assert card.state == FINISHED or (card.what and card.remedy)


def test_what_ends_the_reader_doesnt_end_the_program_that_asks(good):
    with closing(Looker()) as looker:
        assert looker.look(good).state == FINISHED
        looker.interrupt()
        card = looker.look(good)
        assert card.state == UNREADABLE
        assert "ended the program" in card.what
        assert looker.look(good) == card_of(good)


@given(st.text())
def test_words_are_one_bounded_line_that_can_be_printed(words):
    assert text(words).isprintable()
    assert len(text(words)) <= catalog.MOST_TEXT
    assert text(text(words)) == text(words)


# -- the folder ------------------------------------------------------------------------------------------------------


def test_a_folder_lists_run_files_with_what_lies_beside_them(tmp_path):
    for name, size in (("a.run.duckdb", 10), ("a.run.duckdb.wal", 5), ("b.run.duckdb", 3), ("notes.txt", 9)):
        (tmp_path / name).write_bytes(bytes(size))
    (tmp_path / "c.run.duckdb").mkdir()
    (tmp_path / "d.run.duckdb").symlink_to(tmp_path / "nowhere")
    listed = {one.name: one for one in catalog.found(tmp_path)}
    assert set(listed) == {"a.run.duckdb", "b.run.duckdb"}
    assert listed["a.run.duckdb"].total_bytes == 15
    assert listed["b.run.duckdb"].wal_bytes == 0


def test_a_folder_that_isnt_there_is_empty_and_a_file_is_a_sentence(tmp_path):
    assert list(catalog.found(tmp_path / "none")) == []
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="can't be listed"):
        list(catalog.found(tmp_path / "file"))


# -- what is remembered ----------------------------------------------------------------------------------------------

FOUND = Found("a.run.duckdb", 10, 20, 5, 30)
CARDS = st.builds(
    Card,
    state=st.sampled_from((FINISHED, CUT_SHORT)),
    what=st.text(max_size=catalog.MOST_TEXT),
    started_us=st.none() | st.integers(0, catalog.YEAR_9999_US - 1),
    programs=st.lists(st.text(max_size=20), max_size=3).map(tuple),
    notes=st.lists(st.tuples(st.integers(0, 10**15), st.text(max_size=20)), max_size=3).map(tuple),
    measured_nl=st.none() | st.integers(-(2**63), 2**63 - 1),
)


@given(CARDS)
def test_what_is_remembered_is_what_was_seen(tmp_path_factory, card):
    folder = tmp_path_factory.mktemp("runs")
    catalog.remember(folder, [Known(FOUND, card)])
    assert catalog.recalled(folder) == {FOUND.name: Known(FOUND, card)}


def test_what_may_be_another_tomorrow_isnt_remembered(tmp_path):
    catalog.remember(tmp_path, [Known(FOUND, Card(state)) for state in (RECORDING, UNREADABLE)])
    assert catalog.recalled(tmp_path) == {}


KNOWN = b'{"found":{"name":"a","bytes":1,"changed_ns":1},"card":{"state":"finished"%s}}'


@pytest.mark.parametrize(
    "memory",
    [
        b"",
        b"not it",
        b"runs 0\n" + KNOWN % b"",
        b"runs 2\n" + (KNOWN % b"")[:-5],
        b"runs 2\n[]",
        b"runs 2\n" + (KNOWN % b"").replace(b"finished", b"made up"),
        b"runs 2\n" + KNOWN % b',"started_us":-1',
        b"runs 2\n" + KNOWN % b',"started_us":9223372036854775807',
        b"runs 2\n" + KNOWN % b',"levels":[1,2,3]',
        b"runs 2\n" + KNOWN % b',"kinds":[["x",9,1]]',
        b"runs 2\n" + KNOWN % (b',"target":"' + b"x" * 999 + b'"'),
        b"runs 2\n\xff\xfe",
    ],
)
def test_a_broken_memory_is_thrown_away(tmp_path, memory):
    (tmp_path / catalog.MEMORY).write_bytes(memory)
    assert catalog.recalled(tmp_path) == {}


def test_a_good_line_of_memory_is_read(tmp_path):
    (tmp_path / catalog.MEMORY).write_bytes(b"runs 2\n" + KNOWN % b"")
    assert catalog.recalled(tmp_path) == {"a": Known(Found("a", 1, 1), Card(FINISHED))}


def test_nothing_is_remembered_where_nothing_can_be_written(tmp_path):
    catalog.remember(tmp_path / "gone", [Known(FOUND, Card(FINISHED))])
    assert not (tmp_path / "gone").exists()
    folder = tmp_path / "closed"
    folder.mkdir()
    with make_bad.read_only(folder):
        catalog.remember(folder, [Known(FOUND, Card(FINISHED))])
    assert list(folder.iterdir()) == []


def test_places_are_kept_and_a_broken_file_of_them_is_nothing(tmp_path):
    path = tmp_path / "runs.json"
    assert catalog.places(path) == catalog.Places()
    catalog.keep_places(path, catalog.Places("/data", ("/data/a.run.duckdb",)))
    assert catalog.places(path) == catalog.Places("/data", ("/data/a.run.duckdb",))
    path.write_text('{"folder": 7}')
    assert catalog.places(path) == catalog.Places()
