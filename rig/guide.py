"""The user guide: ``resources/guide/guide.md``, whose tables are made from those that the program itself uses.

``python -m rig.guide`` renews them in the file; a test fails where somebody forgot.
"""

import re
from collections.abc import Callable, Iterable

from firmware_link import vocabulary
from rig.alarm_words import ALARMS
from rig.places import SCRIPT_SUFFIX
from rig.resources import resource
from rig.setting_words import SETTINGS, plain
from rig.words import ACTIONS, EVENTS, LEVEL_SYMBOLS, LEVEL_WORDS, LEVELS

_BLOCK = re.compile(r"<!-- table: (\w+) -->\n.*?<!-- end -->", re.DOTALL)
_MARK = re.compile(r"<!-- [^\n]*? -->\n?")
_HEADING = re.compile(r"^##+ (.+)$", re.MULTILINE)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _priority(level: int) -> str:
    name = LEVELS[level]
    return f"{LEVEL_SYMBOLS[name]} {LEVEL_WORDS[name]}"


def _alarms() -> str:
    """Most urgent first, otherwise in the order of the pump's own table."""
    rows = sorted(vocabulary.ALARMS, key=lambda row: -row[2])
    head = ("Alarm", "Priority", "When", "The pump", "Ends", "What to do")
    return _table(
        head,
        (
            (
                ALARMS[name].title,
                _priority(priority),
                ALARMS[name].cause,
                ACTIONS[vocabulary.ACTIONS[action]].removeprefix("The pump ").rstrip("."),
                "when cleared" if latching else "with its cause",
                ALARMS[name].remedy,
            )
            for _, name, priority, action, latching in rows
        ),
    )


def _tones() -> str:
    rows = ((_priority(priority), f"every {seconds // 60} min") for priority, seconds in vocabulary.TONES)
    return _table(("Priority of the alarm", "Tone, while it stands"), rows)


def _events() -> str:
    """All but the alarms, which have a table of their own."""
    rows = (
        (EVENTS[name], _priority(priority), meaning or "–")
        for _, name, priority, meaning in vocabulary.EVENTS
        if name in EVENTS
    )
    return _table(("Entry", "Priority", "What its number is"), rows)


def _settings() -> str:
    rows = []
    for _, name, low, high, default in vocabulary.SETTINGS:
        known = SETTINGS[name]
        shown = tuple(plain(value * known.scale) for value in (default, low, high))
        rows.append((known.title, known.unit or "–", *shown, known.help))
    return _table(("Setting", "Unit", "At first", "From", "To", "What it is for"), rows)


def _modes() -> str:
    from rig.therapy import files

    rows = []
    for mode, known in files.MODES.items():
        common = {field.path for field in files.fields("minimum rate")}
        own = [field for field in files.fields(mode) if "." not in field.path and field.path not in common]
        keys = [f"`{field.key}`" + ("" if field.required else "?") for field in own]
        rows.append((f"`{mode}`", known.blurb, ", ".join(keys) or "–"))
    return _table(("Mode", "What the pump does", "Fields of its own (? may be left out)"), rows)


def _fields() -> str:
    from rig.therapy import files

    rows = (
        (f"`{field.path}`", field.help, f"`{field.example}`" if field.example else "–", field.default or "–")
        for field in files.fields("minimum rate")
    )
    return _table(("Field", "What it says", "For example", "Without it"), rows)


def _commands() -> str:
    from rig.cli import app

    rows = []
    for command in app.registered_commands:
        assert command.callback is not None
        words = (command.callback.__doc__ or "").strip().partition("\n")[0]
        rows.append((f"`pump-programmer {command.name or command.callback.__name__}`", words))
    return _table(("Command", "What it does"), rows)


def _faults() -> str:
    """Each by its title and by its name in files."""
    from rig.virtual.fault_kinds import KINDS, Amount

    def much(amount: Amount | None) -> str:
        if amount is None:
            return ""
        low, high, usual = (plain(value) for value in (amount.low, amount.high, amount.default))
        return f"{low} to {high} {amount.unit}".strip() + f"; {usual}"

    head = ("Fault", "What happens", "In a file", "How much; usually", "Lasts")
    rows = ((kind.title, kind.what, f"`{kind.name}`", much(kind.amount), "yes" if kind.lasts else "") for kind in KINDS)
    return _table(head, rows)


def _answers() -> str:
    """What shows each fault, and who says so."""
    from rig.virtual.detection import ANSWERS
    from rig.virtual.fault_kinds import BY_HAND, KINDS

    def said(name: str) -> str:
        return ", ".join(ALARMS[alarm].title for alarm in ANSWERS[name].by) or "–"

    rows = ((kind.title, said(kind.name), ANSWERS[kind.name].how) for kind in KINDS if kind.group != BY_HAND)
    return _table(("Fault", "Alarm", "What shows it"), rows)


def _tolerances() -> str:
    from rig.compare.amounts import amount_text, share_text, span_text
    from rig.compare.tolerance import standard
    from rig.compare.tolerance_file import CHANNELS

    allowed = standard()
    rows = []
    for name, channel in CHANNELS.items():
        one = allowed.channel(channel.field)
        share = share_text(one.share) if one.share else "–"
        least, time = amount_text(one.least, channel.unit), span_text(one.time_s or 0.0)
        rows.append((channel.title, f"`{name}`", share, least, time))
    return _table(("Channel", "In a file", "Of the golden value", "And in any case", "Earlier or later"), rows)


def _steps() -> str:
    from rig.qa.files import help as script_help

    rows = []
    shared = {"as", "title", "on-fail", "refused"}
    for step in script_help.steps():
        own = [field for field in step.fields if field.key not in shared and field.key != step.head]
        keys = [f"`{field.key}`" + ("" if field.required else "?") for field in own]
        rows.append((f"`{step.name}`", step.help, ", ".join(keys) or "–"))
    return _table(("Step", "What it does", "Fields of its own (? may be left out)"), rows)


def _script_fields() -> str:
    from rig.qa.files import help as script_help

    rows = (
        (f"`{field.key}`" + ("" if field.required else "?"), field.help, f"`{field.example}`" if field.example else "–")
        for field in script_help.head_fields()
    )
    return _table(("Field (? may be left out)", "What it says", "For example"), rows)


def _script_words() -> str:
    from rig.qa.fields import FIELDS

    rows = [
        (f"`{field.name}`", field.title, ", ".join(field.words) or field.unit or "a number")
        for field in FIELDS
        if field.origin != "alarm"
    ]
    rows.append(("`alarm-…`", "An alarm, by its name: `alarm-low-reservoir`", "on, off"))
    return _table(("Field", "What it is", "Its words, or its unit"), rows)


def _scripts() -> str:
    """Those that come along."""
    from rig.qa.files import script_file
    from rig.therapy import units

    rows = []
    for path in script_file.library():
        cases = script_file.load(path)
        lasts, every = (units.duration_text(ms) for ms in (cases[0].duration_ms, cases[0].interval_ms))
        times = f"{len(cases)} × {lasts}" if len(cases) > 1 else lasts
        rows.append((f"`{path.name.removesuffix(SCRIPT_SUFFIX)}`", cases[0].about, times, every))
    return _table(("Script", "What it shows", "Pump time", "Telemetry each"), rows)


def _verdicts() -> str:
    from rig.qa.telling.verdict_words import WORDS

    return _table(("Verdict", "What it means"), ((f"{one.symbol} {one.word}", one.meaning) for one in WORDS.values()))


def _delays() -> str:
    from rig.virtual import measured

    return _table(*measured.delay_table(measured.delays()))


def _false_alarms() -> str:
    from rig.virtual import measured

    return _table(*measured.watch_table(measured.watches()))


def _balances() -> str:
    from rig.balance.address import FORMS

    return _table(("Address", "What it is"), ((f"`{form}`", f"{said[0].upper()}{said[1:]}.") for form, said in FORMS))


TABLES: dict[str, Callable[[], str]] = {
    "alarms": _alarms,
    "tones": _tones,
    "events": _events,
    "settings": _settings,
    "modes": _modes,
    "fields": _fields,
    "commands": _commands,
    "faults": _faults,
    "answers": _answers,
    "tolerances": _tolerances,
    "script_fields": _script_fields,
    "steps": _steps,
    "script_words": _script_words,
    "verdicts": _verdicts,
    "scripts": _scripts,
    "balances": _balances,
    "delays": _delays,
    "false_alarms": _false_alarms,
}


def source() -> str:
    """The file as it stands, with its marks."""
    return resource("guide/guide.md").read_text(encoding="utf-8")


def renewed(text: str) -> str:
    """``text`` with every marked table made anew; raises KeyError for a mark that names none."""
    return _BLOCK.sub(lambda match: f"<!-- table: {match[1]} -->\n{TABLES[match[1]]()}\n<!-- end -->", text)


def text() -> str:
    """The guide to read: without marks."""
    return _MARK.sub("", source())


def headings() -> list[str]:
    """Its headings below the title, in order."""
    return _HEADING.findall(text())


def main() -> None:
    """Renews the tables in the file."""
    resource("guide/guide.md").write_text(renewed(source()), encoding="utf-8")


if __name__ == "__main__":
    main()
