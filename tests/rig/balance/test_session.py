"""A balance beside a virtual pump, in process and in virtual time: what it shows comes with the pump's own."""

import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from firmware_link.errors import PortLost, UsageError
from firmware_link.vocabulary import SETTING_KEYS
from rig.balance.address import parse
from rig.balance.ports import TwinPort, twin_of
from rig.balance.session import BalanceSession
from rig.balance.uncertainty import figures_of, parts_of_difference
from rig.balancestate import TROUBLES
from rig.recording.reader import RunReader
from rig.recording.writer import RunWriter
from rig.replay.session import ReplaySession
from rig.session import Batch, Command, Event, Session
from rig.targets import VirtualTarget, make_rig, open_session, pump_and_balance
from rig.virtual.base import Rig
from rig.virtual.faults import Fault
from rig.virtual.pace import MAX_SPEED

TARGET = "sim:?seed=7&speed=max"
WATER_UG_NL = 0.998


class Seen:
    """What a session brought."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.batches: list[Batch] = []

    def watch(self, for_s: float) -> "Seen":
        end_us = self.session.clock.utc_us() + round(for_s * 1e6)
        while (left_us := end_us - self.session.clock.utc_us()) > 0:
            self.batches.append(self.session.poll(left_us / 1e6))
        return self

    @property
    def weighings(self) -> np.ndarray:
        return np.concatenate([batch.weighings for batch in self.batches])

    @property
    def events(self) -> list[Event]:
        return [event for batch in self.batches for event in batch.events if event.kind.startswith("host_balance")]

    def said(self) -> list[str]:
        return [event.kind.removeprefix("host_balance_") for event in self.events]


@pytest.fixture
def opened() -> Iterator[Callable[..., Seen]]:
    sessions: list[Session] = []

    def start(balance: str, target: str = TARGET) -> Seen:
        sessions.append(open_session(target, balance=balance))
        sessions[-1].command(Command("set_config", {}, ((SETTING_KEYS["sample_interval_ms"], 1000),)))
        return Seen(sessions[-1])

    yield start
    for session in sessions:
        session.close()


@pytest.mark.parametrize("language", ["mt-sics", "sbi"])
def test_it_weighs_each_interval_of_the_rigs_time_and_says_who_it_is(
    opened: Callable[..., Seen], language: str
) -> None:
    seen = opened(f"{language}:sim?interval=10").watch(200)
    at_us = seen.weighings["host_us"]
    assert len(at_us) == 21
    assert np.abs(np.diff(at_us) - 10_000_000).max() <= 2  # sums of seconds aren't exact
    balance = seen.session.balance
    assert balance is not None
    assert (balance.link, balance.model, balance.digit_ug, balance.trouble) == ("online", "Virtual", 100, "")
    assert seen.session.info.balance == f"{language}:sim?interval=10"
    assert seen.events == []


@pytest.mark.parametrize(("target", "for_s"), [(TARGET, 900), ("upy:?seed=7&speed=max", 60)])
def test_what_comes_out_is_what_it_shows(opened: Callable[..., Seen], target: str, for_s: float) -> None:
    seen = opened("mt-sics:sim?interval=5", target)
    seen.session.inject(Fault("free_flow", amount=0.5))
    seen.watch(for_s)
    truth = np.concatenate([batch.truth for batch in seen.batches])
    rows = seen.weighings
    true_ug = np.interp(rows["host_us"], truth["true_us"], truth["delivered_nl"]) * WATER_UG_NL
    true_ug -= 5000 * (rows["host_us"] - rows["host_us"][0]) / 86_400e6  # an oil film lets 5 mg a day through
    assert true_ug[-1] > 130 * for_s  # 0.5 mL/h
    assert np.abs(rows["mass_ug"] - true_ug).max() < 1000  # a milligram


def test_two_of_the_same_seed_show_the_same_and_an_open_cup_dries(opened: Callable[..., Seen]) -> None:
    first, second, dry = (opened(f"mt-sics:sim?interval=30{cup}").watch(600) for cup in ("", "", "&cup=open"))
    assert np.array_equal(first.weighings, second.weighings)
    lost_ug = first.weighings["mass_ug"][-1] - dry.weighings["mass_ug"][-1]
    assert lost_ug == pytest.approx((2400 - 5) * 1000 / 144, rel=0.02)


@pytest.mark.parametrize("language", ["mt-sics", "sbi"])
def test_taring_is_told_with_what_it_showed(opened: Callable[..., Seen], language: str) -> None:
    seen = opened(f"{language}:sim?interval=10&cup=open").watch(240)
    before_ug = int(seen.weighings["mass_ug"][-1])
    seen.session.zero_balance()
    assert seen.session.balance is not None
    assert seen.session.balance.taring
    seen.watch(20)
    (event,) = seen.events
    assert (event.kind, event.value, event.number) == ("host_balance_tared", before_ug, 0)
    assert not seen.session.balance.taring
    assert before_ug < -6000 < -2000 < seen.weighings["mass_ug"][-1]


class Cable(TwinPort):
    """A virtual balance's cable, which can be pulled out or go dead."""

    pulled = dead = False
    opens = 0

    def read(self) -> bytes:
        if Cable.pulled:
            raise PortLost("/dev/ttyUSB1 is gone.")
        return b"" if Cable.dead else super().read()


@pytest.fixture
def cabled(monkeypatch: pytest.MonkeyPatch) -> Iterator[Seen]:
    monkeypatch.setattr(Cable, "pulled", False)
    monkeypatch.setattr(Cable, "dead", False)
    rig: Rig = make_rig(VirtualTarget("sim", 7, MAX_SPEED))
    pump = open_session(TARGET)
    twin = twin_of(rig, 7, "mt-sics")
    session = BalanceSession(pump, parse("mt-sics:/dev/ttyUSB1"), lambda: Cable(twin, "/dev/ttyUSB1"))
    yield Seen(session).watch(10)
    session.close()
    rig.close()


def test_a_cable_that_is_pulled_is_told_once_and_the_pump_goes_on(
    cabled: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Cable, "pulled", True)
    samples = sum(len(batch.samples) for batch in cabled.batches)
    cabled.watch(60)
    balance = cabled.session.balance
    assert balance is not None
    assert (balance.link, balance.trouble) == ("lost", "gone")
    assert "/dev/ttyUSB1 is gone" in balance.why
    assert sum(len(batch.samples) for batch in cabled.batches) > samples + 50
    monkeypatch.setattr(Cable, "pulled", False)
    cabled.watch(20)
    assert cabled.said() == ["trouble", "over"]
    assert cabled.session.balance is not None
    assert cabled.session.balance.link == "online"
    gap_us = np.diff(cabled.weighings["host_us"]).max()
    assert 60e6 < gap_us < 70e6


def test_a_balance_that_falls_silent_is_in_trouble_and_weighs_again(
    cabled: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Cable, "dead", True)
    cabled.watch(30)
    (event,) = cabled.events
    assert list(TROUBLES)[event.value] == "silent"
    assert event.boot == 1
    monkeypatch.setattr(Cable, "dead", False)
    assert cabled.watch(5).said() == ["trouble", "over"]


@pytest.mark.parametrize("what", ["pulled", "dead"])
def test_a_tare_that_nobody_answers_ends_as_one(cabled: Seen, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Cable, what, True)
    cabled.session.zero_balance()
    cabled.watch(30)
    assert "untared" in cabled.said()
    assert "tared" not in cabled.said()


def test_weighings_are_recorded_and_come_again(opened: Callable[..., Seen], tmp_path) -> None:
    seen = opened("sbi:sim?interval=2").watch(60)
    run = tmp_path / "a.run.duckdb"
    with RunWriter(run, seen.session.clock, seen.session.info) as writer:
        for batch in seen.batches:
            writer.add(batch)
        writer.finish("duration", None)
    with RunReader(run) as reader:
        assert np.array_equal(reader.weighings(), seen.weighings)
        assert reader.run.balance == "Virtual, 0, through sbi:sim?interval=2"
    replayed = ReplaySession("replay:a", run, seen.session.clock, speed=float("inf"), rest=lambda s: None)
    rows = []
    while replayed.playback.playing:
        rows.append(replayed.poll(1.0).weighings)
    assert np.array_equal(np.concatenate(rows), seen.weighings)
    middle_us = int(seen.weighings["host_us"][15])
    replayed.seek(middle_us)
    moment = replayed.poll(0.0).moment
    assert moment is not None
    assert moment.batch.weighings["host_us"].tolist() == [middle_us]
    replayed.close()


@pytest.mark.parametrize(
    ("target", "balance", "says"),
    [
        (TARGET, "mettler:/dev/ttyUSB1", "not the address of a balance"),
        (TARGET, "mt-sics:", "not the address of a balance"),
        (TARGET, "mt-sics:sim?baud=9600", "unknown or given twice"),
        (TARGET, "mt-sics:sim?interval=0", "interval"),
        (TARGET, "sbi:sim?cup=glass", "cup"),
        (TARGET, "sbi:COM5?baud=9", "baud"),
        (TARGET, "sbi:COM5?bits=9", "bits"),
        (TARGET, "sbi:COM5?parity=odd&parity=odd", "given twice"),
        ("/dev/ttyACM0", "mt-sics:sim", "virtual rig only"),
        ("replay:a.run.duckdb", "mt-sics:sim", "recording"),
    ],
)
def test_an_address_that_cannot_be_is_refused(target: str, balance: str, says: str) -> None:
    with pytest.raises(UsageError, match=says) as refused:
        open_session(target, balance=balance)
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("auto with mt-sics:/dev/ttyUSB1", ("auto", "mt-sics:/dev/ttyUSB1")),
        ("sim:?seed=7 with sbi:sim?cup=open", ("sim:?seed=7", "sbi:sim?cup=open")),
        ("replay:run with a mt-sics:balance.run.duckdb", ("replay:run with a mt-sics:balance.run.duckdb", "")),
        ("sim:?seed=7", ("sim:?seed=7", "")),
    ],
)
def test_a_target_may_name_its_balance(address: str, parts: tuple[str, str]) -> None:
    assert pump_and_balance(address) == parts


def test_how_sure_a_difference_is_comes_from_the_readings(opened: Callable[..., Seen]) -> None:
    """Of many differences over the same time, as many lie within the expanded uncertainty as should."""
    seen = opened("mt-sics:sim?interval=1").watch(1000)
    rows = seen.weighings
    figures = figures_of(rows)
    assert figures.digit_ug == 100
    assert 60 < figures.repeatability_ug < 150
    apart = 60
    off_ug = rows["mass_ug"][apart:] - rows["mass_ug"][:-apart]
    off_ug = off_ug - np.median(off_ug)
    sure_ug = 2 * math.hypot(*(part_ug for _, part_ug in parts_of_difference(figures, apart)))
    assert 0.95 <= np.mean(np.abs(off_ug) <= sure_ug) <= 1.0
    tared = dict(parts_of_difference(figures, apart, tares=2))
    assert tared["tare"] > 0
