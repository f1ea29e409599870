"""What is being written where the cursor is in a script, and what could stand there.  Free of Qt."""

import re
from collections.abc import Sequence
from html import escape

from rig.qa.files import help as helps
from rig.qa.files.help import FieldHelp, Help
from rig.qa.files.slots import HEADS

_STEP = re.compile(r"(\s*)-\s+(?:(do|wait|expect|ask|note|include|repeat)\s*:\s*([^#]*?)\s*(?:#.*)?)?$")
_KEY = re.compile(r"\s*(?:-\s+)?([\w-]+)\s*:\s*(.*)$")
_LIST = re.compile(r"(steps|cleanup)\s*:")


def step_at(lines: Sequence[str], line: int) -> Help | None:
    """The help of the step that line ``line``, from 1, belongs to; None for no step."""
    at = min(line, len(lines)) - 1
    if at < 0:
        return None
    deep = _depth(lines[at]) if lines[at].strip() else 10**6
    for text in reversed(lines[: at + 1]):
        found = _STEP.match(text)
        if found is not None and (len(found[1]) < deep or text is lines[at]):
            return helps.of(found[2], (found[3] or "").strip("\"' ")) if found[2] else None
        if _LIST.match(text) or (text.strip() and not text.startswith((" ", "-", "#"))):
            return None
    return None


def in_steps(lines: Sequence[str], line: int) -> bool:
    """Whether line ``line``, from 1, is below steps or cleanup."""
    for text in reversed(lines[: max(0, line)]):
        if text.strip() and not text.startswith((" ", "-", "#")):
            return _LIST.match(text) is not None
    return False


def field_at(lines: Sequence[str], line: int) -> FieldHelp | None:
    """The help of the field that line ``line``, from 1, gives."""
    if not 0 < line <= len(lines):
        return None
    found = _KEY.match(lines[line - 1])
    if found is None:
        return None
    step = step_at(lines, line)
    fields = step.fields if step is not None else () if in_steps(lines, line) else helps.head_fields()
    return next((field for field in fields if field.key == found[1]), None)


def words_at(lines: Sequence[str], line: int, column: int) -> list[str]:
    """What could be written at that place: fields, or what a field may be."""
    text = lines[line - 1][:column] if 0 < line <= len(lines) else ""
    value = re.match(r"\s*(?:-\s+)?([\w-]+)\s*:\s*[\w-]*$", text)
    if value is not None:
        return _choices(lines, line, value[1])
    if re.match(r"\s*-\s+[\w-]*$", text):
        return [f"{head}: " for head in HEADS]
    step = step_at(lines, line)
    if step is not None:
        return [f"{field.key}: " for field in step.fields]
    return [] if in_steps(lines, line) else [f"{field.key}: " for field in helps.head_fields()] + ["steps:", "cleanup:"]


def _choices(lines: Sequence[str], line: int, key: str) -> list[str]:
    if key in HEADS:
        return [step.word for step in helps.steps() if step.head == key and step.word]
    field = field_at(lines, line)
    return list(field.choices) if field is not None else []


def html(lines: Sequence[str], line: int, muted: str, accent: str) -> str:
    """What is to be known of the step or field at ``line``, from 1; colours as "#rrggbb"."""
    step, now = step_at(lines, line), field_at(lines, line)
    if step is None and in_steps(lines, line):
        rows = [_row(one.name, one.title, one.help, muted, accent) for one in helps.steps()]
        return f"<h3>A step</h3><p>It begins with one of these.</p>{''.join(rows)}"
    if step is None:
        fields = helps.head_fields()
        rows = [_field(one, one is now or one == now, muted, accent) for one in fields]
        return f"<h3>The script</h3><p>What stands before its steps.</p>{''.join(rows)}"
    rows = [_field(one, one == now, muted, accent) for one in step.fields]
    example = f'<pre style="color:{muted}">- {_indented(step.example)}</pre>' if step.example else ""
    return f"<h3>{escape(step.title)}</h3><p>{escape(step.help)}</p>{example}{''.join(rows)}"


def _indented(example: str) -> str:
    return escape(example.replace("\n", "\n  "))


def _row(name: str, title: str, words: str, muted: str, accent: str) -> str:
    said = f"{escape(title)}. {escape(words)}"
    return f'<p><b style="color:{accent}">{escape(name)}</b><br/><span style="color:{muted}">{said}</span></p>'


def _field(field: FieldHelp, here: bool, muted: str, accent: str) -> str:
    must = " (must be given)" if field.required else ""
    example = f" For example <i>{escape(field.example.rstrip('.'))}</i>." if field.example else ""
    choices = f" One of {escape(', '.join(field.choices))}." if 0 < len(field.choices) <= 12 else ""
    name = f'<b style="color:{accent}">{escape(field.key)}</b>{must}'
    said = f"{escape(field.help)}{example}{choices}"
    if here:
        return f"<p>▸ {name}<br/>{said}</p>"
    return f'<p>{name}<br/><span style="color:{muted}">{said}</span></p>'


def _depth(text: str) -> int:
    return len(text) - len(text.lstrip(" "))
