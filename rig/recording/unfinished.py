"""Recordings that a crash or a power cut left without an end."""

from collections.abc import Collection, Iterator
from pathlib import Path

from firmware_link.errors import PumpError
from rig.places import RUN_SUFFIX, WAL_SUFFIX
from rig.recording.reader import RunReader
from rig.recording.summary import Summary


def unfinished(folder: Path, known: Collection[str] = ()) -> Iterator[tuple[Path, Summary]]:
    """The run files in ``folder`` that were cut short, except those named in ``known``, with what they hold.

    Left out are those that can't be read, above all while another program records into them.
    """
    for beside in sorted(folder.glob(f"*{RUN_SUFFIX}{WAL_SUFFIX}")):
        path = beside.with_name(beside.name.removesuffix(WAL_SUFFIX))
        if path.name in known:
            continue
        try:
            with RunReader(path) as reader:
                found = reader.summary() if reader.cut_short else None
        except PumpError:
            continue
        if found is not None:
            yield path, found
