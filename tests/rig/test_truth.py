"""The truth of a virtual rig on its way to whoever watches."""

import random

import numpy as np

from rig.session import LinkState
from rig.truth import TRUTH_DTYPE, TRUTHS, Strike, Truth, TruthLog
from tests.rig.live_bench import Bench

UTC_US = 1_700_000_000_000_000


def truth(t_us: int, device_us: int | None = None, delivered_nl: float = 0.0) -> Truth:
    """What is so ``t_us`` after the rig was made; nothing else happens there."""
    nothing = Truth._make((0,) * len(Truth._fields))
    return nothing._replace(t_us=t_us, device_us=t_us if device_us is None else device_us, delivered_nl=delivered_nl)


def log_of(*boots: tuple[Truth, ...]) -> TruthLog:
    log = TruthLog(UTC_US)
    for noted in boots:
        log.booted()
        for row in noted:
            log.note(row)
    return log


def test_a_row_says_when_it_was_by_the_pump_and_in_truth() -> None:
    (row,) = log_of((truth(5_000_000, 4_000_000, 17.5),)).take_truth()
    assert (row["boot"], row["t_us"], row["true_us"]) == (1, 4_000_000, UTC_US + 5_000_000)
    assert row["delivered_nl"] == 17.5


def test_every_field_lands_in_its_column() -> None:
    values = Truth._make(random.Random(3).sample(range(1, 100), len(Truth._fields)))._replace(turning=True)
    (row,) = log_of((values,)).take_truth()
    for name in Truth._fields:
        if name in (TRUTH_DTYPE.names or ()) and name != "t_us":
            assert row[name] == getattr(values, name), name
    assert {channel.field for channel in TRUTHS} <= set(TRUTH_DTYPE.names or ())


def test_each_moment_is_kept_once_and_given_once() -> None:
    log = log_of((truth(0), truth(0, delivered_nl=1), truth(7)), (truth(9, 0), truth(9, 0)))
    assert log.take_truth()[["boot", "t_us"]].tolist() == [(1, 0), (1, 7), (2, 0)]
    assert len(log.take_truth()) == 0


def test_what_nobody_takes_is_forgotten_from_its_beginning() -> None:
    log = log_of(tuple(truth(t_us) for t_us in range(TruthLog.ROWS_MAX + 10)))
    assert log.take_truth()["t_us"][[0, -1]].tolist() == [10, TruthLog.ROWS_MAX + 9]


def test_strikes_come_in_their_order_once() -> None:
    log = TruthLog(UTC_US)
    log.strike(10, "leak", True, 50.0)
    log.strike(20, "leak", False)
    assert log.take_strikes() == (Strike(UTC_US + 10, "leak", True, 50.0), Strike(UTC_US + 20, "leak", False, None))
    assert log.take_strikes() == ()


def test_a_session_brings_the_truth_in_the_pumps_count_of_boots() -> None:
    """The rig has seen its first boots; the pump says that it has many behind it."""
    bench = Bench()
    bench.pump.boot_count = 41
    bench.until(LinkState.ONLINE)
    bench.truth = log_of((truth(0),), (truth(9, 0), truth(9, 1))).take_truth()
    bench.strikes = (Strike(UTC_US, "stall", True, None),)
    bench.run(0.5)
    (taken,) = [batch.truth for batch in bench.batches if len(batch.truth)]
    assert taken[["boot", "t_us"]].tolist() == [(40, 0), (41, 0), (41, 1)]
    assert bench.all("strikes") == [Strike(UTC_US, "stall", True, None)]


def test_what_happens_while_the_pump_is_away_follows_the_count_that_was_known() -> None:
    bench = Bench()
    bench.pump.boot_count = 41
    bench.until(LinkState.ONLINE)
    bench.truth = log_of((truth(0),)).take_truth()
    bench.run(0.5)
    bench.cables[-1].pulled = True
    bench.truth = log_of((truth(0),), (truth(9, 0),)).take_truth()
    bench.until(LinkState.LOST)
    assert np.concatenate([batch.truth for batch in bench.batches])["boot"].tolist() == [41, 41, 42]


def test_a_real_pump_brings_none() -> None:
    bench = Bench(surroundings=None)
    bench.until(LinkState.ONLINE)
    bench.pump.telemetry(3)
    bench.run(0.1)
    assert bench.indices() == [0, 1, 2]
    assert sum(len(batch.truth) for batch in bench.batches) == 0
    assert bench.all("strikes") == []
