"""Writes a changed document into the YAML text that it came from: only what says something else is touched.

The text is edited at the marks of the parser, so that comments, blank lines, order and spelling stay as they are.
"""

import io
import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from rig import yamlfile


def rewrite(text: str, document: Mapping[str, Any]) -> str:
    """The text of ``document``, made of ``text``: an older version of it, or "".

    Raises yamlfile.FileFault for a ``text`` that is no YAML.
    """
    lines = text.replace("\r\n", "\n")
    lines += "" if lines.endswith("\n") else "\n"
    old = _says(lines)
    if not isinstance(old, dict):
        return _anew(document)
    if repr(old) == repr(dict(document)):
        return text
    editor = _Editor(lines)
    try:
        editor.change_map(yamlfile.round_trip().compose(lines), old, document)
    except _NotInPlaceError:
        return _anew(document)
    changed = editor.text()
    if not _is(changed, document):  # better without comments than wrong
        return _anew(document)
    return changed.replace("\n", "\r\n") if "\r\n" in text else changed


def _anew(document: Mapping[str, Any]) -> str:
    """The text of ``document``; all in quotes where the writer spares some that the parser needs."""
    text = _fresh(document)
    return text if _is(text, document) else _written(_tree(document, quoted=True))


class _NotInPlaceError(Exception):
    """What is to be changed can't be while its surroundings stay; they are written anew."""


class _Editor:
    """Collects changes of one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._edits: list[tuple[int, int, str]] = []  # from, to, instead

    def text(self) -> str:
        """The text with every change made; of two at one place the first comes first."""
        pieces, at = [], 0
        for start, end, instead in sorted(self._edits, key=lambda edit: edit[:2]):
            pieces += [self._text[at:start], instead]
            at = end
        return "".join(pieces) + self._text[at:]

    def change(self, node: Any, old: Any, new: Any) -> None:
        """Makes ``node``, which says ``old``, say ``new``; raises _NotInPlaceError."""
        if repr(old) == repr(new):
            return
        scalar = isinstance(node, ScalarNode)
        if (scalar and _wide(node) and isinstance(new, str | int)) or (not scalar and node.flow_style):
            self._replace(node, _in_line(new))
        elif isinstance(node, MappingNode) and isinstance(new, Mapping):
            self.change_map(node, old, new)
        elif isinstance(node, SequenceNode) and isinstance(new, list) and new:
            self._change_list(node, old, new)
        else:
            raise _NotInPlaceError

    def change_map(self, node: Any, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        """``change`` of a mapping in block style."""
        parts = dict(zip(old, node.value, strict=False))
        if node.flow_style or len(parts) != len(node.value) or not any(key in new for key in old):
            raise _NotInPlaceError
        self._remove_keys(parts, [key for key in old if key not in new])
        column = node.value[0][0].start_mark.column
        before = None
        for key, value in new.items():
            if key in parts:
                self._change_entry(key, parts[key], old[key], value)
                before = key
            elif before is None:
                first = next(part for name, part in parts.items() if name in new)[0].start_mark.index
                self._edits.append((first, first, _indented({key: value}, column).lstrip() + " " * column))
            else:
                end = self._line_end(_end(parts[before][1]))
                self._edits.append((end, end, _indented({key: value}, column)))

    def _change_entry(self, key: str, part: tuple[Any, Any], old: Any, new: Any) -> None:
        count = len(self._edits)
        try:
            self.change(part[1], old, new)
        except _NotInPlaceError:
            del self._edits[count:]
            start, end = part[0].start_mark, max(_end(part[1]), part[0].end_mark.index + 1)
            end = len(self._text[:end].rstrip())
            self._edits.append((start.index, end, _indented({key: new}, start.column).strip()))

    def _remove_keys(self, parts: Mapping[str, Any], gone: list[str]) -> None:
        names = list(parts)
        for key in gone:
            start = parts[key][0].start_mark
            line = self._text.rfind("\n", 0, start.index) + 1
            if not self._text[line : start.index].strip():
                self._edits.append((line, self._line_end(_end(parts[key][1])), ""))
                continue
            following = names[names.index(key) + 1 :]  # it stands behind a dash, where the next has to go
            if not following or following[0] in gone:
                raise _NotInPlaceError
            self._edits.append((start.index, parts[following[0]][0].start_mark.index, ""))

    def _change_list(self, node: Any, old: list[Any], new: list[Any]) -> None:
        """``change`` of a list in block style; items that only moved keep their lines."""
        dashes = [self._text.rfind("-", 0, item.start_mark.index) for item in node.value]
        lines = [self._text.rfind("\n", 0, dash) + 1 for dash in dashes]
        if not node.value or any(self._text[line:dash].strip() for line, dash in zip(lines, dashes, strict=True)):
            raise _NotInPlaceError
        column = dashes[0] - lines[0]
        matcher = SequenceMatcher(None, [repr(item) for item in old], [repr(item) for item in new], autojunk=False)
        for _, i1, i2, j1, j2 in matcher.get_opcodes():
            kept = min(i2 - i1, j2 - j1)
            for index in range(kept):
                self._change_item(node.value[i1 + index], dashes[i1 + index], old[i1 + index], new[j1 + index])
            for index in range(i1 + kept, i2):
                self._edits.append((lines[index], self._line_end(_end(node.value[index])), ""))
            at = self._line_end(_end(node.value[i1 + kept - 1])) if i1 + kept else lines[0]
            self._edits += [(at, at, _indented([item], column)) for item in new[j1 + kept : j2]]

    def _change_item(self, node: Any, dash: int, old: Any, new: Any) -> None:
        count = len(self._edits)
        try:
            self.change(node, old, new)
        except _NotInPlaceError:
            del self._edits[count:]
            column = dash - self._text.rfind("\n", 0, dash) - 1
            self._edits.append((dash, _end(node), _indented([new], column).strip()))

    def _replace(self, node: Any, instead: str) -> None:
        """Puts ``instead`` there; a comment behind it stays in its column where there is room."""
        start, end = node.start_mark.index, _end(node)
        space = re.match(r" +(?=#)", self._text[end:])
        if space:
            free = len(space[0]) + (end - start) - len(instead)
            end += len(space[0])
            instead += " " * max(1, free)
        self._edits.append((start, end, instead))

    def _line_end(self, index: int) -> int:
        return self._text.index("\n", index) + 1


def _end(node: Any) -> int:
    """Behind the last character that says something within ``node``; a block's own mark is behind the comments."""
    if isinstance(node, MappingNode) and not node.flow_style and node.value:
        return _end(node.value[-1][1]) if _wide(node.value[-1][1]) else int(node.value[-1][0].end_mark.index)
    if isinstance(node, SequenceNode) and not node.flow_style and node.value:
        return _end(node.value[-1])
    mark = node.end_mark
    if isinstance(node, ScalarNode) and node.style in ("|", ">"):
        return int(node.start_mark.index) + len(mark.buffer[node.start_mark.index : mark.index].rstrip())
    return int(mark.index)


def _wide(node: Any) -> bool:
    return bool(node.end_mark.index > node.start_mark.index)


def _says(text: str) -> Any:
    return yamlfile.plain(yamlfile.parse(text, "text"), "text")


def _is(text: str, document: Mapping[str, Any]) -> bool:
    try:
        return bool(_says(text) == document)
    except yamlfile.FileFault:
        return False


def _fresh(document: Any) -> str:
    return _written(_tree(document))


def _written(tree: Any) -> str:
    yaml = yamlfile.round_trip()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 4096
    text = io.StringIO()
    yaml.dump(tree, text)
    return text.getvalue()


def _tree(value: Any, in_line: bool = False, quoted: bool = False) -> Any:
    """``value`` for the writer: a list of plain words, like weekdays, in one line."""
    tree: Any
    if isinstance(value, Mapping):
        tree = CommentedMap((_tree(key, quoted=quoted), _tree(item, in_line, quoted)) for key, item in value.items())
    elif isinstance(value, list):
        tree = CommentedSeq(_tree(item, in_line, quoted) for item in value)
        in_line = in_line or not any(isinstance(item, list | Mapping) for item in value)
    else:
        return DoubleQuotedScalarString(value) if quoted and isinstance(value, str) else value
    if in_line:
        tree.fa.set_flow_style()
    return tree


def _in_line(value: Any) -> str:
    """``value`` as it is written behind a key, in one line."""
    return _written({"k": _tree(value, in_line=True)}).removeprefix("k:").strip()


def _indented(value: Any, column: int) -> str:
    """The lines of a block, from ``column`` on."""
    if isinstance(value, list):  # the writer moves lists to the right, here its column is given
        first, *rest = _fresh(value[0]).splitlines() if isinstance(value[0], Mapping) else [_in_line(value[0])]
        lines = [f"- {first}", *(f"  {line}" for line in rest)]
    else:
        lines = _fresh(value).splitlines()
    return "".join(f"{' ' * column}{line}\n" for line in lines)
