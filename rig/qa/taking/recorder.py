"""A script of what was done: deeds one after the other, with the waits between them turned into conditions."""

from dataclasses import dataclass, replace

from firmware_link.telemetry import BY_FIELD
from firmware_link.vocabulary import ALARMS, INFO, SETTINGS, TO_STOP
from rig.qa import deeds as d
from rig.qa.limits import Limits
from rig.qa.taking.deeds_seen import Done, seen, write_of
from rig.qa.taking.taken import Taken
from rig.session import Event

SHORTEST_US = 2_000_000  # a shorter wait is how fast hands are
_SOON_US = 1_000_000  # an event so soon after a deed may be over before anybody waits for it
_IDLE_US = 10_000_000  # so long a look at what came is nothing to wait for again
_IDLE_SHARE = 0.01
_ROUND_TO_S = (86_400, 3600, 1800, 600, 300, 60, 30, 10, 5, 1)
_ROUND_BY = 0.02
_RISE_KPA = 10.0  # of pressure, that was waited for

_STOPPING = tuple(name for _, name, _, action, _ in ALARMS if action == TO_STOP)
_ALARMS = tuple(name for _, name, *_ in ALARMS)
_ENDINGS = ("bolus_ended", "bolus_cut_short", "prelude_ended")
#: What shows a fault: its end, or the taking away of its cause, was waited for until then.
SHOWS = {
    "stall": ("motor_stall", "no_flow"),
    "missed_steps": ("motor_stall", "flow_tolerance", "no_flow"),
    "tube_tear": ("flow_tolerance", "no_flow"),
    "free_flow": ("free_flow", "flow_tolerance"),
    "occlusion": ("occlusion", "no_flow"),
    "kink": ("occlusion", "flow_tolerance", "no_flow"),
    "leak": ("flow_tolerance", "no_flow"),
    "disconnect": ("no_flow", "flow_tolerance"),
    "back_pressure": ("flow_tolerance", "occlusion"),
    "rotor_dead": ("motor_stall", "sensor_fault"),
    "vibration": ("sensor_fault",),
    **{
        f"{name}_{how}": ("sensor_fault",)
        for name in ("pressure", "balance", "battery", "temperature")
        for how in ("dead", "stuck", "noisy")
    },
}
#: A deed -> the events that somebody may have waited for before doing it.
_WAITED_FOR: dict[type, tuple[str, ...]] = {
    d.ClearAlarms: (*_ALARMS, *(f"{name}_over" for name in _ALARMS)),
    d.Start: (*_STOPPING, *(f"{name}_over" for name in _STOPPING), *_ENDINGS, "stopped"),
    d.Stop: (*_ALARMS, *_ENDINGS),
    d.WriteProgram: (*_ENDINGS, *_STOPPING),
    d.Bolus: _ENDINGS,
    d.OnDemand: _ENDINGS,
    d.Silence: _ALARMS,
    d.Refill: ("low_reservoir", "empty_reservoir", "no_flow"),
    d.ReplaceBattery: ("battery_eri", "battery_eos"),
    d.ReplaceTube: ("tube_service",),
    d.TakeNote: (*_ALARMS, *_ENDINGS),
}


@dataclass(frozen=True)
class Drafted:
    """A step to be, and the stretch of the recording that it is made of (UTC)."""

    body: d.Deed | d.Waiting
    begin_us: int
    end_us: int
    refused: str = ""
    label: str = ""
    event: Event | None = None  # that a wait is for


@dataclass(frozen=True)
class Draft:
    """The steps of a session without what to expect, and what couldn't become one, as sentences."""

    steps: tuple[Drafted, ...]
    remarks: tuple[str, ...]


def draft(taken: Taken) -> Draft:
    """The steps of ``taken``."""
    found = seen(taken)
    remarks = list(found.remarks)
    steps = _beginning(taken, found.deeds, remarks)
    at_us = steps[-1].end_us if steps else taken.begin_us
    for done in _with_ends(taken, found.deeds):
        if steps or isinstance(done.body, d.TakeNote):
            steps += _waits(taken, done.body, at_us, done.begin_us)
        steps.append(Drafted(done.body, done.begin_us, done.end_us, done.refused))
        at_us = max(at_us, done.end_us)
    if steps:
        steps += _waits(taken, None, at_us, taken.end_us)
    return Draft(_labelled(steps), tuple(remarks))


def _beginning(taken: Taken, deeds: tuple[Done, ...], remarks: list[str]) -> list[Drafted]:
    """What the pump was when it began, so that the script needs no other pump than any: settings and program."""
    steps = []
    begin_us = taken.begin_us
    changed = _unusual(taken)
    if changed:
        steps.append(Drafted(d.Set(changed), begin_us, begin_us))
    first = next((one.body for one in deeds if isinstance(one.body, d.WriteProgram | d.Start | d.Bolus)), None)
    if taken.held is not None and not isinstance(first, d.WriteProgram):
        body = write_of(taken.held, remarks)
        rows = taken.material.samples()
        if body is not None:
            stopped = bool(len(rows)) and int(rows["state"][0]) == 0
            steps.append(Drafted(replace(body, stopped=stopped), begin_us, begin_us))
    return steps


#: What belongs to a pump's own body, and is no business of a script's.
_ITS_OWN = frozenset(
    {
        "sample_interval_ms",
        "revolution_pl",
        "steps_per_revolution",
        "rollers",
        "concentration_ng_ml",
        "balance_uncertainty_nl",
        "evaporation_nl_day",
        "reservoir_nl",
        "tube_life_compressions",
        "battery_life_days",
    }
)


def _unusual(taken: Taken) -> tuple[tuple[str, int], ...]:
    usual = {name: default for _, name, _, _, default in SETTINGS if name not in _ITS_OWN}
    return tuple(
        (name, taken.settings[name]) for name, default in usual.items() if taken.settings.get(name, default) != default
    )


def _with_ends(taken: Taken, deeds: tuple[Done, ...]) -> list[Done]:
    """Faults with their duration, or, where something that shows them was waited for, with an end of their own."""
    result = []
    for done in deeds:
        body = done.body
        if not isinstance(body, d.MakeFault) or not done.until_us:
            result.append(done)
        elif body.what != "unplug" and _condition(taken, replace(body, ends=True), done.end_us, done.until_us):
            ending = d.MakeFault(body.what, ends=True)
            result += [done, Done(ending, done.until_us, done.until_us)]
        else:
            lasted_ms = max(1, nice_ms((done.until_us - done.begin_us) // 1000))
            result.append(replace(done, body=replace(body, duration_ms=lasted_ms)))
    return sorted(result, key=lambda one: (one.begin_us, one.order))


# -- waits -------------------------------------------------------------------------------------------------------------


def _waits(taken: Taken, upon: d.Deed | None, begin_us: int, end_us: int) -> list[Drafted]:
    """What is waited for from ``begin_us`` until the deed ``upon`` at ``end_us``; None for the end."""
    if end_us - begin_us < SHORTEST_US:
        return []
    found = _condition(taken, upon, begin_us, end_us) if upon is not None else None
    if found is None:
        return [Drafted(d.Wait(nice_ms((end_us - begin_us) // 1000)), begin_us, end_us)]
    rest_us = end_us - found.end_us
    if rest_us <= max(_IDLE_US, _IDLE_SHARE * (end_us - begin_us)):
        return [found]
    return [found, Drafted(d.Wait(nice_ms(rest_us // 1000)), found.end_us, end_us)]


def _condition(taken: Taken, upon: d.Deed, begin_us: int, end_us: int) -> Drafted | None:
    kinds = _WAITED_FOR.get(type(upon), ())
    if isinstance(upon, d.MakeFault):
        kinds = SHOWS.get(upon.what, ()) if upon.ends else ()
    came = [event for event in taken.material.events if begin_us < event.host_us <= end_us]
    came = [event for event in came if event.host_us < end_us or event.kind in _ALARMS]  # else the deed's own
    fitting = [event for event in came if event.kind in kinds and event.host_us - begin_us >= _SOON_US]
    for event in reversed(fitting):
        if next(one for one in came if one.kind == event.kind) is event:  # the first of its kind ends a wait for it
            took_ms = (event.host_us - begin_us) // 1000
            wait = d.WaitEvent(event.kind, at_most_ms(took_ms))
            return Drafted(wait, begin_us, event.host_us, event=event)
    return _pressure(taken, upon, begin_us, end_us)


def _pressure(taken: Taken, upon: d.Deed, begin_us: int, end_us: int) -> Drafted | None:
    """A blocked outlet that was opened again before any alarm: at a certain pressure."""
    if not (isinstance(upon, d.MakeFault) and upon.ends and upon.what in ("occlusion", "kink")):
        return None
    rows = taken.samples(begin_us, end_us)
    kpa = rows["pressure_pa"] * BY_FIELD["pressure_pa"].scale
    if len(kpa) < 2 or kpa.max() - kpa[0] < _RISE_KPA:
        return None
    wanted = float(int(kpa.max()))
    at = int((kpa >= wanted).argmax())
    took_ms = (end_us - begin_us) // 1000
    wait = d.WaitField("pressure", Limits(low=wanted, unit="kPa"), "", at_most_ms(took_ms))
    return Drafted(wait, begin_us, int(rows["host_us"][at]))


def nice_ms(ms: int) -> int:
    """``ms`` as somebody would have said it: within 2 %, and to the second where that is less."""
    for size_s in _ROUND_TO_S:
        size = size_s * 1000
        rounded = (ms + size // 2) // size * size
        if rounded and abs(rounded - ms) <= ms * _ROUND_BY:
            return rounded
    return max(1000, (ms + 500) // 1000 * 1000)


def at_most_ms(took_ms: int) -> int:
    """So long a wait may last that took ``took_ms``: three times that and a minute, in round numbers."""
    most = 3 * took_ms + 60_000
    for size_s in _ROUND_TO_S:
        if size_s * 1000 * 4 <= most:
            return -(-most // (size_s * 1000)) * size_s * 1000
    return most


# -- labels ------------------------------------------------------------------------------------------------------------


def _labelled(steps: list[Drafted]) -> tuple[Drafted, ...]:
    """Each with a name of its own that others can call it by."""
    taken: dict[str, int] = {}
    result = []
    for step in steps:
        word = _word(step.body)
        taken[word] = count = taken.get(word, 0) + 1
        result.append(replace(step, label=word if count == 1 else f"{word}-{count}"))
    return tuple(result)


def _word(body: d.Deed | d.Waiting) -> str:
    if isinstance(body, d.MakeFault):
        return body.what.replace("_", "-") + ("-ends" if body.ends else "")
    if isinstance(body, d.WaitEvent):
        return f"until-{body.event.replace('_', '-')}"
    if isinstance(body, d.WaitField):
        return f"until-{body.field}"
    words = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in type(body).__name__)
    return words.removeprefix("-")


def is_alarm(event: Event) -> bool:
    """Whether the event is one that calls somebody."""
    return event.priority > INFO and event.kind in _ALARMS
