"""The steps of a day or a week as blocks to draw, and what moving, adding or copying them does to the document.  Pure.

Times are minutes after midnight.  A block that goes on after midnight ends beyond ``DAY``.
"""

from dataclasses import dataclass
from typing import Any

from programmer_gui.models.derived import parsed
from programmer_gui.models.document import Document, get
from rig.therapy import units
from rig.therapy.modes import DAY_MS, MAX_STEPS, WEEKDAYS

DAY = 1440
Edits = list[tuple[str, Any]]


@dataclass(frozen=True)
class Block:
    """One step on one day.  ``rate_ng_day`` is None where neither rate nor dose can be read."""

    path: str  # "steps[2]", "days[0].steps[1]"
    lane: int  # the weekday; 0 where all days are alike
    start: int
    end: int
    rate_ng_day: int | None

    @property
    def length(self) -> int:
        """In minutes, 1 to a day."""
        return self.end - self.start


def lanes(document: Document) -> int:
    """How many days are drawn: 1, 7, or 0 for a mode without steps."""
    return {"flex day": 1, "flex week": len(WEEKDAYS)}.get(str(document.get("mode")), 0)


def patterns(document: Document) -> list[Document]:
    """The patterns of a week, as far as they are any."""
    days = document.get("days")
    return [day for day in days if isinstance(day, dict)] if isinstance(days, list) else []


def pattern_of(document: Document, lane: int) -> int | None:
    """Which of the patterns the weekday ``lane`` has; None for none."""
    for index, pattern in enumerate(patterns(document)):
        if WEEKDAYS[lane] in weekdays_of(pattern):
            return index
    return None


def weekdays_of(pattern: Document) -> list[str]:
    """The days that it is for."""
    names = pattern.get("weekdays")
    return [name for name in names if name in WEEKDAYS] if isinstance(names, list) else []


def steps_path(document: Document, lane: int) -> str:
    """Where the steps of ``lane`` are; "" for a weekday without a pattern."""
    if lanes(document) == 1:
        return "steps"
    index = pattern_of(document, lane)
    return "" if index is None else f"days[{index}].steps"


def steps_of(document: Document, lane: int) -> list[Document]:
    """The steps of ``lane`` as they are written."""
    path = steps_path(document, lane)
    steps = get(document, path) if path else None
    return [step for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []


def blocks(document: Document) -> list[Block]:
    """All steps that have times, on each day that they are for."""
    found = []
    for lane in range(lanes(document)):
        path = steps_path(document, lane)
        for index, step in enumerate(steps_of(document, lane)):
            block = _block(f"{path}[{index}]", lane, step)
            if block is not None:
                found.append(block)
    return found


def _block(path: str, lane: int, step: Document) -> Block | None:
    start, end = parsed(step.get("start"), units.TIME), parsed(step.get("end"), units.END)
    if start is None or end is None:
        return None
    start, end = start // 60_000, end // 60_000
    length = (end - start - 1) % DAY + 1
    return Block(path, lane, start, start + length, rate_of(step, length))


def rate_of(step: Document, length: int) -> int | None:
    """The rate of a step that takes ``length`` minutes, in ng/day."""
    if "rate" in step:
        return parsed(step["rate"], units.DOSE_RATE)
    dose = parsed(step.get("dose"), units.DOSE)
    return None if dose is None else round(dose * DAY / length)


def dose_of(step: Document, length: int) -> int | None:
    """The dose over the whole step, in ng."""
    if "dose" in step:
        return parsed(step["dose"], units.DOSE)
    rate = parsed(step.get("rate"), units.DOSE_RATE)
    return None if rate is None else round(rate * length / DAY)


def overlaps(found: list[Block]) -> list[tuple[int, int, int]]:
    """(lane, start, end) of every time that two blocks share, none beyond its day."""
    count = max((block.lane for block in found), default=0) + 1
    pieces = [(lane, start, end, at) for at, block in enumerate(found) for lane, start, end in pieces_of(block, count)]
    shared = []
    for one in range(len(pieces)):
        for other in range(one + 1, len(pieces)):
            a, b = pieces[one], pieces[other]
            start, end = max(a[1], b[1]), min(a[2], b[2])
            if a[0] == b[0] and a[3] != b[3] and start < end:
                shared.append((a[0], start, end))
    return shared


def pieces_of(block: Block, count: int) -> list[tuple[int, int, int]]:
    """(lane, start, end) of the block within the days that it touches; ``count`` days follow each other in a circle."""
    first = (block.lane, block.start, min(block.end, DAY))
    if block.end <= DAY:
        return [first]
    return [first, ((block.lane + 1) % count, 0, block.end - DAY)]


# -- edits -------------------------------------------------------------------------------------------------------


def clock(minute: int, end: bool = False) -> str:
    """A time of day as a file says it; an ``end`` at midnight is 24:00."""
    minute = (minute - 1) % DAY + 1 if end else minute % DAY
    return f"{minute // 60:02}:{minute % 60:02}"


def placed(path: str, start: int, end: int) -> Edits:
    """The step at ``path`` from ``start`` to ``end``."""
    return [(f"{path}.start", clock(start)), (f"{path}.end", clock(end, end=True))]


def with_rate(document: Document, block: Block, rate_ng_day: int) -> Edits:
    """The step of ``block`` at another rate, said as it was said before."""
    if get(document, f"{block.path}.dose") is not None:
        return [(f"{block.path}.dose", units.write(round(rate_ng_day * block.length / DAY), units.DOSE))]
    return [(f"{block.path}.rate", units.write(rate_ng_day, units.DOSE_RATE))]


def typed(path: str, key: str, text: str) -> Edits:
    """What is typed at ``key`` of the step at ``path``: a dose takes the place of a rate, and the other way round."""
    other = {"dose": "rate", "rate": "dose"}.get(key)
    return [*([(f"{path}.{other}", None)] if other else []), (f"{path}.{key}", text)]


def is_full(document: Document, lane: int) -> bool:
    """Whether the day has as many steps as it may."""
    return len(steps_of(document, lane)) >= MAX_STEPS


def added(document: Document, lane: int, start: int, end: int, rate: str) -> tuple[Edits, str]:
    """(edits that add a step in the order of the day, its path)."""
    step = {"start": clock(start), "end": clock(end, end=True), "rate": rate}
    path = steps_path(document, lane)
    if not path:
        count = len(patterns(document))
        return [(f"days[{count}]", {"weekdays": [WEEKDAYS[lane]], "steps": [step]})], f"days[{count}].steps[0]"
    steps = steps_of(document, lane)
    at = sum((parsed(one.get("start"), units.TIME) or 0) <= start * 60_000 for one in steps)
    return [(path, [*steps[:at], step, *steps[at:]])], f"{path}[{at}]"


def removed(document: Document, path: str) -> Edits:
    """Without the step at ``path``; a weekly pattern goes with its last."""
    holder = path.rpartition("[")[0]
    steps = get(document, holder)
    if holder.startswith("days[") and isinstance(steps, list) and len(steps) == 1:
        return [(holder.removesuffix(".steps"), None)]
    return [(path, None)]


def gap(document: Document, lane: int, wanted: int = 60, after: int = 8 * 60) -> tuple[int, int]:
    """A stretch of the day without a step: the first of ``wanted`` minutes from ``after`` on, else the longest."""
    count = lanes(document)
    taken = sorted(
        (start, end)
        for block in blocks(document)
        for piece_lane, start, end in pieces_of(block, count)
        if piece_lane == lane
    )
    free, at = [], 0
    for start, end in [*taken, (DAY, DAY)]:
        if start > at:
            free.append((at, start))
        at = max(at, end)
    for start, end in [(max(start, after), end) for start, end in free] + free:
        if end - start >= wanted:
            return start, start + wanted
    return max(free, key=lambda one: one[1] - one[0], default=(after, after + wanted))


def copied(document: Document, lane: int, targets: set[int], alike: bool) -> Document:
    """The day ``lane`` for ``targets`` too: ``alike`` they share one pattern, and change together from then on."""
    source = pattern_of(document, lane)
    names = [WEEKDAYS[target] for target in sorted(targets - {lane})]
    kept: list[Document] = []
    for index, pattern in enumerate(patterns(document)):
        days = [name for name in weekdays_of(pattern) if name not in names]
        if index == source and alike:
            days = sorted({*days, *names}, key=WEEKDAYS.index)
        if days:
            kept.append(pattern | {"weekdays": days})
    if source is not None and not alike:
        steps = patterns(document)[source].get("steps")
        kept += [{"weekdays": [name], "steps": steps} for name in names]
    return document | {"days": kept}


def separated(document: Document, lane: int) -> Document:
    """The day ``lane`` with a pattern of its own, so far the same as before."""
    source = pattern_of(document, lane)
    if source is None or len(weekdays_of(patterns(document)[source])) < 2:
        return document
    name, steps = WEEKDAYS[lane], patterns(document)[source].get("steps")
    kept = [
        pattern | {"weekdays": [day for day in weekdays_of(pattern) if day != name]} for pattern in patterns(document)
    ]
    return document | {"days": [*kept, {"weekdays": [name], "steps": steps}]}


def nudged(rate_ng_day: int, up: bool, fine: bool) -> int:
    """The next rate up or down: 1 µg/day where ``fine``, else 5 below 100, 10 below 1000, 100 above."""
    micro = rate_ng_day / 1000
    step = 1 if fine else 5 if micro < 100 + (not up) else 10 if micro < 1000 + (not up) else 100
    moved = (micro // step + 1) * step if up else (-(-micro // step) - 1) * step
    return round(max(0.0, moved) * 1000)


def day_total_ng(document: Document, lane: int) -> int | None:
    """Steps and base of one day; None where something can't be read."""
    base = parsed(document.get("base"), units.DOSE_RATE)
    count = lanes(document)
    total, minutes = 0.0, 0
    for block in blocks(document):
        for piece_lane, start, end in pieces_of(block, count):
            if piece_lane == lane:
                if block.rate_ng_day is None:
                    return None
                total += block.rate_ng_day * (end - start) / DAY
                minutes += end - start
    return None if base is None else round(total + base * (DAY - minutes) / DAY)


assert DAY_MS == DAY * 60_000
