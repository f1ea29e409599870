"""What a session and its pump say to each other, whatever carries it: opening, commands, samples, events, status."""

import random
from typing import Any

from firmware_link.clock import Clock
from firmware_link.connection import Connection, Failed, Happening, Heard, Samples, Welcomed
from firmware_link.decode import Message
from firmware_link.errors import PumpError, WrongPump
from firmware_link.exchange import Answer, Outgoing
from rig.gathering import Gathering, device_info
from rig.session import Command, DeviceInfo, Reply, Status
from rig.streams import EventStream, SampleStream

STATUS_EVERY_S = 1.0  #: the pump's own word is asked for, when nothing else is


def _status_every_s(device: DeviceInfo | None) -> float:
    """As often as rows come, but no more than usual."""
    return max(STATUS_EVERY_S, device.settings.get("sample_interval_ms", 0) / 1000) if device else STATUS_EVERY_S


class Dialogue:
    """One pump over any number of links, told into a Gathering.  What makes a link useless is raised, a PumpError.

    Where time ``jumps``, a pump that sends few rows is asked for its status as seldom: else that question would be what
    a day of virtual time costs.
    """

    def __init__(self, rng: random.Random, clock: Clock, utc_offset_min: int, jumps: bool = False) -> None:
        self.connection = Connection(rng)
        self.gathering = Gathering()
        self.device: DeviceInfo | None = None  #: since it was first online
        self.online = False
        self.round_trip_s = 0.0
        self._clock, self._utc_offset_min, self._jumps = clock, utc_offset_min, jumps
        self._samples, self._events = SampleStream(), EventStream()
        self._own: dict[int, str] = {}  # the session's own requests, by ticket
        self._opening: set[int] = set()  # those of them that come before it is online
        self._status_at = float("inf")
        self._acknowledged = self._acknowledged_sent = 0

    def open(self, where: str) -> None:
        """A link is there: greets the pump."""
        self.connection.open(self._clock.monotonic(), where)

    def lose(self) -> None:
        """The link is gone."""
        self.online = False
        self.connection.close()
        self._samples.interrupt()
        self._events.restart()
        self._own.clear()
        self._opening.clear()
        self._status_at = float("inf")

    def command(self, command: Command) -> int:
        """As ``Session.command``."""
        now = self._clock.monotonic()
        return self.connection.request(command.name, command.values, command.records, now)

    def acknowledge(self, last_event: int) -> None:
        """As ``Session.acknowledge``."""
        self._acknowledged = max(self._acknowledged, last_event)
        self._send_acknowledgement()

    def receive(self, data: bytes) -> None:
        """Bytes have come in."""
        self._take(self.connection.receive(data, self._clock.monotonic(), self._clock.utc_us()))

    def tick(self) -> None:
        """Does what is due."""
        now = self._clock.monotonic()
        if self._status_at <= now:
            self._status_at = now + self._every_s
            if self.connection.exchange.idle:
                self._ask("get_status", {})
        self._take(self.connection.tick(now))

    @property
    def _every_s(self) -> float:
        return _status_every_s(self.device) if self._jumps else STATUS_EVERY_S

    def due(self) -> float:
        """When ``tick`` is wanted."""
        return min(self.connection.due(), self._status_at)

    def outgoing(self) -> list[Outgoing]:
        """What to send now."""
        outgoing = self.connection.outgoing()
        for message, _ in outgoing:
            self.gathering.frame(message, True, self._clock.utc_us())
        return outgoing

    def _take(self, happenings: list[Happening]) -> None:
        failure: PumpError | None = None
        for happening in happenings:
            if failure and not isinstance(happening, Answer):  # somebody waits for each answer
                continue
            try:
                self._take_one(happening)
            except PumpError as error:
                failure = failure or error
        if failure:
            raise failure

    def _take_one(self, happening: Happening) -> None:
        match happening:
            case Heard(message):
                self._heard(message)
            case Samples(rows) if self.online:  # those before are part of the gap that the lost link made
                self.gathering.gaps += self._samples.receive(rows)
                self.gathering.samples.append(rows)
            case Welcomed(values):
                self._welcomed(values)
            case Answer():
                self._answered(happening)
            case Failed(error):
                raise error

    def _heard(self, message: Message) -> None:
        host_us = self._clock.utc_us()
        self.gathering.frame(message, False, host_us)
        if message.name == "events":
            events, gaps = self._events.receive(message, host_us)
            self.gathering.events += events
            self.gathering.gaps += gaps
        elif message.name == "status":
            self.gathering.status = Status(message.values, host_us)
            self._events.status(message.values)
        elif message.name == "trace":
            self._events.follows(message)
            self.gathering.traces.append(message.values["text"].rstrip(b"\0").decode("utf-8", "replace"))
        if self._events.wanted is not None:
            self._ask("get_events", {"first": self._events.wanted})
            self._events.asked()

    def _welcomed(self, values: dict[str, Any]) -> None:
        device_id = f"{values['device_id']:016x}"
        if self.device and self.device.device_id != device_id:
            what = f"The pump that answers is {device_id}, not {self.device.device_id} of this session."
            raise WrongPump(what, "Connect the pump that this session belongs to, or begin a new session.")
        if self._samples.is_before((values["boot_count"], values["t_us"])):
            what = f"The pump {device_id} that answers is younger than it was: it has lost its memory, or was replaced."
            raise WrongPump(what, "Begin a new session, so that two lives aren't taken for one.")
        clock = {"utc_s": self._clock.utc_us() // 1_000_000, "utc_offset_min": self._utc_offset_min}
        opening: list[tuple[str, dict[str, int]]] = [("set_clock", clock), ("get_config", {}), ("get_status", {})]
        tickets = self.connection.accept(opening, self._clock.monotonic())
        self._own.update(zip(tickets, (name for name, _ in opening), strict=True))
        self._opening = set(tickets)

    def _answered(self, answer: Answer) -> None:
        request, message, error, round_trip_s = answer
        self.round_trip_s = round_trip_s or self.round_trip_s
        own = self._own.pop(request.ticket, None)
        if own:
            self._answered_own(request.ticket, own, message, error)
        else:
            values, records = (message.values, message.records) if message else ({}, ())
            self.gathering.replies.append(Reply(request.ticket, request.name, values, records, error))
            if request.name in ("set_config", "refill") and not error:
                self._ask("get_config", {})

    def _answered_own(self, ticket: int, name: str, message: Message | None, error: PumpError | None) -> None:
        welcome = self.connection.welcome
        if name == "get_config" and message and welcome and not error:
            self.device = device_info(welcome, message.records)
            if self.online:  # the rows may come more often now
                self._status_at = min(self._status_at, self._clock.monotonic() + self._every_s)
        elif name == "get_config" and error:
            raise error
        elif name == "get_events":
            self._events.answered()
        elif name == "ack_events":
            self._send_acknowledgement()
        if ticket in self._opening:
            self._opening.remove(ticket)
            if not self._opening:
                self.online = True
                self._status_at = self._clock.monotonic() + self._every_s
                self._acknowledged_sent = 0
                self._send_acknowledgement()

    def _ask(self, name: str, values: dict[str, int]) -> None:
        """A request of the session's own; the next link makes its own again."""
        self._own[self.connection.request(name, values, (), self._clock.monotonic(), lasting=False)] = name

    def _send_acknowledgement(self) -> None:
        under_way = "ack_events" in self._own.values()
        if self.online and self._acknowledged > self._acknowledged_sent and not under_way:
            self._acknowledged_sent = self._acknowledged
            self._ask("ack_events", {"last": self._acknowledged})
