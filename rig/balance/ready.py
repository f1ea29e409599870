"""Waiting for a laboratory balance, for those who need one."""

from collections.abc import Callable

from firmware_link.clock import Clock, SystemClock
from firmware_link.errors import PortError
from rig.session import Batch, Session

PATIENCE_S = 10.0
_POLL_S = 0.25


class NoBalance(PortError):
    """The laboratory balance doesn't answer."""


def await_balance(session: Session, take: Callable[[Batch], None], clock: Clock | None = None) -> None:
    """Polls ``session`` until its balance has shown something, giving all batches to ``take``; at once where it has
    none.  Raises NoBalance where that takes longer than PATIENCE_S of ``clock``."""
    clock = clock or SystemClock()
    give_up_s = clock.monotonic() + PATIENCE_S
    while (balance := session.balance) is not None and balance.mass_ug is None:
        if clock.monotonic() > give_up_s:
            raise NoBalance(balance.why or f"The laboratory balance at {balance.address} doesn't answer.")
        take(session.poll(_POLL_S))
