"""The parts of the Pico's board that need no Pico: its files and its conversions."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.firmware import readings
from rig.firmware.button import Button
from rig.firmware.chunks import CHUNK, Chunks
from rig.firmware.hx711 import Hx711
from tests.boards import Pages

writes = st.lists(
    st.tuples(st.sampled_from(["state", "events"]), st.integers(0, 5 * CHUNK), st.binary(max_size=6000)), max_size=12
)


@given(writes, st.integers(0, 5 * CHUNK), st.integers(0, 9000))
def test_files_read_back_as_memory_does(
    tmp_path_factory: pytest.TempPathFactory, stores: list[tuple[str, int, bytes]], offset: int, size: int
) -> None:
    folder = str(tmp_path_factory.mktemp("flash") / "pump")
    chunks = Chunks(folder)
    memory = {"state": Pages(), "events": Pages()}
    for region, at, data in stores:
        chunks.store(region, at, data)
        memory[region].store(at, data)
    for reader in (chunks, Chunks(folder)):
        for region in memory:
            assert reader.load(region, offset, size) == memory[region].load(offset, size)


def test_a_store_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    chunks = Chunks(str(tmp_path / "pump"))
    chunks.store("state", 0, b"old")
    (tmp_path / "pump/state.0").rename(tmp_path / "kept")
    (tmp_path / "pump/state.0").mkdir()
    with pytest.raises(OSError, match="directory"):
        chunks.store("state", 0, b"new")
    (tmp_path / "pump/state.0").rmdir()
    (tmp_path / "kept").rename(tmp_path / "pump/state.0")
    assert chunks.load("state", 0, 3) == b"old"


def test_conversions_at_known_points() -> None:
    assert readings.battery_mv(65535) == 9900
    assert 4995 <= readings.battery_mv(33099) <= 5005
    assert abs(readings.temperature_cc(round(0.706 / 3.3 * 65535)) - 2700) < 5
    assert abs(readings.temperature_cc(round((0.706 - 0.01721) / 3.3 * 65535)) - 3700) < 5
    assert abs(readings.pressure_pa(6553)) < 10
    assert abs(readings.pressure_pa(6553 + 52428) - 350_000) < 20
    assert [readings.signed_24(raw) for raw in (0, 0x7FFFFF, 0x800000, 0xFFFFFF)] == [0, 0x7FFFFF, -0x800000, -1]
    assert readings.balance_nl(21474836) == 1_002_000_000


def test_a_press_of_a_contact_that_bounces_is_one_press() -> None:
    button = Button()
    # (closed, milliseconds after the edge before): pressed, bouncing; released, bouncing; pressed again.
    for closed, still_ms in [(True, 900), (False, 1), (True, 2), (False, 400), (True, 1), (False, 3)]:
        button.edge(closed, still_ms)
    assert button.presses == 1
    button.edge(True, 30)
    button.edge(False, 80)
    button.edge(True, -5)  # days later
    assert button.presses == 3


class Converter:
    """The two pins of an HX711, by its data sheet: data falls with each conversion, each rising clock brings the next
    bit out, and the 25th lets data go high."""

    def __init__(self) -> None:
        self.powered = True
        self._bits: list[int] = []

    def converts(self, counts: int) -> None:
        self._bits = [0] + [counts >> place & 1 for place in range(23, -1, -1)]

    def data(self) -> int:
        return (self._bits[0] if self._bits else 1) if self.powered else 0

    def clock(self, level: int) -> None:
        if level and self._bits:
            self._bits.pop(0)


def balance_on(converter: Converter) -> Hx711:
    data, clock = SimpleNamespace(value=converter.data), SimpleNamespace(value=converter.clock)
    return Hx711(data, clock, lambda: None, lambda state: None)


def test_a_balance_says_its_newest_conversion_for_a_second_and_then_nothing() -> None:
    converter = Converter()
    balance = balance_on(converter)
    assert balance.read_nl(0) is None
    converter.converts(0xFFFFFF)
    assert balance.read_nl(100_000) == 0
    converter.converts(21_473)
    assert balance.read_nl(200_000) == 1_001_960
    assert balance.read_nl(1_200_000) == 1_001_960
    assert balance.read_nl(1_200_001) is None
    converter.converts(-1)
    assert balance.read_nl(60_000_000) == 0


def test_a_balance_without_power_whose_pin_stays_low_has_no_conversion() -> None:
    converter = Converter()
    balance = balance_on(converter)
    converter.converts(5)
    assert balance.read_nl(0) == 0
    converter.powered = False
    assert balance.read_nl(1_000_000) == 0
    assert balance.read_nl(1_000_001) is None
