"""The report of test scripts: the verdict that can be read from afar, then every step, measurement and curve."""

from collections.abc import Iterator, Sequence

from rig.measured import worst
from rig.moments import utc_text
from rig.programs.receipt import NOTICE
from rig.qa.running.keeping import step_record
from rig.qa.telling.results import NOT_BEGUN, Result, verdict_of
from rig.qa.telling.said import summary
from rig.recording.writer import program_version
from rig.report import saying, steps
from rig.report.blocks import Block, Code, Facts, Headline, Report, Section, Table, Text
from rig.report.making import signatures
from rig.therapy import units

_METHOD = (
    "A value passes where it is within its limits by more than its own uncertainty, fails where it is beyond them by "
    "more, and is inconclusive between: a verdict within the uncertainty of its limit says nothing. A case is as its "
    "worst step. Volumes and flows are corrected for evaporation, and averaged over whole turns of the rotor where the "
    "script says so. Times are the session's: of a virtual rig, its own."
)


#: of the overview: title, alignment, width; one that says nothing is left out
_COLUMNS = (("Result", "l", 16), ("Script", "l", 22), ("Case", "l", 20), ("Why", "l", 30), ("Pump time", "r", 12))


def report_of(results: Sequence[Result], made_us: int, finished: bool = True) -> Report:
    """Made at ``made_us`` (UTC) of all ``results``; unless ``finished``, it says that it is only a part."""
    verdict = verdict_of(results) if finished else worst((verdict_of(results), "error"))
    cases = saying.count(len(results), "case")
    targets = ", ".join(dict.fromkeys(one.target for one in results if one.target))
    return Report(
        title="Test report",
        subtitle=f"{cases} on {targets[:160] or 'nothing yet'}",
        notice=NOTICE,
        headlines=tuple(_headlines(results, finished)),
        sections=(
            _overview(results),
            *(_case(one) for one in results if one.why != NOT_BEGUN),
            Section("How it was judged", (Text(_METHOD, "muted"),)),
            signatures(),
        ),
        footer=f"Made {utc_text(made_us)} by Pump Programmer {program_version()}",
        verdict=steps.headline(verdict, f"{summary(results)}."),
    )


def _headlines(results: Sequence[Result], finished: bool) -> Iterator[Headline]:
    if not finished:
        yield Headline("high", "Partial", "The runner has not ended: what follows is what was there by then.")
    bad = [one for one in results if one.verdict in ("fail", "error", "inconclusive")]
    for one in bad[:20]:
        yield Headline(steps.HEADLINE[one.verdict], one.script.title, one.sentence)
    if len(bad) > 20:
        yield Headline("muted", "And more", f"{len(bad) - 20} more did not pass: see below.")


def _overview(results: Sequence[Result]) -> Section:
    rows, levels = [], []
    for one in results:
        step = one.decisive
        where = f"step {step.step.number}: {one.sentence}" if step else one.sentence
        rows.append((steps.verdict_text(one.verdict), one.script.name, one.script.case, where, _lasted(one)))
        levels.append(_level(one))
    columns = [(*column, cells) for column, cells in zip(_COLUMNS, zip(*rows, strict=True), strict=False) if any(cells)]
    head, align, widths, shown = zip(*columns, strict=True)
    spare = 100 - sum(widths)
    wordy = len(align) - 2 if len(align) > 2 else 0  # the last of words has what others leave
    widths = tuple(width + spare * (index == wordy) for index, width in enumerate(widths))
    table = Table(head, "".join(align), tuple(zip(*shown, strict=True)), "", tuple(levels), widths)
    return Section("Results", (table,))


def _lasted(result: Result) -> str:
    if not (result.began_us and result.ended_us):
        return saying.NONE
    return saying.clock((result.ended_us - result.began_us) / 1e6)


def _case(result: Result) -> Section:
    blocks: list[Block] = [
        Text(
            f"{steps.verdict_text(result.verdict)}. {result.sentence}".removesuffix(". "),
            steps.HEADLINE[result.verdict],
        ),
        Facts(tuple(_facts(result))),
    ]
    if result.steps:
        blocks += steps.blocks([step_record(step, result.script) for step in result.steps], result.began_us)
    if result.decisive is not None and result.run is not None:
        blocks += [Text("To look at that moment:", "muted"), Code(result.command(result.decisive))]
    return Section(result.script.title, tuple(blocks))


def _level(result: Result) -> str:
    level = steps.HEADLINE[result.verdict]
    return level if level in ("medium", "high") else ""


def _facts(result: Result) -> Iterator[tuple[str, str]]:
    script, device = result.script, result.device
    yield "Script", f"{script.path.name}, SHA-256 {script.digest[:16]}…"
    if script.about:
        yield "Shows", script.about
    if script.parameters:
        yield "With", ", ".join(f"{name} {value}" for name, value in script.parameters.items())
    seed = "" if result.seed is None else f" (seed {result.seed})"
    yield "Target", result.target[:160] + seed + ("; judged from its recording" if result.replayed else "")
    if device is not None:
        yield "Pump", f"{device.device_id}, firmware {device.firmware_version}, boot {device.boot_count}"
    if result.began_us:
        yield "Began", f"{utc_text(result.began_us)}; {_lasted(result)} of pump time"
    yield "Sampled", f"every {units.duration_text(script.interval_ms)}"
    yield "Ended", result.why
    digest = f", evidence SHA-256 {result.run_digest[:16]}…" if result.run_digest else ""
    yield "Recording", f"{result.run}{digest}" if result.run else "none was kept"
