"""Files that appear all at once, at the end, or not at all."""

import os
import shutil
import tempfile
from collections.abc import Collection
from pathlib import Path

from firmware_link.errors import UsageError

_REMEDY = "Choose another folder."


class Staging:
    """Makes files for ``folder`` in a hidden folder beside them; leaving it without ``publish`` removes them again.

    Raises UsageError where the folder can't be written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        where = folder if folder.is_dir() else folder.parent
        try:
            where.mkdir(parents=True, exist_ok=True)
            self._made = Path(tempfile.mkdtemp(prefix=".export-", dir=where))
        except OSError as error:
            raise UsageError(f"{where} can't be written: {error.strerror}.", _REMEDY) from error

    def path(self, name: str) -> Path:
        """Where to write what becomes ``name`` within the folder."""
        path = self._made / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def publish(self, names: Collection[str], force: bool) -> tuple[Path, ...]:
        """Puts the files ``names`` into their places.  Raises UsageError, and moves none, where one exists and
        ``force`` isn't given."""
        if not force:
            refuse_existing(self.folder, names)
        moved: list[Path] = []
        try:
            for name in names:
                _sync(self._made / name)
            for name in names:
                place = self.folder / name
                place.parent.mkdir(parents=True, exist_ok=True)
                is_new = not place.exists()
                os.replace(self._made / name, place)
                if is_new:
                    moved.append(place)
        except OSError as error:
            for place in moved:
                place.unlink(missing_ok=True)
            raise UsageError(f"{self.folder} can't be written: {error.strerror}.", _REMEDY) from error
        return tuple(self.folder / name for name in names)

    def __enter__(self) -> "Staging":
        return self

    def __exit__(self, *raised: object) -> None:
        shutil.rmtree(self._made, ignore_errors=True)


def refuse_existing(folder: Path, names: Collection[str]) -> None:
    """Raises UsageError where one of the files ``names`` is in ``folder``."""
    for name in names:
        if (folder / name).exists():
            raise UsageError(
                f"{folder / name} exists already.", "Choose another name, or let it be written over (--force)."
            )


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
