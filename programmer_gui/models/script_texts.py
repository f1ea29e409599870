"""Scripts as they are being edited: what isn't saved yet, and which scripts from elsewhere are listed."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import msgspec
from PySide6.QtCore import QObject, Signal

from firmware_link.errors import PumpError
from rig import atomic, yamlfile

MOST = 100  # of either

_Path = Annotated[str, msgspec.Meta(max_length=4096)]
_Text = Annotated[str, msgspec.Meta(max_length=yamlfile.MAX_BYTES)]


class _Kept(msgspec.Struct, frozen=True):
    """The file in which both are kept."""

    opened: Annotated[tuple[_Path, ...], msgspec.Meta(max_length=MOST)] = ()
    unsaved: Annotated[dict[_Path, _Text], msgspec.Meta(max_length=MOST)] = {}


class ScriptTexts(QObject):
    """What a file says is ``saved``; what is made of it is kept in ``path``, so that neither closing nor a crash loses
    it."""

    edited_changed = Signal(object)  # frozenset[Path]

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        kept = _load(path)
        self.opened: tuple[Path, ...] = tuple(map(Path, kept.opened))  # from elsewhere than the own folder
        self._unsaved = {Path(name): text for name, text in kept.unsaved.items()}
        self._saved: dict[Path, str] = {}

    @property
    def edited(self) -> frozenset[Path]:
        """Scripts with changes that aren't saved."""
        return frozenset(self._unsaved)

    def text(self, path: Path) -> str:
        """As it stands: what isn't saved yet, else what the file says, "" where it can't be read."""
        if path in self._unsaved:
            return self._unsaved[path]
        try:
            self._saved[path] = yamlfile.read_text(path)
        except PumpError:
            self._saved[path] = ""
        return self._saved[path]

    def saved(self, path: Path) -> str:
        """What the file said when it was read or saved here."""
        return self._saved.get(path, "")

    def edit(self, path: Path, text: str) -> None:
        """``text`` is what it is to say."""
        if text == self._saved.get(path):
            self._unsaved.pop(path, None)
        else:
            self._unsaved[path] = text
        self.edited_changed.emit(self.edited)

    def save(self, path: Path, text: str) -> None:
        """The file at ``path`` says ``text`` now."""
        self._saved[path] = text
        self.drop(path)

    def drop(self, path: Path) -> None:
        """Nothing of what isn't saved is wanted."""
        self._unsaved.pop(path, None)
        self.edited_changed.emit(self.edited)
        self.keep()

    def open(self, path: Path) -> None:
        """A script from elsewhere is listed from now on."""
        self.opened = (path, *(one for one in self.opened if one != path))[:MOST]
        self.keep()

    def keep(self) -> None:
        """Writes it all down.  Raises UsageError where it can't."""
        kept = _Kept(tuple(map(str, self.opened)), {str(path): text for path, text in self.last(self._unsaved)})
        atomic.write_bytes(self._path, msgspec.json.encode(kept))

    @staticmethod
    def last(unsaved: dict[Path, str]) -> Iterable[tuple[Path, str]]:
        """The latest of them."""
        return list(unsaved.items())[-MOST:]


def _load(path: Path) -> _Kept:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Kept)
    except (OSError, msgspec.DecodeError):  # nothing yet, or of somebody else's making
        return _Kept()
