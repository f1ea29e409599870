"""Looks into run files in a process of its own, at a low priority: a file that is damaged so that it ends its reader,
or that keeps it busy, neither ends nor delays the program that asks.

``python -m rig.recording.looker`` reads one path a line, as JSON, and writes one card a line.
"""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import msgspec

from rig.recording.catalog import UNREADABLE, Card

_NICE = 10
_CARD = msgspec.json.Decoder(Card)
_WITHOUT_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # on Windows


class Looker:
    """``look`` and ``close`` belong to one thread, ``interrupt`` may come from another."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def look(self, path: Path) -> Card:
        """The card of the run file ``path``; one that ended its reader says so."""
        process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(OSError, msgspec.DecodeError):
            process.stdin.write(msgspec.json.encode(str(path)) + b"\n")
            process.stdin.flush()
            return _CARD.decode(process.stdout.readline())
        self.close()
        what = f"{path.name[:100]} can't be read: looking into it ended the program that did."
        return Card(UNREADABLE, what, "Copy it again from its source.")

    def interrupt(self) -> None:
        """Makes a ``look`` that is under way return."""
        process = self._process
        if process is not None:
            process.kill()

    def _start(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "rig.recording.looker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=_WITHOUT_WINDOW,
        )
        return self._process

    def close(self) -> None:
        """Ends the process; another ``look`` would start a new one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()


def main() -> None:
    """Until there is nothing more to read."""
    from rig.recording.card import card_of

    if hasattr(os, "nice"):
        os.nice(_NICE)
    for line in sys.stdin.buffer:
        card = card_of(Path(msgspec.json.decode(line, type=str)))
        sys.stdout.buffer.write(msgspec.json.encode(card) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
