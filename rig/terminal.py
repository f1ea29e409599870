"""What verbs of the command line share: options, the progress bar, and how results are printed."""

import json
import math
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Annotated, Any

import typer

from firmware_link.errors import UsageError

if TYPE_CHECKING:  # rich takes a while to import
    from rich.progress import Progress

Target = Annotated[
    str,
    typer.Option("--target", "-t", help='What to connect to: auto, a port, "sim:?seed=7&speed=60", upy:, socket://…'),
]
Balance = Annotated[
    str,
    typer.Option("--balance", help="A laboratory balance beside it: mt-sics:/dev/ttyUSB1, sbi:COM5, mt-sics:sim"),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


class Bar:
    """A progress bar on standard error; nothing where that is no terminal."""

    def __init__(self, bar: "Progress", title: str) -> None:
        self._bar, self._title = bar, title
        self._task = bar.add_task(title, total=None)

    def __call__(self, done: int, total: int | None, what: str) -> None:
        """So much is done, of so much in all, and ``what`` goes on."""
        self._bar.update(self._task, completed=done, total=total, description=what or self._title)

    def line(self, text: str) -> None:
        """A line of output: above the bar, where both go to the terminal.  Raises as ``print_line``."""
        if self._bar.disable or not sys.stdout.isatty():
            print_line(text)
            return
        from rich.text import Text

        self._bar.console.print(Text.from_ansi(text), soft_wrap=True)

    def stop(self) -> None:
        """Makes room, for a question."""
        self._bar.stop()

    def start(self) -> None:
        """Shows it again."""
        self._bar.start()


@contextmanager
def progress_bar(title: str) -> Iterator[Bar]:
    """For long work; told done, in all, and what goes on."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    shown = console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=not shown, redirect_stdout=False) as bar:
        yield Bar(bar, title)


def print_result(data: Any, text: str, as_json: bool) -> None:
    """``data`` as one line of JSON, or ``text``.  Raises UsageError where standard output takes nothing."""
    with suppress(typer.Exit):  # whoever has read enough may still want the exit code
        print_line(json_line(data) if as_json else plain(text))


def json_line(data: Any) -> str:
    """``data`` as JSON in one line: nothing that a terminal would obey, and null for what is no number."""
    try:
        text = json.dumps(data, ensure_ascii=False, allow_nan=False)
    except ValueError:
        text = json.dumps(_finite(data), ensure_ascii=False)
    return text if text.isprintable() else "".join(one if one.isprintable() else json.dumps(one)[1:-1] for one in text)


def _finite(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: _finite(value) for name, value in data.items()}
    if isinstance(data, list | tuple):
        return [_finite(value) for value in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data


def plain(text: str) -> str:
    """``text`` without what a file might make a terminal do; its lines stay."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() or one in "\n\t" else "\ufffd" for one in text)


def print_line(text: str) -> None:
    """``text``, at once.  Raises UsageError where standard output takes nothing, and ends where nobody reads on."""
    try:
        typer.echo(text)
    except BrokenPipeError as error:
        discard_output()
        raise typer.Exit(0) from error
    except OSError as error:
        discard_output()
        raise UsageError(f"The output can't be written: {error.strerror}.", "Send it somewhere else.") from error


def discard_output() -> None:
    """Forgets what is still to be written to a standard output that takes nothing."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
