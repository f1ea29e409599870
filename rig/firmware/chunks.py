"""Regions of memory as files of 4 KiB each, for boards with a file system.

littlefs replaces a file as a whole when it is closed, so a cut of power leaves a chunk as it was or as it should be.
The chunk used last is kept in the heap: reading the event ring through opens 32 files, not 4,096.
"""

import os

CHUNK = 4096


class Chunks:
    """``load`` and ``store`` of a Board; ``folder`` is made where it is missing."""

    def __init__(self, folder):
        self._folder = folder
        self._name = None
        self._chunk = None
        try:
            os.mkdir(folder)
        except OSError:
            pass  # it is there

    def _open(self, region, number):
        """The chunk's bytes, as 0xFF where it was never written."""
        name = self._folder + "/" + region + "." + str(number)
        if name != self._name:
            chunk = bytearray(b"\xff" * CHUNK)
            try:
                with open(name, "rb") as file:
                    data = file.read(CHUNK)
                chunk[: len(data)] = data
            except OSError:
                pass  # never written
            self._name = name
            self._chunk = chunk
        return self._chunk

    def load(self, region, offset, size):
        """``size`` bytes."""
        out = b""
        while len(out) < size:
            at = (offset + len(out)) % CHUNK
            chunk = self._open(region, (offset + len(out)) // CHUNK)
            out += bytes(chunk[at : at + size - len(out)])
        return out

    def store(self, region, offset, data):
        """Writes them.  Raises OSError where the file system fails."""
        done = 0
        while done < len(data):
            at = (offset + done) % CHUNK
            part = data[done : done + CHUNK - at]
            chunk = self._open(region, (offset + done) // CHUNK)
            chunk[at : at + len(part)] = part
            name, self._name = self._name, None  # until it is written, what is in the heap doesn't count
            with open(name, "wb") as file:
                file.write(chunk)
            self._name = name
            done += len(part)
