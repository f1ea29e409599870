"""Any step that a script can say, for property tests.  Labels are "a" and "b"."""

from pathlib import Path

from hypothesis import strategies as st

from firmware_link import vocabulary
from rig.qa import deeds, expectations
from rig.qa.fields import BY_NAME
from rig.qa.files.expect_kinds import EVENTS, FIELDS, POSSIBLE
from rig.qa.files.program_step import program_of
from rig.qa.files.slots import Place
from rig.qa.limits import USUAL, Limits, Over
from rig.qa.script import Step
from rig.virtual.fault_kinds import KINDS, FaultKind

PLACE = Place(Path("/"))
LABELS = ("a", "b")
_labels = st.sampled_from(LABELS)
_ms = st.integers(1, 10**9)
_volumes = st.integers(1, 10**15)
_percent = st.floats(0.001, 1000).map(lambda value: round(value, 6))
_values = st.floats(-1e6, 1e6).map(lambda value: round(value, 6))
_events = st.sampled_from(list(EVENTS.names.values()))
_names = st.lists(_events, min_size=1, max_size=4, unique=True).map(tuple)
words = st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=40).map(lambda said: f"x{said}")
overs = st.one_of(
    st.just(USUAL),
    st.builds(Over, last_ms=_ms),
    st.builds(Over, since=_labels),
    st.builds(Over, during=_labels),
)


def bounds(unit: str) -> st.SearchStrategy[Limits]:
    """Limits in ``unit``, with one end or two."""
    both = st.tuples(_values, st.floats(0.001, 1e6)).map(lambda ends: (ends[0], round(ends[0] + ends[1], 6)))
    ends = st.one_of(both, _values.map(lambda low: (low, None)), _values.map(lambda high: (None, high)))
    return ends.map(lambda pair: Limits(*pair, unit))


def _measured(unit: str) -> st.SearchStrategy[Limits]:
    shares = st.tuples(_percent, _percent, st.sampled_from(("commanded", "planned")))
    return st.one_of(bounds(unit), shares.map(lambda part: Limits(-part[0], part[1], "%", part[2])))


@st.composite
def _faults(draw: st.DrawFn) -> deeds.MakeFault:
    kind: FaultKind = draw(st.sampled_from(KINDS))
    if draw(st.booleans()) and kind.lasts:
        return deeds.MakeFault(kind.name, ends=True)
    amount = None
    if kind.amount is not None:
        inside = st.floats(kind.amount.low, kind.amount.high).map(lambda value: round(value, 3))
        whole = st.integers(int(kind.amount.low), int(kind.amount.high)).map(float)
        amount = draw(whole if kind.amount.whole else inside)
        amount = min(max(amount, kind.amount.low), kind.amount.high)
    length = draw(st.none() | _ms) if kind.lasts else None
    return deeds.MakeFault(kind.name, draw(st.just(0) | _ms), length, amount)


@st.composite
def _settings(draw: st.DrawFn) -> deeds.Set:
    rows = draw(st.lists(st.sampled_from(vocabulary.SETTINGS), min_size=1, max_size=5, unique=True))
    return deeds.Set(tuple((row[1], draw(st.integers(row[2], row[3]))) for row in rows))


@st.composite
def _asks(draw: st.DrawFn) -> deeds.Ask:
    answer = draw(st.sampled_from(("done", "yes or no", "number", "text")))
    if answer == "yes or no":
        expected = draw(st.sampled_from(("", "yes", "no")))
        return deeds.Ask(draw(words), answer, draw(st.sampled_from((None, expected or "no"))), None, expected)
    if answer == "number":
        return deeds.Ask(draw(words), answer, None, draw(st.none() | bounds("mL")))
    return deeds.Ask(draw(words), answer, draw(st.none() | words))


@st.composite
def _fields(draw: st.DrawFn) -> expectations.ExpectField:
    field = BY_NAME[draw(st.sampled_from(list(FIELDS.names)))]
    word = draw(st.sampled_from(field.words)) if field.words else ""
    possible = st.just(Limits(1, 2, field.unit)) if field.name in POSSIBLE else bounds(field.unit)
    limits = Limits() if word else draw(possible)
    if field.origin == "channel" and draw(st.booleans()):
        over = draw(overs.filter(lambda over: over != USUAL))
        extreme = draw(st.sampled_from(("least", "most")))
        return expectations.ExpectField(field.name, limits, word, 0, over, extreme)
    return expectations.ExpectField(field.name, limits, word, draw(st.just(0) | _ms))


@st.composite
def _no_events(draw: st.DrawFn) -> expectations.ExpectNoEvent:
    events = draw(_names)
    besides = events[1:] if draw(st.booleans()) else ()
    if draw(st.booleans()):
        return expectations.ExpectNoEvent(events, "", draw(_ms), USUAL, besides)
    if draw(st.booleans()):
        return expectations.ExpectNoEvent((), draw(st.sampled_from(("low", "medium", "high"))), over=draw(overs))
    return expectations.ExpectNoEvent(events, over=draw(overs), besides=besides)


@st.composite
def _occlusions(draw: st.DrawFn) -> expectations.ExpectOcclusion:
    time, pressure = draw(bounds("min")), draw(bounds("kPa"))
    bolus, release = draw(st.tuples(bounds("µL"), _labels) | st.just((Limits(unit="µL"), "")))
    return expectations.ExpectOcclusion(Over(since=draw(_labels)), time, pressure, bolus, release)


_programs = st.builds(
    lambda flow, stopped, confirm: program_of({"flow": flow, "stopped": stopped, "confirm": confirm}, PLACE),
    st.integers(6 * 10**6, 24 * 10**9),  # pL/day: what limits allow, the soft ones with a reason
    st.booleans(),
    words,
)
_windows = st.floats(0.1, 10_000).map(lambda value: round(value, 3))
_trumpets = st.lists(st.tuples(_windows, _percent), unique_by=lambda row: row[0], max_size=5).map(tuple)
_pressures = st.floats(-100, 300).map(lambda value: round(value, 6))
_stretches = st.lists(st.tuples(_pressures, _labels), min_size=1, max_size=5).map(lambda rows: ((0.0, "a"), *rows))
any_body = st.one_of(
    _programs,
    st.sampled_from((deeds.Start(), deeds.Stop(), deeds.Silence(), deeds.SelfTest(), deeds.Tare())),
    st.sampled_from((deeds.ReplaceBattery(), deeds.ReplaceTube(), deeds.ClearAlarms(), deeds.OnDemand(button=True))),
    st.builds(deeds.Bolus, _volumes, _ms, st.sampled_from(("resume", "stop"))),
    st.builds(
        deeds.Refill,
        st.integers(1, 10**11),
        st.none() | st.integers(0, 10**11),
        st.none() | st.integers(1, 4 * 10**9),
        st.none() | st.integers(0, 10**11),
    ),
    st.builds(
        deeds.ClearAlarms,
        st.lists(st.sampled_from([row[1] for row in vocabulary.ALARMS]), min_size=1, unique=True).map(tuple),
    ),
    _settings(),
    _faults(),
    st.builds(deeds.TakeNote, words),
    st.builds(deeds.Blank, _ms),
    _asks(),
    st.builds(deeds.Wait, _ms) | st.builds(deeds.Wait, turns=st.integers(1, 100_000)),
    st.builds(deeds.WaitEvent, _events, _ms),
    st.builds(lambda limits, ms: deeds.WaitField("pressure", limits, "", ms), bounds("kPa"), _ms),
    st.builds(lambda ms: deeds.WaitField("state", Limits(), "running", ms), _ms),
    st.builds(expectations.ExpectVolume, st.just("measured"), _measured("µL"), overs),
    st.builds(expectations.ExpectFlow, st.just("measured"), _measured("mL/day"), overs, st.booleans()),
    st.builds(expectations.ExpectVolume, st.sampled_from(("commanded", "planned")), bounds("µL"), overs),
    st.builds(
        lambda event, within, after, over: expectations.ExpectEvent(event, within + after, after, over),
        _events,
        _ms,
        st.just(0) | _ms,
        st.just(USUAL) | st.builds(Over, since=_labels),
    ),
    _no_events(),
    _fields(),
    st.builds(
        expectations.ExpectAccuracy,
        overs,
        st.none() | st.integers(1, 24 * 10**12).map(lambda pl_day: pl_day / 24e9),
        st.sampled_from(("by rate", "standard", "low flow")),
        _percent,
        _trumpets,
    ),
    st.builds(
        expectations.ExpectBoluses, st.integers(1, 10_000), _volumes, st.none() | _percent, st.none() | _percent, overs
    ),
    _occlusions(),
    st.builds(expectations.ExpectBackPressure, _stretches, _percent),
)
_DEEDS = (deeds.Start, deeds.Bolus, deeds.Refill, deeds.Set)


@st.composite
def steps(draw: st.DrawFn) -> Step:
    """A step with whatever can be said of it; its number, file and line are nothing."""
    made = draw(any_body)
    refused = (
        draw(st.just("") | st.sampled_from([row[1] for row in vocabulary.ERRORS])) if isinstance(made, _DEEDS) else ""
    )
    return Step("", draw(st.just("") | words), made, "", on_fail=draw(st.none() | st.just("go on")), refused=refused)
