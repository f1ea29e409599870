"""The verbs of the command line that make and read run files: arguments only."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from firmware_link.clock import SystemClock
from firmware_link.errors import UsageError
from rig.places import RUN_SUFFIX
from rig.terminal import AsJson, Balance, Target, plain, print_line, print_result, progress_bar


def record(
    output: Annotated[Path, typer.Option("--output", "-o", help="The run file to make, *.run.duckdb.")],
    target: Target = "auto",
    program: Annotated[
        Path | None, typer.Option("--program", "-p", help="Write and start this program first.", readable=False)
    ] = None,
    duration: Annotated[
        str, typer.Option("--duration", "-d", help='Pump time, like "10min"; "forever" until Ctrl-C.')
    ] = "forever",
    confirm: Annotated[str, typer.Option("--confirm", help="The reason for going beyond a soft limit.")] = "",
    keep_running: Annotated[
        bool, typer.Option("--keep-running", help="Don't stop the pump that --program started.")
    ] = False,
    balance: Balance = "",
    as_json: AsJson = False,
) -> None:
    """Records a pump into a run file, optionally writing and starting a program first."""
    from rig import described
    from rig import record as verb

    if not output.name.endswith(RUN_SUFFIX):
        raise UsageError(f"{output} isn't called as a run file is.", f"Give a name that ends in {RUN_SUFFIX}.")
    order = verb.Order(target, output, program, verb.parse_duration(duration), confirm, keep_running, balance)
    with progress_bar("Recording") as progress:
        result = verb.record(order, progress)
    print_result(*described.of_summary(result.summary, output), as_json)
    if result.error is not None:
        raise result.error
    if result.summary.ended == "interrupted":
        raise KeyboardInterrupt


def info(
    run: Annotated[Path, typer.Argument(help="A run file, or a diagnostic bundle.", readable=False)],
    truth: Annotated[bool, typer.Option("--truth", help="Also what truly happened, of a virtual pump.")] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Read all evidence and compare its digest: 1 where it differs.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Says what a run file holds."""
    from rig import described
    from rig.bundle.bundle import is_bundle

    if is_bundle(run):
        from rig.bundle import verb

        data, text = verb.info(run, truth, verify)
        verified = data.get("recording", {})
    else:
        data, text = described.of_run(run, truth, verify)
        verified = data
    print_result(data, text, as_json)
    if verified.get("evidence") == "differs":
        raise typer.Exit(1)


def finish(
    run: Annotated[Path, typer.Argument(help="A run file that was cut short.", readable=False)],
    as_json: AsJson = False,
) -> None:
    """Gives an end to a recording that a crash or a power cut left without one, and folds the .wal beside it."""
    from rig import described
    from rig.recording.finish import finish_recording

    _warn_of(run)
    with progress_bar("Finishing") as progress:
        summary = finish_recording(run, SystemClock().utc_us(), lambda done, total: progress(done, total, ""))
    print_result(*described.of_summary(summary, run), as_json)


def rescue(
    run: Annotated[Path, typer.Argument(help="A damaged run file.", readable=False)],
    output: Annotated[Path, typer.Option("--output", "-o", help="The run file to make, *.run.duckdb.")],
    as_json: AsJson = False,
) -> None:
    """Saves what can still be read of a damaged recording, as a new one."""
    from rig import described
    from rig.recording.rescue import rescue

    if not output.name.endswith(RUN_SUFFIX):
        raise UsageError(f"{output} isn't called as a run file is.", f"Give a name that ends in {RUN_SUFFIX}.")
    with progress_bar("Rescuing") as progress:
        rescued = rescue(run, output, SystemClock().utc_us(), lambda saved: progress(saved, None, ""))
    print_result(*described.of_rescued(rescued, output), as_json)


def replay(
    run: Annotated[Path, typer.Argument(help="A run file.", readable=False)],
    speed: Annotated[str, typer.Option("--speed", help="Recorded seconds a second, 0.1 to 10000, or max.")] = "1",
    at: Annotated[str, typer.Option("--at", help='Begin at 00:12:31 or "12 min" from the start, or at a time.')] = "",
    until: Annotated[str, typer.Option("--until", help="End there, likewise.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line on standard output.")] = False,
) -> None:
    """Plays a recording: says how things stood, and what happened as it comes."""
    from rig.replay import speeds, telling

    _warn_of(run)
    telling.tell(telling.Wanted(run, speeds.parse_speed(speed), at, until), as_json, print_line)


def note(
    run: Annotated[Path, typer.Argument(help="A run file.", readable=False)],
    text: Annotated[str, typer.Argument(help="What there is to say.")],
    at: Annotated[str, typer.Option("--at", help='When: 00:12:31 or "12 min" from the start, or ISO 8601.')] = "0s",
    author: Annotated[str, typer.Option("--author", help="Who says so.")] = "",
    as_json: AsJson = False,
) -> None:
    """Adds a note to a recording, beside its evidence."""
    from rig import described
    from rig.moments import parse_at
    from rig.recording import annotate
    from rig.recording.reader import RunReader

    with RunReader(run) as reader:
        started_us = reader.run.started_us
    added = annotate.add(run, text, parse_at(at, started_us), author, SystemClock().utc_us())
    print_result(*described.of_note(added, started_us), as_json)


def export(
    runs: Annotated[list[Path], typer.Argument(help="Run files.", readable=False)],
    format: Annotated[str, typer.Option("--format", "-f", help="parquet, csv or mcap.")] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="What to make; beside the run file, if not given.")
    ] = None,
    begin: Annotated[str, typer.Option("--from", help='Only from here on, like 00:12:31 or "12 min".')] = "",
    end: Annotated[str, typer.Option("--to", help="Only up to here.")] = "",
    channels: Annotated[str, typer.Option("--channels", help="Only these, like delivered_ul,flow_ml_day.")] = "",
    rate: Annotated[str, typer.Option("--rate", help='At most so many samples, like "1 Hz" or "10 s".')] = "",
    table: Annotated[str, typer.Option("--table", help="Only this table, as one file, like samples.")] = "",
    utc_offset: Annotated[str, typer.Option("--utc-offset", help="Of the times; the program's, if not given.")] = "",
    to_dataset: Annotated[
        Path | None, typer.Option("--to-dataset", help="Add the runs to this Parquet dataset, by device and day.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over what is there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Writes recordings as Parquet, CSV or MCAP, for other tools."""
    from rig.export import verb

    _warn_of(*runs)
    words = verb.Words(format, begin, end, channels, rate, table, utc_offset, force)
    with progress_bar("Exporting") as progress:
        made, failed = verb.export_runs(runs, words, output, to_dataset, progress)
    if made:
        print_result(*verb.of_exported(made), as_json)
    for _, error in failed[1:]:
        typer.echo(plain(f"pump-programmer: {error.sentence()}"), err=True)
    for _, error in failed[:1]:
        raise error


def compare(
    golden: Annotated[Path, typer.Argument(help="The run that others are to be like.", readable=False)],
    new: Annotated[list[Path], typer.Argument(help="Runs to compare with it.", readable=False)],
    align: Annotated[str, typer.Option("--align", help="start, clock, event:KIND or event:KIND:2.")] = "start",
    tolerance: Annotated[str, typer.Option("--tolerance", help="A tolerance file, or the name of one.")] = "bench",
    junit: Annotated[Path | None, typer.Option("--junit", help="Also write a JUnit report into this file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Compares recordings with a golden one: 1 where one differs by more than is allowed."""
    from rig.compare import alignment, comparing, said
    from rig.compare import junit as reports
    from rig.compare import tolerance as tolerances

    aligned, allowed = alignment.parse_alignment(align), tolerances.load(tolerance)
    _warn_of(golden, *new)
    with progress_bar("Comparing") as progress:
        found = comparing.compare(golden, new, aligned, allowed, progress)
    if junit is not None:
        reports.write(junit, found)
    print_result(said.as_json(found), said.as_text(found), as_json)
    if not found.passed:
        raise typer.Exit(1)


def report(
    run: Annotated[Path, typer.Argument(help="A run file.", readable=False)],
    output: Annotated[Path, typer.Option("--output", "-o", help="What to make: *.html or *.pdf.")],
    limit: Annotated[
        str, typer.Option("--limit", help='Judge deliveries by this, like "5 %"; by the pump\'s own, if not given.')
    ] = "",
    utc_offset: Annotated[str, typer.Option("--utc-offset", help="Of the times; the program's, if not given.")] = "",
    truth: Annotated[bool, typer.Option("--truth", help="Also what truly happened, of a virtual pump.")] = False,
    verify: Annotated[bool, typer.Option(help="Read all evidence again for its digest.")] = True,
    force: Annotated[bool, typer.Option("--force", help="Write over what is there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Makes a report of a run, to read, print and keep: deliveries against plan, accuracy, events, receipts."""
    from rig.report import verb

    _warn_of(run)
    words = verb.Words(limit, utc_offset, truth, verify, force)
    with progress_bar("Report") as progress:
        made = verb.make(run, output, words, progress)
    print_result(*verb.of_report(made, output), as_json)


def _warn_of(*runs: Path) -> None:
    """Says what may be missing of those that can be read."""
    from rig.recording.errors import RunFileError
    from rig.recording.reader import RunReader

    for run in runs:
        with suppress(RunFileError), RunReader(run) as reader:
            for doubt in reader.doubts():
                typer.echo(plain(f"pump-programmer: {doubt}"), err=True)


#: In the order of the help.
VERBS = (record, info, replay, note, finish, rescue, export, compare, report)
