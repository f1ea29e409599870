"""Addresses: those that name nothing are refused before anything is tried; those of rigs make what they name."""

import random
import sys
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest

from firmware_link.errors import UsageError
from rig.resources import resource
from rig.session import Batch
from rig.targets import make_rig, open_session, parse_virtual
from rig.yamlfile import FileFault


@pytest.mark.parametrize(
    "address",
    [
        "",
        " ",
        "sim",
        "upy",
        "socket://",
        "socket://localhost",
        "socket://localhost:99999",
        "rfc2217://[::1",
        "http://x:1",
    ],
)
def test_a_malformed_address_says_which_there_are(address: str) -> None:
    with pytest.raises(UsageError, match="is not") as caught:
        open_session(address)
    assert "socket://HOST:PORT" in caught.value.remedy


def test_a_server_is_not_looked_for_before_the_session_is_polled() -> None:
    session = open_session("socket://localhost:1")
    assert session.info.target == "socket://localhost:1"
    session.close()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("sim:?fault=power", "There are seed, speed, faults and rig."),
        ("sim:?faults=power&faults=power", "given twice"),
        ("sim:?faults=", 'names no file after "faults="'),
        ("sim:?rig=", 'names no file after "rig="'),
        (f"sim:?seed={'9' * 5000}", "not a whole number from 0 to 4294967295"),
        ("sim:?rig=%00.yaml", 'names no file after "rig="'),
        ("sim:?faults=nosuch", "bad-cable"),
        ("sim:?rig=nosuch", "poor-balance"),
        ("upy:?faults=nosuch.yaml", "nosuch.yaml: can't be read"),
        ("sim:?rig=nosuch.yaml", "nosuch.yaml: can't be read"),
    ],
)
def test_a_rigs_address_that_makes_no_sense_says_what_would(address: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        open_session(address)
    assert said in caught.value.sentence()


def test_a_rig_and_its_faults_are_found_by_name_or_in_files(tmp_path: Path) -> None:
    rig = make_rig(parse_virtual("sim:?seed=3&speed=max&rig=worn-tube&faults=power"))
    assert rig.truth().compressions > 1_000_000
    assert [one.what for one in rig.faults()][:2] == ["battery_step", "new_battery"]
    own = tmp_path / "a b+c&d=é.yaml"
    own.write_text("faults: 1\nname: Own\nsteps:\n  - {at: 5 s, what: reset}\n", encoding="utf-8")
    for written in (quote(str(own)), quote(str(own)).replace("%2B", "+")):
        rig = make_rig(
            parse_virtual(f"sim:?faults={written}&rig={quote(str(resource('rigs/worn-tube.yaml')))}&speed=max")
        )
        assert [(one.what, one.begin_us) for one in rig.faults()] == [("reset", 5_000_000)]
        assert rig.truth().compressions > 1_000_000


def test_what_the_rig_cannot_do_from_the_beginning_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("faults: 1\nname: Own\nsteps:\n  - {at: 0 s, what: wrong_fill, how-much: 30 mL}\n", encoding="utf-8")
    with pytest.raises(FileFault, match=r"own.yaml:4: steps\[0\].how-much: 30 mL is out of range") as caught:
        make_rig(parse_virtual(f"sim:?speed=max&faults={quote(str(own))}"))
    assert caught.value.remedy == "Give -20 to 20 mL."


HARD_LIFE = """
faults: 1
name: A hard life
steps:
  - {at: 4 s, what: missed_steps, how-long: 10 s}
  - {at: 6 s, what: link_flip, how-much: 0.1 %, how-long: 20 s}
  - {at: 8 s, what: power_cut_in_write, how-much: 700 bytes, how-long: 22 s}
  - {at: 9 s, what: reset}
  - {at: 32 s, what: brown_out, how-much: 1 V, how-long: 3 s}
  - {at: 40 s, what: memory_corruption, how-much: 1}
  - {at: 41 s, what: reset}
  - {at: 44 s, what: clock_drift, how-much: -900 ppm, how-long: 9 s}
  - {at: 45 s, what: link_reorder, how-much: 8 bytes, how-long: 9 s}
  - {at: 50 s, what: temperature_noisy, how-long: 9 s}
"""


def lived(address: str) -> list[Batch]:
    """All that a session hears of a pump in a minute."""
    session = open_session(address, rng=random.Random(5))
    try:
        batches = []
        while (left_s := 60 - session.clock.monotonic()) > 0:
            batches.append(session.poll(left_s))
        assert session.clock.monotonic() < 61
        return batches
    finally:
        session.close()


def test_a_fault_file_and_a_seed_are_the_same_minute_twice_and_on_both_hosts(tmp_path: Path) -> None:
    path = tmp_path / "hard.yaml"
    path.write_text(HARD_LIFE, encoding="utf-8")
    rest = f":?seed=7&speed=max&faults={quote(str(path))}"
    first = lived(f"sim{rest}")
    strikes = [strike.what for batch in first for strike in batch.strikes]
    assert len(set(strikes)) == HARD_LIFE.count("what:") - 1
    assert {"memory_corrected"} <= {event.kind for batch in first for event in batch.events}
    for host in ("sim", "upy") if sys.platform != "win32" else ("sim",):
        again = lived(f"{host}{rest}")
        for field in ("samples", "truth"):
            one, other = (np.concatenate([getattr(batch, field) for batch in life]) for life in (first, again))
            assert np.array_equal(one, other), field
        for field in ("events", "strikes", "gaps"):
            said, said_again = ([x for batch in life for x in getattr(batch, field)] for life in (first, again))
            assert said == said_again
