"""A rig that finds itself impossible: whoever uses it is told so in a sentence, once, and it doesn't go on."""

import random
from pathlib import Path

import pytest

from firmware_link.errors import UsageError
from rig.live import LiveSession
from rig.programs.checked import checked
from rig.record import Order, record_session
from rig.resources import resource
from rig.session import Command, LinkState
from rig.virtual.faults import Fault
from rig.virtual.pace import MAX_SPEED
from rig.virtual.rig import VirtualRig
from rig.virtual.sanity import RigFault

FAST_BASE = resource("programs/continuous-20ml.yaml")


class Haunted(VirtualRig):
    """Somebody takes a microlitre out of its cup behind its back."""

    def haunt(self) -> None:
        path = self.plant._path
        path._settled = path._settled._replace(delivered_nl=path._settled.delivered_nl - 1000)
        self.inject(Fault("leak", self.clock.monotonic() + 5))  # which makes it settle its accounts


@pytest.fixture
def rig() -> Haunted:
    return Haunted(7, MAX_SPEED)


def session_of(rig: Haunted) -> LiveSession:
    return LiveSession("sim:", rig.connect, rig.clock, random.Random(5), surroundings=rig)


def test_a_session_is_closed_with_the_sentence_and_stays_so(rig: Haunted) -> None:
    session = session_of(rig)
    links = [link for _ in range(20) for link in session.poll(0.2).links]
    assert links[-1].state is LinkState.ONLINE
    rig.haunt()
    (link,) = [link for _ in range(100) for link in session.poll(0.2).links]
    assert link.state is LinkState.CLOSED
    assert isinstance(link.error, RigFault)
    assert "are missing" in link.error.sentence()
    assert "Report this" in link.error.sentence()
    with pytest.raises(UsageError):
        session.command(Command("get_status"))


def test_a_recording_ends_with_the_sentence_and_its_file_is_whole(rig: Haunted, tmp_path: Path) -> None:
    session, what = session_of(rig), Order("sim:", tmp_path / "a.run.duckdb", FAST_BASE, 600_000_000)

    def haunt(done: int, total: int | None, said: str) -> None:
        if rig.clock.monotonic() > 30 and not rig.faults():
            rig.haunt()

    recorded = record_session(session, checked(FAST_BASE, ""), what, haunt)
    assert isinstance(recorded.error, RigFault)
    assert recorded.summary.ended == "RigFault"
