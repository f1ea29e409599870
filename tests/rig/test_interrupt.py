"""Ctrl-C ends a recording between two batches, never in the middle of a commit."""

import signal
from pathlib import Path

import pytest

from rig.interrupt import Interrupt
from rig.record import Order, record
from rig.recording.reader import RunReader


@pytest.mark.parametrize("wish", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_sigterm_wait_for_the_next_check(wish: signal.Signals) -> None:
    before = signal.getsignal(wish)
    with Interrupt() as interrupt:
        interrupt.check()
        signal.raise_signal(wish)
        with pytest.raises(KeyboardInterrupt):
            interrupt.check()
        interrupt.check()
    assert signal.getsignal(wish) is before


def test_a_second_ctrl_c_does_not_wait() -> None:
    with Interrupt():
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_ctrl_c_in_the_middle_of_a_commit_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rig.recording.database import Database

    calls = 0
    put_rows = Database.put_rows

    def pressed(database: Database, table: str, rows: object) -> None:
        nonlocal calls
        calls += 1
        if calls == 5:
            signal.raise_signal(signal.SIGINT)
        put_rows(database, table, rows)  # type: ignore[arg-type]

    monkeypatch.setattr(Database, "put_rows", pressed)
    path = tmp_path / "a.run.duckdb"
    recorded = record(Order("sim:?seed=7&speed=max", path), lambda *_: None)
    assert recorded.summary.ended == "interrupted"
    with RunReader(path) as reader:
        assert reader.summary() == recorded.summary
        assert recorded.summary.samples > 0
