"""Several commands that depend on each other, driven a batch at a time, one procedure after the other."""

from collections import deque
from collections.abc import Callable

from firmware_link.errors import PumpError
from programmer_gui.messages import CommandEnded, Message, Procedure, ProcedureEnded, Progress
from rig.session import Batch, Command, Steps


class SingleCommands:
    """Those of nobody's procedure, whose replies are told."""

    def __init__(self, put: Callable[[Message], None]) -> None:
        self._put = put
        self._sent: set[int] = set()

    def sent(self, ticket: int) -> None:
        """One is on its way."""
        self._sent.add(ticket)

    def receive(self, batch: Batch) -> None:
        """Tells the replies in ``batch``."""
        for reply in batch.replies:
            if reply.ticket in self._sent:
                self._sent.discard(reply.ticket)
                self._put(CommandEnded(reply))

    def forget(self) -> None:
        """The session is gone."""
        self._sent.clear()


class ProcedureRunner:
    """STOP can go between any two commands, and ends them all."""

    def __init__(self, put: Callable[[Message], None]) -> None:
        self._put = put
        self._waiting: deque[tuple[str, Procedure]] = deque()
        self._name = ""
        self._steps: Steps[object] | None = None
        self._count = 0

    def start(self, name: str, procedure: Procedure, send: Callable[[Command], int]) -> None:
        """Begins it, or lets it wait for those before it."""
        self._waiting.append((name, procedure))
        self._go_on(send)

    def receive(self, batch: Batch, send: Callable[[Command], int]) -> None:
        """Goes on with the reply in ``batch``, where there is one."""
        steps = self._steps
        if steps is None:
            return
        self._guarded(lambda: steps.receive(batch))
        self._go_on(send)

    def cancel(self, why: PumpError) -> None:
        """Ends the one under way and those that wait, with this error."""
        names = ([self._name] if self._steps else []) + [name for name, _ in self._waiting]
        self._steps = None
        self._waiting.clear()
        for name in names:
            self._put(ProcedureEnded(name, error=why))

    def _go_on(self, send: Callable[[Command], int]) -> None:
        while self._steps is not None or self._waiting:
            if self._steps is None:
                self._begin(*self._waiting.popleft())
            steps = self._steps
            if steps is None:
                continue
            if steps.done:
                self._steps = None
                self._put(ProcedureEnded(self._name, steps.result))
            elif steps.command is not None:
                command = steps.command
                self._guarded(lambda: steps.sent(send(command)))  # noqa: B023 - called at once
                self._count += 1
                self._put(Progress(self._name, command.name, self._count))
            else:
                return  # a reply is awaited

    def _begin(self, name: str, procedure: Procedure) -> None:
        self._name, self._count = name, 0
        self._guarded(lambda: setattr(self, "_steps", Steps(procedure)))

    def _guarded(self, turn: Callable[[], None]) -> None:
        try:
            turn()
        except PumpError as error:
            self._steps = None
            self._put(ProcedureEnded(self._name, error=error))
        except BaseException:
            self._steps = None
            raise
