"""Where the refills of the connected pump are kept: a real one's in its file, a virtual one's while it lives."""

from pathlib import Path

from rig import ledger
from rig.ledger import Ledger, Refill
from rig.session import SessionInfo


class Ledgers:
    """``folder`` has a file a pump.  A virtual pump is another one each time, though its id is the same."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._virtual: Ledger | None = None

    def forget(self) -> None:
        """Another session begins."""
        self._virtual = None

    def of(self, info: SessionInfo | None) -> Ledger:
        """Of the pump of this session, an empty one where none is known; raises yamlfile.FileFault."""
        if info is None or info.device is None:
            return Ledger("")
        device_id = info.device.device_id
        if info.virtual:
            return self._virtual or Ledger(device_id)
        return ledger.load(self._folder, device_id)

    def add(self, info: SessionInfo, refill: Refill) -> None:
        """Keeps one more.  Raises UsageError where it can't: what is there already stays as it is."""
        kept = self.of(info).with_refill(refill)
        if info.virtual:
            self._virtual = kept
        else:
            ledger.save(self._folder, kept)
