"""The session that a case is carried out on: of a virtual rig a fresh one each, of a real pump one for all."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from firmware_link.errors import UsageError
from rig.qa.script import Script
from rig.recording.reader import RunReader
from rig.session import Session
from rig.targets import ReplayTarget, is_virtual, open_session, parse_replay, parse_virtual


def as_fast_as_it_goes(address: str) -> str:
    """``address``, of a virtual rig with the highest speed where none is given; raises UsageError for one that is
    wrong."""
    if not is_virtual(address):
        return address
    parse_virtual(address)
    if "speed=" in address.partition("?")[2]:
        return address
    return f"{address}{'&' if '?' in address else '?'}speed=max"


class Sessions:
    """What the cases of one call share.  ``balance`` is the address of a laboratory balance, "" for none.

    ``recording`` is set where the cases are to be judged by a recording.
    """

    def __init__(self, address: str, balance: str = "") -> None:
        self.address, self.balance = as_fast_as_it_goes(address), balance
        self.virtual = is_virtual(address)
        self.recording: ReplayTarget | None = parse_replay(address)
        if self.recording is not None and balance:
            raise UsageError("A recording is judged by what was weighed then.", "Leave --balance out.")
        self.shared = not self.virtual and self.recording is None  # one pump, for all cases
        self._session: Session | None = None

    @contextmanager
    def borrowed(self) -> Iterator[Session]:
        """For one case: a fresh rig repeats exactly, a pump's port is opened once."""
        if not self.virtual:
            self._session = self._session or open_session(self.address, balance=self.balance)
            yield self._session
            return
        session = open_session(self.address, balance=self.balance)
        try:
            yield session
        finally:
            session.close()

    def made(self, scripts: Sequence[Script]) -> tuple[Script, ...]:
        """Those of ``scripts`` that are to be carried out: all, or, where a recording is to be judged, those that made
        it; all too where none did, so that this is said.  Raises RunFileError for what is no recording."""
        if self.recording is None:
            return tuple(scripts)
        with RunReader(self.recording.file) as reader:
            digests = {case.digest for case in reader.cases()}
        return tuple(script for script in scripts if script.digest in digests) or tuple(scripts)

    def close(self) -> None:
        """Lets go of the pump; the next case connects anew."""
        if self._session is not None:
            self._session.close()
            self._session = None
