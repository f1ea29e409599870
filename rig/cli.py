"""The command line: arguments and exit codes only.  What a verb does lives in the modules it imports when it runs."""

import importlib
import io
import json
import logging
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from firmware_link.errors import PumpError, UsageError
from rig import qa_verb, review_verbs, run_verbs
from rig.places import PART_SUFFIX, RUN_SUFFIX, SCRIPT_SUFFIX
from rig.terminal import AsJson, Balance, discard_output, plain, print_result

app = typer.Typer(
    name="pump-programmer",
    help="Programs, watches and records a peristaltic test pump. For bench and test use, not a medical device.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def window_by_default(context: typer.Context) -> None:
    """Without a verb, opens the window."""
    if context.invoked_subcommand is None:
        gui(run=None, target=None)


@app.command()
def gui(
    run: Annotated[
        Path | None, typer.Argument(help="A recording to look at, or a program to edit.", show_default=False)
    ] = None,
    target: Annotated[str | None, typer.Option("--target", "-t", help="Connect to this at once.")] = None,
    at: Annotated[str, typer.Option("--at", help='Where in the recording: 00:12:31, "12 min", or ISO 8601.')] = "",
    balance: Balance = "",
) -> None:
    """Opens the window."""
    if balance and not target:
        raise UsageError("A balance weighs beside a pump, and none is given.", "Name it with --target.")
    if at and (run is None or not run.name.endswith(RUN_SUFFIX)):
        raise UsageError("--at is a moment of a recording, and none is given.", "Name a *.run.duckdb file.")
    # Found by name at run time: the window builds on this package, never the other way round.
    window = importlib.import_module("programmer_gui.app")
    raise typer.Exit(window.run_window(f"{target} with {balance}" if balance else target, run, at))


@app.command()
def devices(as_json: AsJson = False) -> None:
    """Lists the serial ports and which of them look like a pump."""
    from firmware_link import serial_port
    from rig import described

    print_result(*described.of_ports(serial_port.list_ports()), as_json)


for verb in (*run_verbs.VERBS, *review_verbs.VERBS, qa_verb.qa):
    app.command()(verb)


@app.command()
def check(
    programs: Annotated[list[Path], typer.Argument(help="Program or fault files, or test scripts.", readable=False)],
    limits: Annotated[str, typer.Option("--limits", help="A limit set in the place of the program's own.")] = "",
    target: Annotated[str, typer.Option("--target", "-t", help="Also check against what this pump holds.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a file on standard output.")] = False,
) -> None:
    """Checks programs, faults and scripts before they run: 1 where something forbids one, 4 where one can't be read."""
    from rig import described
    from rig.programs import checking

    scripts = tuple(path for path in programs if path.name.endswith((SCRIPT_SUFFIX, PART_SUFFIX)))
    code = qa_verb.check_scripts(scripts, as_json) if scripts else 0
    files = checking.check_files([path for path in programs if path not in scripts], limits, target)
    for file in files:
        data, text = described.of_check(file)
        if text or as_json:
            print_result(data, text, as_json)
        for fault in file.faults:
            typer.echo(f"pump-programmer: {fault.sentence()}", err=True)
    raise typer.Exit(max([code, *(file.exit_code for file in files)]))


@app.command()
def verdict(
    program: Annotated[
        Path, typer.Argument(help="The screening's program file, which keeps its course.", readable=False)
    ],
    seen: Annotated[str, typer.Argument(help='What was seen after the last bolus: "response" or "no response".')],
    effect: Annotated[str, typer.Option("--effect", help='How long a response lasted, like "6 h".')] = "",
    early: Annotated[bool, typer.Option("--early", help="Although it was observed for less than 4 h.")] = False,
) -> None:
    """Notes the verdict on a screening's last bolus; without one the next is refused."""
    from rig.programs import screened

    typer.echo(screened.verdict_from_words(program, seen, effect, early))


@app.command()
def sim(
    pty: Annotated[
        bool, typer.Option("--pty", help="Serve the rig on a pseudo-terminal, for any serial client.")
    ] = False,
    listen: Annotated[str, typer.Option("--listen", help="Serve it on HOST:PORT instead.")] = "",
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**32 - 1, help="Same seed, same pump.")] = 1,
    speed: Annotated[float, typer.Option("--speed", min=0.1, max=100_000, help="Pump seconds a second.")] = 1.0,
    link: Annotated[
        Path | None, typer.Option("--link", help="Also make this symbolic link to the pseudo-terminal.")
    ] = None,
    faults: Annotated[str, typer.Option("--faults", help="What goes wrong: a fault file, or the name of one.")] = "",
    rig: Annotated[str, typer.Option("--rig", help="What the rig is made of: a file, or the name of one.")] = "",
    balance: Annotated[
        str, typer.Option("--balance", help="Also a laboratory balance: mt-sics or sbi, with :open an open cup.")
    ] = "",
) -> None:
    """Runs a virtual rig that any serial client can talk to, until Ctrl-C."""
    from rig.targets import VirtualTarget
    from rig.virtual import serve as verb

    if pty == bool(listen):
        said = "Two ways to reach the rig are given." if pty else "Nothing says how the rig is to be reached."
        raise UsageError(said, "Give either --pty or --listen HOST:PORT.")
    if listen and (link or balance):
        what = "nothing that --link could point to" if link else "no port for a balance"
        raise UsageError(f"A rig on HOST:PORT has {what}.", "Leave it out, or give --pty.")
    target = VirtualTarget("sim", seed, speed, faults, rig)
    verb.serve(target, listen=listen, link=link, balance=balance, announce=typer.echo)


@app.command()
def schema(
    name: Annotated[
        str, typer.Argument(help="program, limits, pump, catheter, faults, tolerance, qa or qa-part.")
    ] = "program",
) -> None:
    """Prints the JSON schema of a kind of file, for editors that complete and check what one types."""
    from rig import schemas

    if name not in schemas.NAMES:
        raise UsageError(f'There is no schema called "{name[:40]}".', f"There are: {', '.join(schemas.NAMES)}.")
    typer.echo(json.dumps(schemas.schema(name), indent=2, ensure_ascii=False))


@app.command()
def doctor(
    bundle: Annotated[
        Path | None, typer.Option("--bundle", help="Also put all of it, the log and the last recording into this file.")
    ] = None,
    without_run: Annotated[bool, typer.Option("--without-run", help="Leave the recording out of the bundle.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over what is there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Looks at this computer: versions, folders, ports, permissions, the real MicroPython, the display."""
    from rig import doctor as verb

    if bundle is not None:
        from rig.bundle import verb as bundling

        said = bundling.make(bundle, not without_run, force)
        typer.echo(said, err=True)
    findings = verb.examine()
    print_result(verb.as_json(findings), verb.as_text(findings), as_json)
    if any(not finding.ok for finding in findings):
        raise typer.Exit(1)


INTERRUPTED = 2
BROKEN = 3  # this program itself, as pytest's
#: what the argument parser ends with -> what this program does, as pytest: wrong words, Ctrl-C
_EXIT_CODES: dict[Any, int] = {2: 4, 130: INTERRUPTED}


def main() -> None:
    """The console script.  No traceback reaches a user: what this program raises on purpose becomes a sentence."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a file's name may be no text
            stream.reconfigure(errors="backslashreplace")
    if not os.environ.get(
        "PUMP_PROGRAMMER_DEBUG"
    ):  # else what is logged goes to stderr, which is Python's own last net
        logging.getLogger("rig").addHandler(logging.NullHandler())
    try:
        app()
    except SystemExit as end:
        sys.exit(_EXIT_CODES.get(end.code, end.code))
    except PumpError as error:
        typer.echo(plain(f"pump-programmer: {error.sentence()}"), err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        discard_output()
        sys.exit(0)
    except Exception as error:  # the last net: a sentence, and the details on request
        if os.environ.get("PUMP_PROGRAMMER_DEBUG"):
            raise
        typer.echo(f"pump-programmer: something in this program failed: {error!r}. The pump is not affected.", err=True)
        typer.echo("Set PUMP_PROGRAMMER_DEBUG=1 to see where, and report it.", err=True)
        sys.exit(BROKEN)


if __name__ == "__main__":
    main()
