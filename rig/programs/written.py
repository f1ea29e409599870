"""The programs that this computer has written to pumps, by digest, so that a pump's program can be shown as written."""

from contextlib import suppress
from pathlib import Path

from firmware_link.errors import PumpError, UsageError
from rig import atomic
from rig.therapy import program_file
from rig.therapy.program import Program


class WrittenPrograms:
    """Files in ``folder``, each the text of a program file.  What can't be read or kept is as if it weren't known."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, digest: int, text: str) -> None:
        """``text`` was proven to be in force on a pump under ``digest``."""
        with suppress(UsageError):
            atomic.write_text(self._path(digest), text)

    def text(self, digest: int) -> str:
        """What was written under ``digest``; "" where this computer doesn't know."""
        with suppress(OSError, UnicodeDecodeError):
            return self._path(digest).read_text(encoding="utf-8")
        return ""

    def program(self, digest: int) -> Program | None:
        """The same as a program, None where it isn't known or can't be read any more."""
        text = self.text(digest)
        with suppress(PumpError):
            return program_file.loads(text) if text else None
        return None

    def _path(self, digest: int) -> Path:
        return self._folder / f"{digest:016x}.yaml"
