"""A case under way: its commands and marks, and what all of its steps share."""

from collections.abc import Callable, Generator
from dataclasses import replace
from functools import partial

from firmware_link.client import ONCE
from firmware_link.errors import RequestTimeout
from rig.qa.judging.judging import JudgeContext
from rig.qa.running.intake import Going, Intake, Pump, Result
from rig.qa.told import Mark, Send, Stretch
from rig.session import Command, Reply, Status


class Case(Intake):
    """What all steps share."""

    def __init__(self, pump: Pump) -> None:
        super().__init__(pump)
        self.now = Mark(pump.clock.utc_us(), self.boot, 0)  # the latest true moment
        self.context = JudgeContext(self.now, Stretch(self.now, self.now), None, self.planned.between_nl)
        self.watched = 0  # events before this one are nothing that a wait is for
        self.cleaning = False
        self.changed: dict[str, int] = {}  # settings as they were found
        self.made: dict[str, None] = {}  # faults without an end, in order

    # -- commands ----------------------------------------------------------------------------------------------------

    def execute(self, procedure: Generator[Command, Reply, Result]) -> Going[Result]:
        """Carries out a procedure, waiting for a lost pump; raises what the procedure raises."""
        turn: Callable[[], Command] = partial(next, procedure)
        while True:
            try:
                command = turn()
            except StopIteration as stop:
                result: Result = stop.value
                return result
            reply = yield from self._replied(command)
            turn = partial(procedure.send, reply)
            if reply.error is not None:
                turn = partial(procedure.throw, reply.error)

    def _replied(self, command: Command) -> Going[Reply]:
        """Sends it and gives what came of it: again, where nothing did since the link was lost, and twice is once."""
        while True:
            yield from self.until_online()
            ticket, losses = (yield Send(command)), self.losses
            while ticket not in self.replies:
                if self.online:
                    yield from self.turn()
                else:
                    yield from self.until_online()
            reply = self.replies.pop(ticket)
            in_vain = isinstance(reply.error, RequestTimeout) and self.losses > losses
            if not in_vain or command.name in ONCE:
                return reply

    def command(self, name: str, **values: int) -> Going[Reply]:
        """One command; raises its refusal."""
        return (yield from self.execute(_one(Command(name, values))))

    # -- marks -------------------------------------------------------------------------------------------------------

    def mark(self) -> Going[Mark]:
        """This moment, by the pump's own status; by the clock while the link is lost."""
        status = yield from self._asked()
        now_us = self.pump.clock.utc_us()
        latest = self.material.status
        if status is not None:
            t_us = status.fields["t_us"]
        elif latest is not None:
            t_us = latest.fields["t_us"] + now_us - latest.host_us
        else:
            t_us = self.now.t_us + now_us - self.now.host_us
        self.now = Mark(now_us, self.boot, t_us, **self.material.counts())
        if status is not None:
            self.material.statuses.append((self.now, status))
        return self.now

    def _asked(self) -> Going[Status | None]:
        """The pump's status; None where the link is lost, or is lost meanwhile."""
        if not self.online or self.closed:
            return None
        ticket, losses = (yield Send(Command("get_status"))), self.losses
        while ticket not in self.replies:
            yield from self.turn()
            if self.losses > losses:
                return None
        return self.material.status if self.replies.pop(ticket).error is None else None

    def marked(self, mark: Mark) -> None:
        """A recorded moment is now."""
        self.now = mark
        if self.online and self.material.status is not None:
            self.material.statuses.append((mark, self.material.status))

    # -- what others judge by ----------------------------------------------------------------------------------------

    def stepping(self, begin: Mark) -> None:
        """A step begins."""
        self.context = replace(self.context, step=begin)

    def ending(self, end: Mark) -> None:
        """A golden run is laid beside what came up to ``end``."""
        golden = self.pump.golden
        if golden is not None:
            self.context = replace(self.context, golden=lambda body: golden(body, end))

    def stretch(self, begin: Mark) -> Stretch:
        """From there until now, whatever has come since the latest mark included."""
        passed_us = self.pump.clock.utc_us() - self.now.host_us
        now = replace(self.now, host_us=self.now.host_us + passed_us, t_us=self.now.t_us + passed_us)
        return Stretch(begin, replace(now, boot=self.boot, **self.material.counts()))


def _one(command: Command) -> Generator[Command, Reply, Reply]:
    return (yield command)
