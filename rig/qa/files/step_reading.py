"""Reads one step of a script by the table of ``step_kinds``."""

from firmware_link.errors import UsageError
from rig.qa.files.includes import RawStep
from rig.qa.files.slots import Place, StepKind, Values, by_key
from rig.qa.files.source import Faults
from rig.qa.files.step_kinds import common_slots, kind_of
from rig.qa.files.values import suggestion
from rig.qa.files.wrong import WrongValue
from rig.qa.script import Body, Step
from rig.qa.words import body_text

#: what people may call a field -> what it may be called here
_OTHERS = {
    **dict.fromkeys(("below", "under", "max", "maximum", "upper", "less-than", "high"), ("at-most", "below")),
    **dict.fromkeys(("above", "over", "min", "minimum", "lower", "more-than", "low"), ("at-least",)),
    **dict.fromkeys(("timeout", "time-out", "limit"), ("at-most", "within", "tolerance")),
    **dict.fromkeys(("label", "id"), ("as",)),
    **dict.fromkeys(("name", "text", "description"), ("title",)),
    **dict.fromkeys(("value", "equals", "equal", "target"), ("is",)),
    **dict.fromkeys(("amount", "much"), ("how-much", "volume")),
    **dict.fromkeys(("duration", "long", "time"), ("how-long", "for", "within")),
    **dict.fromkeys(("rate",), ("flow",)),
}


def read_step(raw: RawStep, faults: Faults) -> Step | None:
    """The step that ``raw`` says; None where something is wrong with it, which ``faults`` then has."""
    before = faults.times
    try:
        kind = kind_of(raw.said)
    except WrongValue as wrong:
        faults.wrong(raw.source, raw.field, wrong)
        return None
    values = _values(raw, kind, faults)
    if faults.times > before:
        return None
    try:
        body = kind.made(values, Place(raw.source.path.absolute().parent))
    except UsageError as error:
        faults.wrong(raw.source, raw.field, error)
        return None
    return _step(raw, values, body)


def _step(raw: RawStep, values: Values, body: Body) -> Step:
    return Step(
        number=raw.number,
        title=values.get("title") or body_text(body),
        body=body,
        label=values.get("as", ""),
        file=str(raw.source.path),
        line=raw.line,
        on_fail=values.get("on-fail"),
        refused=values.get("refused", ""),
    )


def _values(raw: RawStep, kind: StepKind, faults: Faults) -> Values:
    """Each field of the step, read; what is wrong is told."""
    slots = by_key((*kind.slots, *common_slots(kind)))
    values: Values = {}
    for key, said in raw.said.items():
        if key == kind.head and key not in slots:
            continue
        if key not in slots:
            _unknown(raw, kind, str(key), faults)
            continue
        try:
            values[key] = slots[key].value.read(said)
        except UsageError as error:
            faults.wrong(raw.source, f"{raw.field}.{key}", error)
    for slot in slots.values():
        if slot.required and slot.key not in raw.said:
            example = f' For example "{slot.key}: {slot.example}".' if slot.example else ""
            faults.tell(raw.source, f"{raw.field}.{slot.key}", f"{slot.title} is missing.", f"Add it.{example}")
    return values


def _unknown(raw: RawStep, kind: StepKind, key: str, faults: Faults) -> None:
    known = [slot.key for slot in (*kind.slots, *common_slots(kind))]
    meant = [name for name in _OTHERS.get(key.lower(), ()) if name in known][:1]
    remedy = (
        f'Is "{meant[0]}" meant?'
        if meant
        else suggestion(key, known, f'"{kind.name}" knows')
        if known
        else f'"{kind.name}" has no fields.'
    )
    faults.tell(raw.source, f"{raw.field}.{key}"[:80], f'Unknown field "{key[:40]}".', remedy)
