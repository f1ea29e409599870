"""What the pumps of two runs were told: their programs and their settings, beside each other."""

from rig.compare.amounts import NONE
from rig.compare.findings import PLAN, Finding, Verdict
from rig.compare.material import printable
from rig.compare.tolerance import Tolerance
from rig.programs import comparison
from rig.recording.records import ProgramRecord, Run
from rig.setting_words import setting_text, setting_title

_SAID_ANYHOW = (comparison.TIME, comparison.IDENTITY)  # from when on, and digests, which follow from it
Programs = tuple[ProgramRecord, ...]


def compared(golden: tuple[Run, Programs], new: tuple[Run, Programs], tolerance: Tolerance) -> list[Finding]:
    """A finding for each program that is the same, for each line in which one differs, and for each setting that
    does; moments of writing and of anchors are each run's own."""
    found: list[Finding] = []
    for at in range(max(len(golden[1]), len(new[1]))):
        sides = [programs[at] if at < len(programs) else None for _, programs in (golden, new)]
        found += _programs(at, sides[0], sides[1], [run for run, _ in (golden, new)], _judged(tolerance.program))
    if not found:
        found.append(Finding(PLAN, "programs", "Programs", "none", "none", "", "", "same"))
    return found + _settings(golden[0], new[0], _judged(tolerance.settings))


def _judged(counts: bool) -> Verdict:
    return "beyond" if counts else "not judged"


def _programs(
    at: int, golden: ProgramRecord | None, new: ProgramRecord | None, runs: list[Run], judged: Verdict
) -> list[Finding]:
    title, name = f"Program {at + 1}", f"program {at + 1}"
    names = (_name(golden), _name(new))
    if golden is None or new is None:
        there, which = ("missing", "golden") if new is None else ("extra", "new")
        what = f'{title}, "{names[0] if new is None else names[1]}", is only in the {which} run.'
        return [Finding(PLAN, name, title, *names, there, "the same", judged, what)]
    if _asked(golden) == _asked(new):
        return [Finding(PLAN, name, title, *names, "", "the same", "same")]
    rows = comparison.compare(_side(runs[0], golden), _side(runs[1], new), {})
    rows = [row for row in rows if row.changed and row.group not in _SAID_ANYHOW]
    if not rows:
        what = f"{title} is put together of other segments."
        return [Finding(PLAN, name, title, *names, "other segments", "the same", judged, what)]
    return [
        Finding(
            PLAN,
            f"{name}: {row.title}",
            f"{title}: {row.title}",
            row.pump,
            row.draft,
            "differs",
            "the same",
            judged,
            f"{title}, {row.title}: {row.draft} instead of {row.pump}.",
        )
        for row in rows
    ]


def _asked(record: ProgramRecord) -> tuple[object, ...]:
    """All that a program asks of a pump, whenever it was anchored."""
    return record.prelude, record.cycle, record.demand, record.reminder_min, record.utc_offset_min


def _side(run: Run, record: ProgramRecord) -> comparison.Side:
    return comparison.Side(record.program(), (run.settings or {}).get("concentration_ng_ml", 0))


def _settings(golden: Run, new: Run, judged: Verdict) -> list[Finding]:
    before, after = golden.settings or {}, new.settings or {}
    found = []
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) == after.get(name):
            continue
        texts = (_text(name, before), _text(name, after))
        title = setting_title(name)
        what = f"Setting {title}: {texts[1]} instead of {texts[0]}."
        found.append(Finding(PLAN, f"setting {name}", title, *texts, "differs", "the same", judged, what))
    return found


def _text(name: str, settings: dict[str, int]) -> str:
    return setting_text(name, settings[name]) if name in settings else NONE


def _name(record: ProgramRecord | None) -> str:
    return NONE if record is None else printable(record.name, 80)
