"""Programs of every mode, for property tests: any that a file can say and that makes sense."""

from hypothesis import strategies as st

from rig.therapy import modes, profiles
from rig.therapy.modes import DAY_MS, Mode
from rig.therapy.program import Program

MINUTE_MS = 60_000
PROFILES = profiles.standard()

doses = st.integers(1, 1_000_000)  # ng, and ng/day
bases = st.one_of(st.just(0), doses)
concentrations = st.integers(1000, 10_000_000)  # ng/mL
durations = st.integers(1, 24 * 60).map(lambda minutes: minutes * MINUTE_MS)
bolus_durations = st.integers(1, 3600).map(lambda seconds: seconds * 1000)
verdicts: st.SearchStrategy[modes.Response] = st.sampled_from(("", "response", "no response"))
afters: st.SearchStrategy[modes.After] = st.sampled_from(("resume", "stop"))


@st.composite
def steps(draw: st.DrawFn, most: int = modes.MAX_STEPS) -> tuple[modes.Step, ...]:
    """Steps of a day that don't overlap; the last may end on the next day."""
    count = draw(st.integers(1, most))
    minutes = sorted(draw(st.sets(st.integers(0, 24 * 60 - 1), min_size=2 * count, max_size=2 * count)))
    if draw(st.booleans()):
        minutes = [*minutes[1:], minutes[0]]
    made = []
    for start, end in zip(minutes[::2], minutes[1::2], strict=True):
        end_ms = end * MINUTE_MS or draw(st.sampled_from((0, DAY_MS)))
        dose, as_rate = draw(st.integers(0, 1_000_000)), draw(st.booleans())
        made.append(modes.Step(start * MINUTE_MS, end_ms, None if as_rate else dose, dose if as_rate else None))
    return tuple(made)


@st.composite
def patterns(draw: st.DrawFn) -> tuple[modes.Pattern, ...]:
    """Patterns for some weekdays, no day twice."""
    days = draw(st.permutations(range(7)))
    cuts = sorted(draw(st.sets(st.integers(1, 7), min_size=1, max_size=4)))
    chosen = [tuple(sorted(days[start:end])) for start, end in zip([0, *cuts], cuts, strict=False)]
    return tuple(modes.Pattern(weekdays, draw(steps(4))) for weekdays in chosen)


def boluses(after: st.SearchStrategy[modes.After] = afters) -> st.SearchStrategy[modes.Bolus]:
    """Boluses of up to an hour."""
    return st.builds(modes.Bolus, doses, bolus_durations, after)


on_demands = st.builds(modes.OnDemand, doses, bolus_durations, st.integers(1, 24), durations)
_no_or_on_demand = st.none() | on_demands
_resume: st.SearchStrategy[modes.After] = st.just("resume")
_stop: st.SearchStrategy[modes.After] = st.just("stop")


@st.composite
def tapers(draw: st.DrawFn) -> modes.Taper:
    dose = draw(st.integers(2, 1_000_000))
    return modes.Taper(dose, draw(st.integers(0, dose - 1)), draw(doses), draw(durations))


@st.composite
def trials(draw: st.DrawFn) -> modes.InfusionTrial:
    dose = draw(doses)
    return modes.InfusionTrial(dose, draw(doses), draw(durations), dose + draw(st.integers(0, 900_000)))


@st.composite
def screenings(draw: st.DrawFn) -> modes.Screening:
    times = sorted(draw(st.sets(st.integers(10**9, 4 * 10**9), max_size=4)))
    given = []
    for at in times:
        verdict = draw(verdicts)
        effect_ms = draw(durations) if verdict == "response" else 0
        given.append(modes.Given(draw(st.integers(1000, 1_000_000)), at, verdict, effect_ms))
    return modes.Screening(draw(bolus_durations), tuple(given))


_single = st.builds(modes.SingleBolus, boluses(_resume), doses) | st.builds(modes.SingleBolus, boluses(_stop))
_times = st.integers(0, 24 * 60 - 1).map(lambda minutes: minutes * MINUTE_MS)
_paths: st.SearchStrategy[tuple[modes.Path, ...]] = st.sampled_from((("pump",), ("catheter",), ("pump", "catheter")))

#: A strategy for each mode, by its name in a file.
MODES: dict[str, st.SearchStrategy[Mode]] = {
    "simple continuous": st.builds(modes.SimpleContinuous, doses, st.none() | boluses(), _no_or_on_demand),
    "flex day": st.builds(modes.FlexDay, bases, steps(), _no_or_on_demand),
    "flex week": st.builds(modes.FlexWeek, bases, patterns(), _no_or_on_demand),
    "single bolus": _single,
    "periodic bolus": st.builds(modes.PeriodicBolus, boluses(_resume), durations, bases, _times, _no_or_on_demand),
    "on-demand bolus": st.builds(modes.OnDemandBolus, bases, on_demands),
    "prime": st.builds(modes.Prime, _paths, st.integers(10**6, 10**12), bases),
    "bridge": st.builds(modes.Bridge, concentrations, doses, doses),
    "minimum rate": st.builds(modes.MinimumRate),
    "stopped": st.builds(modes.Stopped, st.just("Catheter study"), durations),
    "titration": st.builds(modes.Titration, doses, doses, st.integers(1, 10_000), durations),
    "taper": tapers(),
    "screening": screenings(),
    "infusion trial": trials(),
}

_zones = st.sampled_from(("", "UTC", "Europe/Paris", "America/New_York", "Asia/Kathmandu", "+01:00", "-03:30"))
_names = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=80)


@st.composite
def programs(draw: st.DrawFn, mode: str = "") -> Program:
    """A program of ``mode``, "" for any."""
    catheter = draw(st.sampled_from(list(PROFILES.catheters.values())))
    return Program(
        name=draw(_names.filter(lambda text: text.strip() != "" and text.isprintable())),
        drug=draw(st.sampled_from(list(PROFILES.drugs))),
        concentration_ng_ml=draw(concentrations),
        mode=draw(MODES[mode or draw(st.sampled_from(list(MODES)))]),
        pump=draw(st.sampled_from(list(PROFILES.pumps.values()))),
        catheter=catheter,
        trimmed_um=draw(st.just(0) | st.integers(0, catheter.length_um)),
        limits=draw(st.sampled_from(list(PROFILES.limits))),
        device=draw(st.just("") | st.from_regex(r"[0-9a-f]{16}", fullmatch=True)),
        time_zone=draw(_zones),
    )
