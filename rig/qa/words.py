"""Steps of scripts in words, as people read them: "Bolus of 100 µL over 2 min"."""

from collections.abc import Callable
from typing import Any

from rig import setting_words, words
from rig.qa import deeds
from rig.qa import expectations as expected
from rig.qa.fields import BY_NAME
from rig.qa.files import measures
from rig.qa.limits import Limits, Over
from rig.qa.script import Body, Step
from rig.therapy import units
from rig.virtual.fault_kinds import BY_NAME as FAULTS


def step_text(step: Step) -> str:
    """What the step does, waits for or expects, whatever its title."""
    return body_text(step.body)


def body_text(body: Body) -> str:
    """The same of a body."""
    return _SAY[type(body)](body)


def limits_text(limits: Limits) -> str:
    """ "95 to 105 µL", "at least 2 mL", "within ±5 % of what was commanded"."""
    unit = limits.unit
    if limits.of:
        return f"within {_band(limits)} of what was {limits.of}"
    if limits.low is not None and limits.high is not None:
        if limits.low == limits.high:
            return measures.text(limits.low, unit)
        return f"{measures.text(limits.low, '')} to {measures.text(limits.high, unit)}"
    if limits.low is not None:
        return f"at least {measures.text(limits.low, unit)}"
    return f"at most {measures.text(limits.high, unit)}" if limits.high is not None else "anything"


def _band(limits: Limits) -> str:
    low, high = limits.low or 0.0, limits.high or 0.0
    if low == -high:
        return f"±{measures.text(high, limits.unit)}"
    return f"{_signed(low)} to {_signed(high)} {limits.unit}"


def _signed(value: float) -> str:
    return measures.text(value, "") if value <= 0 else f"+{measures.text(value, '')}"


def over_text(over: Over) -> str:
    """ " over the last 10 min", " since “blocked”"; "" for what is usual."""
    if over.last_ms:
        return f" over the last {units.duration_text(over.last_ms)}"
    if over.since:
        return f" since “{over.since}”"
    return f" during “{over.during}”" if over.during else ""


def _volume(pl: int) -> str:
    return units.volume_text(pl / 1000)


def _span(ms: int) -> str:
    return units.duration_text(ms)


def _program(body: deeds.WriteProgram) -> str:
    return f"Program “{body.program.name}”{', not started' if body.stopped else ''}"


def _bolus(body: deeds.Bolus) -> str:
    then = ", then stop" if body.after == "stop" else ""
    return f"Bolus of {_volume(body.volume_pl)} over {_span(body.duration_ms)}{then}"


def _refill(body: deeds.Refill) -> str:
    parts = [f"Refill with {units.volume_text(body.filled_nl)}"]
    if body.concentration_ng_ml is not None:
        parts.append(f"of {units.concentration_text(body.concentration_ng_ml)}")
    if body.withdrawn_nl is not None:
        parts.append(f"after {units.volume_text(body.withdrawn_nl)} were withdrawn")
    really = f"; really {units.volume_text(body.really_nl)}" if body.really_nl is not None else ""
    return " ".join(parts) + really


def _alarms(body: deeds.ClearAlarms) -> str:
    return f"Clear {_events(body.alarms)}" if body.alarms else "Clear all alarms"


def _set(body: deeds.Set) -> str:
    said = [
        f"“{setting_words.setting_title(name)}” to {setting_words.setting_text(name, raw)}"
        for name, raw in body.settings
    ]
    return f"Set {', '.join(said)}"


def _fault(body: deeds.MakeFault) -> str:
    kind = FAULTS[body.what]
    if body.ends:
        return f"{kind.title}: over"
    amount = ""
    if body.amount is not None and kind.amount is not None:
        amount = f" ({kind.amount.title.lower()}: {measures.text(body.amount, kind.amount.unit)})"
    length = f" for {_span(body.duration_ms)}" if body.duration_ms is not None else ""
    return f"{kind.title}{amount}{length}{f', in {_span(body.after_ms)}' if body.after_ms else ''}"


def _wait(body: deeds.Wait) -> str:
    return (
        f"Wait for {body.turns} turn{'s'[: body.turns > 1]} of the rotor"
        if body.turns
        else f"Wait {_span(body.duration_ms)}"
    )


def _wait_field(body: deeds.WaitField) -> str:
    return f"Wait until {_field(body.field, body.limits, body.word)}, at most {_span(body.at_most_ms)}"


def _field(name: str, limits: Limits, word: str) -> str:
    """ "pressure is at least 50 kPa"."""
    field = BY_NAME[name]
    return f"“{field.title}” is {word.replace('-', ' ') if word else limits_text(limits)}"


def _events(names: tuple[str, ...]) -> str:
    return ", ".join(f"“{words.event_title(name)}”" for name in names)


def _source(of: str) -> str:
    return "" if of == "measured" else f"{of} "


def _expect_volume(body: expected.ExpectVolume) -> str:
    return f"The {_source(body.of)}volume{over_text(body.over)} is {limits_text(body.limits)}"


def _expect_flow(body: expected.ExpectFlow) -> str:
    turns = ", over whole turns" if body.turns else ""
    return f"The {_source(body.of)}flow{over_text(body.over)} is {limits_text(body.limits)}{turns}"


def _expect_event(body: expected.ExpectEvent) -> str:
    after = f", not before {_span(body.after_ms)}" if body.after_ms else ""
    since = over_text(body.over)
    return f"{_events((body.event,))} comes within {_span(body.within_ms)}{since}{after}"


def _expect_no_event(body: expected.ExpectNoEvent) -> str:
    what = (
        f"No {_events(body.events).replace(', ', ' or ')}"
        if body.events
        else f"Nothing of {body.priority} priority or above"
    )
    besides = f", besides {_events(body.besides)}" if body.besides else ""
    time = f" for {_span(body.for_ms)}" if body.for_ms else over_text(body.over)
    return f"{what} comes{time}{besides}"


def _expect_field(body: expected.ExpectField) -> str:
    if body.extreme:
        end = "highest" if body.extreme == "most" else "lowest"
        return f"The {end} “{BY_NAME[body.field].title}”{over_text(body.over)} is {limits_text(body.limits)}"
    return _field(body.field, body.limits, body.word) + (f" within {_span(body.within_ms)}" if body.within_ms else "")


def _expect_accuracy(body: expected.ExpectAccuracy) -> str:
    limits = [f"overall ±{measures.text(body.overall, '%')}"] if body.overall is not None else []
    limits += [
        f"trumpet ±{measures.text(limit, '%')} over {measures.text(window, 'min')}" for window, limit in body.trumpet
    ]
    return f"The accuracy{over_text(body.over)}: {', '.join(limits)}"


def _expect_boluses(body: expected.ExpectBoluses) -> str:
    limits = [
        f"{name} ±{measures.text(one, '%')}"
        for name, one in (("mean", body.mean), ("each", body.each))
        if one is not None
    ]
    boluses = f"{body.count} bolus{'es' if body.count > 1 else ''} of {_volume(body.volume_pl)}"
    return f"{boluses}{over_text(body.over)}{': ' if limits else ''}{', '.join(limits)}"


def _expect_occlusion(body: expected.ExpectOcclusion) -> str:
    parts = (("time", body.time), ("pressure", body.pressure), ("bolus", body.bolus))
    said = [f"{name} {limits_text(one)}" for name, one in parts if (one.low, one.high) != (None, None)]
    return f"The occlusion{over_text(body.over)}: {', '.join(said)}"


def _expect_back_pressure(body: expected.ExpectBackPressure) -> str:
    levels = ", ".join(measures.text(pressure, "") for pressure, _ in body.stretches)
    return f"The flow against {levels} mmHg is within ±{measures.text(body.limit, '%')} of that against none"


_SAY: dict[type[Any], Callable[[Any], str]] = {
    deeds.WriteProgram: _program,
    deeds.Start: lambda body: "Start the pump",
    deeds.Stop: lambda body: "Stop the pump",
    deeds.Bolus: _bolus,
    deeds.OnDemand: lambda body: "On-demand bolus, by the pump's button" if body.button else "On-demand bolus",
    deeds.Refill: _refill,
    deeds.ReplaceBattery: lambda body: "Replace the battery",
    deeds.ReplaceTube: lambda body: "Replace the tube",
    deeds.ClearAlarms: _alarms,
    deeds.Set: _set,
    deeds.Silence: lambda body: "Silence the tones",
    deeds.SelfTest: lambda body: "Self-test",
    deeds.MakeFault: _fault,
    deeds.TakeNote: lambda body: f"Note: {body.text}",
    deeds.Tare: lambda body: "Tare the laboratory balance",
    deeds.Blank: lambda body: f"Blank: the pump stands for {_span(body.duration_ms)}",
    deeds.Ask: lambda body: body.question,
    deeds.Wait: _wait,
    deeds.WaitEvent: lambda body: f"Wait for {_events((body.event,))}, at most {_span(body.at_most_ms)}",
    deeds.WaitField: _wait_field,
    expected.ExpectVolume: _expect_volume,
    expected.ExpectFlow: _expect_flow,
    expected.ExpectEvent: _expect_event,
    expected.ExpectNoEvent: _expect_no_event,
    expected.ExpectField: _expect_field,
    expected.ExpectAccuracy: _expect_accuracy,
    expected.ExpectBoluses: _expect_boluses,
    expected.ExpectOcclusion: _expect_occlusion,
    expected.ExpectBackPressure: _expect_back_pressure,
    expected.ExpectGolden: lambda body: f"The run is like {body.run.name}",
}
