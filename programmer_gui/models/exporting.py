"""What can be exported, what somebody chose of it, and the orders that this makes."""

from dataclasses import dataclass
from pathlib import Path

from rig.export import order
from rig.export.exporting import places
from rig.export.order import MCAP, PARQUET, Order

DATASET = "dataset"
EVERYTHING, VISIBLE, CURSORS, SELECTED = "everything", "visible", "cursors", "selected"


@dataclass(frozen=True)
class Stretch:
    """A stretch of time that can be chosen: its bounds in seconds of the run's axis, None for all of it."""

    name: str
    title: str
    bounds_s: tuple[float, float] | None = None
    why_not: str = ""  # it can't be
    extent_s: tuple[float, float] | None = None  # of all of it, where that is known


@dataclass(frozen=True)
class Offer:
    """What there is to be exported."""

    runs: tuple[Path, ...]
    stretches: tuple[Stretch, ...] = (Stretch(EVERYTHING, "Everything"),)
    local_offset_min: int = 0  # this computer's

    @property
    def several(self) -> bool:
        """Whether it is of more than one recording."""
        return len(self.runs) > 1


@dataclass(frozen=True)
class Wish:
    """What was chosen.  ``output`` is a folder for several runs and for a dataset."""

    output: Path
    format: str = PARQUET  # of FORMATS, or DATASET
    table: str = ""
    bounds_s: tuple[float, float] | None = None
    channels: tuple[str, ...] = ()
    interval_us: int = 0
    offset_min: int | None = None
    force: bool = False


@dataclass(frozen=True)
class Adding:
    """One run for a dataset."""

    run: Path
    folder: Path
    interval_us: int


Job = Order | Adding


def default_output(offer: Offer, format: str, table: str) -> Path:
    """Where it goes unless somebody says otherwise: beside the recordings."""
    folder = offer.runs[0].parent
    if format == DATASET:
        return folder / DATASET
    return folder if offer.several else folder / _name(offer.runs[0], format, table)


def is_folder(offer: Offer, format: str, table: str) -> bool:
    """Whether the output is a folder."""
    return offer.several or format == DATASET or not (format == MCAP or table)


def jobs(offer: Offer, wish: Wish) -> list[Job]:
    """What is to be done, a job a run."""
    if wish.format == DATASET:
        return [Adding(run, wish.output, wish.interval_us) for run in offer.runs]
    begin_s, end_s = wish.bounds_s or (None, None)
    table = "" if wish.format == MCAP else wish.table
    return [
        Order(
            run,
            wish.output / _name(run, wish.format, table) if offer.several else wish.output,
            wish.format,
            begin_s,
            end_s,
            wish.channels,
            wish.interval_us,
            wish.offset_min,
            table,
            wish.force,
        )
        for run in offer.runs
    ]


def in_the_way(offer: Offer, wish: Wish) -> bool:
    """Whether a file is there that would be written over; a dataset's own take each other's places."""
    ordered = [job for job in jobs(offer, wish) if isinstance(job, Order)]
    return any((folder / name).is_file() for folder, names in map(places, ordered) for name in names)


def _name(run: Path, format: str, table: str) -> str:
    return order.default_output(run, format, "" if format == MCAP else table).name
