"""The system's trash, for recordings: with what lies beside them, and back again."""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from firmware_link.errors import UsageError
from rig.places import WAL_SUFFIX


@dataclass(frozen=True)
class Trashed:
    """A recording in the trash: where each of its files was, and is; None where the system doesn't say."""

    path: Path
    files: tuple[tuple[Path, Path | None], ...]

    @property
    def returns(self) -> bool:
        """Whether it can be brought back from here."""
        return all(now is not None for _, now in self.files)


def to_system_trash(path: Path) -> tuple[bool, Path | None]:
    """Moves a file to the trash: whether it could be, and where it is now, if the system says so."""
    from PySide6.QtCore import QFile

    file = QFile(str(path))
    moved = file.moveToTrash()
    return moved, Path(file.fileName()) if moved and file.fileName() not in ("", str(path)) else None


class Trash:
    """Takes whole recordings: the file and its write-ahead log, or neither."""

    def __init__(self, move: Callable[[Path], tuple[bool, Path | None]] = to_system_trash) -> None:
        self._move = move

    def throw(self, path: Path) -> Trashed:
        """Raises UsageError where the system refuses; then everything is where it was."""
        beside = path.with_name(path.name + WAL_SUFFIX)
        done = Trashed(path, ())
        for file in (path, *([beside] if beside.exists() else [])):
            moved, now = self._move(file)
            if not moved:
                with suppress(UsageError):
                    self.take_back(done)
                raise UsageError(
                    f"{path.name} can't be moved to the trash.",
                    "It is in use, its folder is read-only, or its disk has no trash: delete it in the file manager.",
                )
            done = Trashed(path, (*done.files, (file, now)))
        return done

    def take_back(self, thrown: Trashed) -> Path:
        """Where it is again.  Raises UsageError where it isn't in the trash any more, or its place is taken."""
        for before, now in thrown.files:
            if now is None or not now.exists():
                raise UsageError(
                    f"{thrown.path.name} isn't in the trash any more.", "Look for it in the system's trash."
                )
            if before.exists():
                raise UsageError(
                    f"There is a new {before.name} in its place.", "Move that one elsewhere, then try again."
                )
        for before, now in thrown.files:
            assert now is not None
            try:
                before.parent.mkdir(parents=True, exist_ok=True)
                shutil.move(now, before)
            except OSError as error:
                what = f"{before.name} can't be brought back: {error.strerror}."
                raise UsageError(what, "Restore it from the system's trash.") from error
            _forget(now)
        return thrown.path


def _forget(now: Path) -> None:
    """Where the desktop's trash keeps a note beside each file, takes it away too."""
    with suppress(OSError):
        os.unlink(now.parent.parent / "info" / f"{now.name}.trashinfo")
