"""The ledger of a pump's refills: what is kept comes back, what is damaged is refused and stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_link.errors import UsageError
from rig import ledger
from rig.ledger import Ledger, Refill
from rig.yamlfile import FileFault

PUMP = "00c0ffee00c0ffee"
VOLUMES = st.integers(0, 1_000_000_000)
WORDS = st.text(max_size=600).map(ledger.one_line)
REFILLS = st.builds(
    Refill, st.integers(0, 2**33), VOLUMES, VOLUMES, VOLUMES, VOLUMES, st.integers(0, 4 * 10**9), WORDS, WORDS
)


def refill(utc_s: int, **volumes: int) -> Refill:
    known = {"expected_nl": 15_000_000, "withdrawn_nl": 14_900_000, "delivered_nl": 5_000_000}
    return Refill(utc_s, **(known | {"filled_nl": 20_000_000, "concentration_ng_ml": 500_000} | volumes))


@given(st.lists(REFILLS, max_size=6))
def test_what_is_kept_comes_back_as_it_was(tmp_path_factory, refills):
    folder = tmp_path_factory.mktemp("pumps")
    kept = Ledger(PUMP, tuple(sorted(refills, key=lambda one: one.utc_s)))
    ledger.save(folder, kept)
    assert ledger.load(folder, PUMP) == kept
    assert [path.name for path in folder.iterdir()] == [f"{PUMP}.yaml"]


def test_a_pump_without_a_file_has_no_refills(tmp_path):
    assert ledger.load(tmp_path / "not made yet", PUMP) == Ledger(PUMP)


def test_the_latest_refill_says_what_was_delivered_since():
    first = Ledger(PUMP)
    assert first.delivered_nl(15_000_000, 20_000_000) == 5_000_000  # a new pump comes full
    half_full = first.with_refill(refill(1, filled_nl=18_000_000))
    assert half_full.delivered_nl(15_000_000, 20_000_000) == 3_000_000
    assert half_full.delivered_nl(19_000_000, 20_000_000) == 1_000_000  # refilled without this computer


def test_only_the_latest_are_kept():
    kept = Ledger(PUMP, tuple(refill(at) for at in range(ledger.KEPT))).with_refill(refill(ledger.KEPT))
    assert len(kept.refills) == ledger.KEPT
    assert (kept.refills[0].utc_s, kept.refills[-1].utc_s) == (1, ledger.KEPT)


GOOD = ledger.dumps(Ledger(PUMP, (refill(1), refill(2))))


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (GOOD.replace("pump-ledger: 1", "pump-ledger: 2"), "pump-ledger"),
        (GOOD.replace(PUMP, "00c0ffee00c0ffef"), "device"),
        (GOOD.replace("utc-s: 1 ", "utc-s: 3 "), "refills"),
        (GOOD.replace("expected-nl: 15000000", "expected-nl: -1", 1), "refills.0.expected-nl"),
        (GOOD.replace("expected-nl: 15000000", "expected-nl: .nan", 1), "refills.0.expected-nl"),
        (GOOD.replace("filled-nl", "filled", 1), "refills.0.filled"),
        (GOOD + "more: 1\n", "more"),
        ("", ""),
        ("[" * 100, ""),
    ],
)
def test_a_damaged_file_is_refused_with_its_field_and_not_written_over(tmp_path, text, field):
    path = tmp_path / f"{PUMP}.yaml"
    path.write_text(text)
    with pytest.raises(FileFault) as caught:
        ledger.load(tmp_path, PUMP)
    assert caught.value.field == field
    assert caught.value.remedy
    assert path.read_text() == text


@pytest.mark.parametrize("name", ["", "../etc/passwd", PUMP[:-1], PUMP.upper(), PUMP + "\n"])
def test_what_is_no_device_id_is_no_file(tmp_path, name):
    with pytest.raises(UsageError, match="no device id"):
        ledger.load(tmp_path, name)


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "pumps").write_text("in the way")
    with pytest.raises(UsageError, match="can't be written"):
        ledger.save(tmp_path / "pumps", Ledger(PUMP))
