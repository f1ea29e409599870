"""Everything that writing a program would change, beside what the pump has: nothing left out, in people's words.  Pure.

Both sides are shown in the same words at their own concentration and in their own local time; a row is marked where
what it says differs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from firmware_link import vocabulary
from rig import setting_words
from rig.firmware.program import Program as DeviceProgram
from rig.programs.receipt import Changed, moment, offset_text
from rig.therapy import timetable, units
from rig.therapy.fields import Field, fields_of
from rig.therapy.files import MODES
from rig.therapy.program import Program, dose_ng
from rig.therapy.program_file import document_of
from rig.therapy.timetable import Flow

NONE = "–"
Mark = Literal["same", "changed", "unknown"]

WRITTEN, DOES, SCHEDULE, FIRST, DEMAND, TIME, IDENTITY, SETTINGS = GROUPS = (
    "The program as written",
    "What the pump does",
    "Rates in the cycle",
    "Before the cycle",
    "On demand and reminder",
    "Time",
    "Identity",
    "Settings of the pump",
)


@dataclass(frozen=True)
class Side:
    """One side: as the pump holds it, and as a file says it where that is known."""

    device: DeviceProgram | None
    concentration_ng_ml: int  # the pump's label, or what the program is for
    program: Program | None = None


@dataclass(frozen=True)
class Row:
    """One line of the comparison."""

    group: str  # of GROUPS
    title: str
    pump: str
    draft: str
    mark: Mark

    @property
    def changed(self) -> bool:
        """Whether writing would change this."""
        return self.mark == "changed"


class Fact(NamedTuple):
    """What one side says: a value to compare, its text, and a longer text where the short ones look alike."""

    value: Any
    text: str
    exact: str = ""


Facts = dict[str, Fact]

#: What it means where a file leaves a field out that has no default.
_LEFT_OUT = {"device": "any pump", "time-zone": "this computer's"}


def compare(pump: Side, draft: Side, settings: Mapping[str, int]) -> list[Row]:
    """All rows, in the order of GROUPS.  ``settings`` are the pump's by name, {} while unknown; writing a program
    changes none of them."""
    rows = _beside(WRITTEN, _written(pump.program), _written(draft.program), pump.program is None)
    for group, facts in ((DOES, _does), (FIRST, _first), (DEMAND, _demand), (TIME, _time), (IDENTITY, _identity)):
        if group == FIRST:
            rows += _schedule(pump, draft)
        rows += _beside(group, facts(pump), facts(draft), draft.device is None)
    held = {name: Fact(value, setting_words.setting_text(name, value)) for name, value in settings.items()}
    known = {setting_words.setting_title(row[1]): held.get(row[1], Fact(None, NONE)) for row in vocabulary.SETTINGS}
    return rows + _beside(SETTINGS, known, known, not settings)


def changes(rows: Iterable[Row]) -> tuple[Changed, ...]:
    """Those that are marked, for a receipt."""
    return tuple(Changed(row.group, row.title, row.pump, row.draft) for row in rows if row.changed)


def _beside(group: str, ours: Facts, theirs: Facts, unknown: bool) -> list[Row]:
    titles = [*ours, *(title for title in theirs if title not in ours)]
    nothing = Fact(None, NONE)
    return [_row(group, title, ours.get(title, nothing), theirs.get(title, nothing), unknown) for title in titles]


def _row(group: str, title: str, ours: Fact, theirs: Fact, unknown: bool, same: bool | None = None) -> Row:
    changed = ours.value != theirs.value if same is None else not same
    texts = (ours.text, theirs.text)
    if changed and ours.text == theirs.text:
        texts = (ours.exact or str(ours.value), theirs.exact or str(theirs.value))
    return Row(group, title, *texts, "unknown" if unknown else "changed" if changed else "same")


# -- as written --------------------------------------------------------------------------------------------------


def _written(program: Program | None) -> Facts:
    if program is None:
        return {}
    document = document_of(program)
    facts = {"Mode": Fact(document["mode"], str(document["mode"]).capitalize())}
    return facts | _said(document, fields_of(MODES[document["mode"]].struct), "")


def _said(document: Mapping[str, Any], fields: Iterable[Field], before: str) -> Facts:
    """Every field of ``document``, with its default where it is left out."""
    facts: Facts = {}
    for field in fields:
        said, title = document.get(field.key), f"{before}{field.title}"
        if field.key in ("pump-program", "mode"):
            continue
        if field.part is not None and field.form == "list":
            for i, item in enumerate(said or (), 1):
                facts |= _said(item, fields_of(field.part), f"{title} {i}: ")
        elif field.part is not None:
            facts |= _said(said, fields_of(field.part), f"{title}: ") if said else {}
        elif said is not None or field.default or field.key in _LEFT_OUT:
            said = (field.default or _LEFT_OUT[field.key]) if said is None else said
            text = ", ".join(map(str, said)) if isinstance(said, list) else str(said)
            facts[title] = Fact(text, text.replace("ug", "µg") if field.kind else text)
    return facts


# -- as the pump holds it ----------------------------------------------------------------------------------------


def _rate_text(flow: Flow, concentration_ng_ml: int) -> str:
    dose = units.dose_rate_text(dose_ng(round(flow.pl_day), concentration_ng_ml))
    return f"{units.flow_text(flow.pl_day)} = {dose}"


def _volume(volume_pl: int, concentration_ng_ml: int) -> Fact:
    dose = dose_ng(volume_pl, concentration_ng_ml)
    text = f"{units.volume_text(volume_pl / 1000)} = {units.dose_text(dose)}"
    return Fact((volume_pl, dose), text, f"{volume_pl} pl = {dose} ng")


def _does(side: Side) -> Facts:
    device, label = side.device, side.concentration_ng_ml
    facts = {"Concentration": Fact(label, units.concentration_text(label), f"{label} ng/mL")} if label else {}
    if device is None:
        return facts
    kinds = {(0, 0): "Nothing: deliberately stopped", (1, 0): "A first part, then it stops", (0, 1): "A cycle"}
    parts = (int(bool(device.prelude)), int(bool(device.cycle)))
    facts["Delivers"] = Fact(parts, kinds.get(parts, "A first part, then a cycle"))
    if device.cycle:
        day_pl = device.cycle_pl * units.DAY_US // device.cycle_us
        facts["A day of the cycle"] = _volume(day_pl, label)
        facts["Cycle"] = Fact(device.cycle_us, units.duration_text(device.cycle_us // 1000), f"{device.cycle_us} us")
    return facts


def _schedule(pump: Side, draft: Side) -> list[Row]:
    sides = (pump, draft)
    unknown = draft.device is None
    found = timetable.stretches([side.device for side in sides])
    if found is None:
        return _beside(SCHEDULE, _parts(pump, "cycle"), _parts(draft, "cycle"), unknown)
    rows = []
    for stretch in found:
        flows = stretch.flows
        our, their = (
            Fact(flow, _rate_text(flow, side.concentration_ng_ml), f"{flow.volume_pl} pl in {flow.duration_ms} ms")
            if flow
            else Fact(None, NONE)
            for flow, side in zip(flows, sides, strict=True)
        )
        ours, theirs = flows
        stands = ours is not None and ours.volume_pl == 0
        alike = ours is not None and theirs is not None and ours.same(theirs)
        same = alike and (stands or pump.concentration_ng_ml == draft.concentration_ng_ml)
        rows.append(_row(SCHEDULE, stretch.title, our, their, unknown, same))
    return rows


def _parts(side: Side, name: str) -> Facts:
    """Segment by segment."""
    segments = getattr(side.device, name) if side.device else ()
    facts: Facts = {}
    for i, (volume_pl, duration_ms) in enumerate(segments, 1):
        volume = _volume(volume_pl, side.concentration_ng_ml)
        lasting = units.duration_text(duration_ms)
        facts[f"Part {i}"] = Fact(
            (volume.value, duration_ms), f"{volume.text} in {lasting}", f"{volume.exact} in {duration_ms} ms"
        )
    return facts


def _first(side: Side) -> Facts:
    facts = _parts(side, "prelude")
    if facts and side.device:
        facts["Afterwards"] = Fact(bool(side.device.cycle), "the cycle" if side.device.cycle else "it stops")
    return facts


def _demand(side: Side) -> Facts:
    device = side.device
    if device is None:
        return {}
    facts: Facts = {}
    if device.demand:
        volume_pl, duration_ms, lockout_s, per_day = device.demand
        facts["Bolus of the button"] = _volume(volume_pl, side.concentration_ng_ml)
        facts["lasting"] = Fact(duration_ms, units.duration_text(duration_ms), f"{duration_ms} ms")
        facts["Lockout"] = Fact(lockout_s, units.duration_text(lockout_s * 1000), f"{lockout_s} s")
        facts["Most in 24 h"] = Fact(per_day, str(per_day))
    minutes = device.reminder_min
    text = f"after {units.duration_text(minutes * 60_000)}" if minutes else "as the pump is set"
    return facts | {"Reminder while stopped": Fact(minutes, text)}


def _time(side: Side) -> Facts:
    device = side.device
    if device is None:
        return {}
    facts = {"Offset from UTC": Fact(device.utc_offset_min, offset_text(device.utc_offset_min))}
    if device.cycle:
        facts["Cycle counted from"] = Fact(
            (device.anchor_utc_s, device.utc_offset_min), moment(device.anchor_utc_s, device.utc_offset_min)
        )
    return facts


def _identity(side: Side) -> Facts:
    device = side.device
    if device is None:
        return {}
    digest, count = device.digest(), len(device.prelude) + len(device.cycle)
    return {"Segments": Fact(count, str(count)), "Digest": Fact(digest, f"{digest:016x}")}
