"""A blinded copy says nothing of what it is of; what was sensed is as it was; a key leads back."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from firmware_link.clock import ManualClock
from firmware_link.errors import PumpError, UsageError
from rig.recording.annotate import add
from rig.recording.digest import Verified
from rig.recording.reader import RunReader
from rig.recording.records import CaseRecord, Note, ProgramRecord, Strike
from rig.recording.writer import RunWriter
from rig.review.blinding import BEGIN_US, blind, is_blinded, key_in, read_key
from rig.review.views import agreements, join, review, views
from rig.session import Batch, ControlFrame, LinkChange, LinkState
from tests.rig.recording.make import DEVICE, SESSION, UTC_US, event, samples

SECRETS = (b"Ward 9", b"c0ffee07", b"baclofen", b"1.0.0", b"seed=7", b"Nurse", b"Night watch", b"hidden-case")
NOW_US = UTC_US + 86_400_000_000


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording with everything in it that tells what it is of."""
    path = tmp_path_factory.mktemp("original") / "Night watch.run.duckdb"
    clock = ManualClock(utc_us=UTC_US)
    writer = RunWriter(path, clock, replace(SESSION, target="sim:?seed=7&rig=Ward 9", device=DEVICE))
    frame = ControlFrame(UTC_US, True, "commit", 3, b"baclofen")
    writer.add(
        Batch(
            samples=samples(0, 5000),
            events=(event(1), replace(event(2, "program_committed", 77), number=2), event(3, "occlusion", 70_100)),
            frames=(frame,),
            links=(LinkChange(LinkState.LOST, UTC_US + 5, UsageError("Ward 9 is gone.")),),
            strikes=(Strike(UTC_US + 9, "occlusion", True, 100.0),),
        )
    )
    writer.note("Ward 9, Nurse", UTC_US + 1)
    writer.case(CaseRecord(UTC_US + 2, "begin", "hidden-case.qa.yaml", "hidden-case", "", "d", "text", "sim:"))
    writer.case(
        CaseRecord(UTC_US + 3, "end", "hidden-case.qa.yaml", "hidden-case", "", "d", "", "sim:", verdict="fail")
    )
    writer.finish("Ward 9", None)
    return path


@pytest.fixture
def run(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(original, tmp_path))


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def copy(run: Path, keys: Path, tmp_path: Path) -> Path:
    return blind(run, tmp_path / "copy.run.duckdb", keys, NOW_US).path


def test_no_byte_of_the_copy_says_what_it_is_of(run: Path, copy: Path) -> None:
    assert all(secret in run.read_bytes() + run.name.encode() for secret in SECRETS)
    assert [secret for secret in SECRETS if secret in copy.read_bytes()] == []


def test_what_was_sensed_is_as_it_was_and_dates_are_moved(run: Path, copy: Path) -> None:
    with RunReader(run) as of, RunReader(copy) as made:
        assert made.run.started_us // 1_000_000 == BEGIN_US // 1_000_000
        shift_us = made.run.started_us - of.run.started_us
        before, after = of.samples(0, 5000), made.samples(0, 5000)
        for name in before.dtype.names or ():
            moved = shift_us if name == "host_us" else 0
            assert np.array_equal(after[name], before[name] + moved), name
        assert [(one.kind, one.occurred_us, one.priority) for one in made.events()] == [
            (one.kind, one.occurred_us, one.priority) for one in of.events()
        ]
        assert made.verify() is Verified.MATCHES
        assert made.summary().commanded_nl == of.summary().commanded_nl


def test_names_settings_programs_notes_verdicts_and_the_truth_stay_behind(copy: Path) -> None:
    with RunReader(copy) as made:
        run = made.run
        assert is_blinded(run)
        assert (run.settings, run.found, run.firmware_version, run.port, run.virtual) == (None, None, None, "", False)
        assert set(run.device_id or "") == {"0"}
        for kind in (Note, ProgramRecord, Strike, ControlFrame, CaseRecord):
            assert made.count(kind) == 0, kind
        assert [one.value for one in made.events() if one.kind == "program_committed"] == [0]
        assert [one.error for one in made.links()] == [""]


def test_a_copy_of_a_copy_of_an_unfinished_run_or_over_a_file_is_refused(run: Path, copy: Path, keys: Path) -> None:
    with pytest.raises(PumpError, match="blinded copy itself"):
        blind(copy, copy.with_name("other.run.duckdb"), keys, NOW_US)
    with pytest.raises(UsageError, match="exists already"):
        blind(run, copy, keys, NOW_US)
    with pytest.raises(UsageError, match="take the place"):
        blind(run, run, keys, NOW_US, force=True)
    with pytest.raises(UsageError, match="called as"):
        blind(run, copy.with_suffix(".txt"), keys, NOW_US)
    unfinished = run.with_name("open.run.duckdb")
    writer = RunWriter(unfinished, ManualClock(utc_us=UTC_US), SESSION)
    writer.close()
    with pytest.raises(PumpError, match="no end yet"):
        blind(unfinished, copy.with_name("third.run.duckdb"), keys, NOW_US)
    assert not list(copy.parent.glob(".*.part*"))


def test_the_blinded_review_comes_back_by_its_key_and_stands_beside_the_others(
    run: Path, copy: Path, keys: Path
) -> None:
    review(run, "fail", "O. Perator", "It stopped.", NOW_US)
    review(copy, "pass", "R. Viewer", "Steady.", NOW_US + 1)
    assert len(join(run, copy, keys)) == 1
    assert join(run, copy, keys) == ()  # each once
    with RunReader(run) as reader:
        found = views(reader)
        assert reader.verify() is Verified.MATCHES  # a review is no evidence
    assert (found.operator, found.blinded, found.instrument) == ("fail", "pass", "fail")
    agreed = agreements([found])
    assert agreed["operator", "instrument"].same == 1
    assert agreed["operator", "blinded"].same == 0


def test_of_several_reviews_of_a_kind_the_latest_counts(run: Path) -> None:
    review(run, "fail", "A", "", NOW_US + 5)
    review(run, "pass", "B", "", NOW_US)
    with RunReader(run) as reader:
        assert views(reader).operator == "fail"


def test_without_its_key_or_for_another_run_nothing_is_taken_over(run: Path, copy: Path, keys: Path) -> None:
    add(run, "words", UTC_US, "", NOW_US)
    other = run.with_name("other.run.duckdb")
    blind(run, other, keys, NOW_US)
    with pytest.raises(UsageError, match="no key"):
        join(run, copy, keys.with_name("elsewhere"))
    with RunReader(other) as reader:
        wrong = key_in(keys, reader.run.run_id)
    with pytest.raises(UsageError, match="isn't a copy of"):
        join(run, copy, wrong)
    with pytest.raises(UsageError, match="no blinded copy"):
        join(copy, run, keys)
    hostile = keys / "hostile.json"
    hostile.write_text('{"copy_id": 7}')
    with pytest.raises(UsageError, match="no key of a blinded copy"):
        read_key(hostile)


@pytest.mark.parametrize("word", ["", "PASS", "error", "ok\n"])
def test_a_verdict_is_one_of_three_words(run: Path, word: str) -> None:
    with pytest.raises(UsageError, match="no verdict"):
        review(run, word, "", "", NOW_US)
