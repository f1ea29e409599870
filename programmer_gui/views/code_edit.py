"""A text editor for YAML: line numbers, colours, marks of what is wrong, completion."""

import re
from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QRect, QSize, QStringListModel, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QCompleter, QListView, QPlainTextDocumentLayout, QPlainTextEdit, QTextEdit, QWidget

from programmer_gui.theme import Theme
from programmer_gui.tokens import Tokens

INDENT = "  "
OF_COMPLETER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Tab)  # while it offers something
_KEY = re.compile(r"^(\s*(?:- )*)([\w-]+)(?=\s*:(?:\s|$))")
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_PARAMETER = re.compile(r"\$\{[^}]*\}")
_INSIDE = re.compile(r"([{,]\s*)([\w-]+)(?=\s*:)")
_WORD = re.compile(r"[\w-]*$")


def _completes(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.ControlModifier


class YamlColours(QSyntaxHighlighter):
    """Keys, parameters and comments."""

    def __init__(self, document: QTextDocument, tokens: Tokens) -> None:
        super().__init__(document)
        self.set_tokens(tokens)

    def set_tokens(self, tokens: Tokens) -> None:
        """Colours of another theme."""
        self._key, self._comment, self._parameter = (QTextCharFormat() for _ in range(3))
        self._key.setForeground(QColor(tokens.accent))
        self._comment.setForeground(QColor(tokens.muted))
        self._parameter.setForeground(QColor(tokens.flow))
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        key = _KEY.match(text)
        if key is not None:
            self.setFormat(key.start(2), len(key[2]), self._key)
        for found in _INSIDE.finditer(text):
            self.setFormat(found.start(2), len(found[2]), self._key)
        for found in _PARAMETER.finditer(text):
            self.setFormat(found.start(), len(found[0]), self._parameter)
        comment = _COMMENT.search(text)
        if comment is not None:
            self.setFormat(comment.start(), len(text) - comment.start(), self._comment)


class _Numbers(QWidget):
    """The margin with the numbers of lines."""

    def __init__(self, editor: "CodeEdit") -> None:
        super().__init__(editor)
        self._editor = editor

    def sizeHint(self) -> QSize:
        return QSize(self._editor.margin_px(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._editor.paint_numbers(event)


class CodeEdit(QPlainTextEdit):
    """``words`` gives what could stand where the cursor is: for completion (Ctrl+Space)."""

    def __init__(self, theme: Theme, words: Callable[[], Iterable[str]]) -> None:
        super().__init__()
        self._theme, self._words = theme, words
        self._wrong: frozenset[int] = frozenset()
        self._documents: dict[str, tuple[QTextDocument, YamlColours]] = {}
        self._numbers = _Numbers(self)
        self.setProperty("role", "code")
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(False)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(13)
        font.setStyleHint(QFont.StyleHint.Monospace)
        self.setFont(font)
        self._list = QStringListModel(self)
        self._popup = QListView()
        self.completer_ = QCompleter(self._list, self)
        self.completer_.setPopup(self._popup)
        self.completer_.setWidget(self)
        self.completer_.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.completer_.activated.connect(self._complete)
        self.blockCountChanged.connect(lambda _: self._make_room())
        self.updateRequest.connect(self._scroll_numbers)
        self.cursorPositionChanged.connect(self._mark_lines)
        theme.changed.connect(self._set_tokens)
        self._make_room()

    def show_document(self, key: str, text: Callable[[], str]) -> None:
        """The document ``key``, with its own undo; one that isn't known yet begins with ``text``."""
        if key not in self._documents:
            document = QTextDocument(self)
            document.setDocumentLayout(QPlainTextDocumentLayout(document))
            document.setDefaultFont(self.font())
            document.setPlainText(text())
            self._documents[key] = (document, YamlColours(document, self._theme.tokens))
        self.setDocument(self._documents[key][0])
        self._make_room()
        self._mark_lines()

    def forget(self, key: str) -> None:
        """The document ``key`` begins anew when it is shown again."""
        self._documents.pop(key, None)

    def show_wrong(self, lines: Iterable[int]) -> None:
        """Marks these lines, from 1."""
        self._wrong = frozenset(lines)
        self._mark_lines()
        self._numbers.update()

    def go_to(self, line: int) -> None:
        """The cursor goes to a line, from 1."""
        block = self.document().findBlockByNumber(max(0, min(line, self.blockCount()) - 1))
        cursor = QTextCursor(block)
        cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock)
        self.setTextCursor(cursor)
        self.centerCursor()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def line(self) -> int:
        """Where the cursor is, from 1."""
        return self.textCursor().blockNumber() + 1

    def event(self, event: QEvent) -> bool:
        """Completion goes before what the window has that key for."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _completes(event):
            event.accept()
            return True
        return super().event(event)

    # -- keys ----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._popup.isVisible() and event.key() in OF_COMPLETER:
            event.ignore()
        elif _completes(event):
            self._offer()
        elif event.key() == Qt.Key.Key_Tab:
            self.insertPlainText(INDENT)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._break_line()
        else:
            super().keyPressEvent(event)
            if self._popup.isVisible():
                self._offer()

    def _break_line(self) -> None:
        """The next line begins below this one's first key."""
        cursor = self.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        indent = before[: len(before) - len(before.lstrip(" "))]
        deeper = INDENT if re.match(r"\s*- \S", before) else ""
        self.insertPlainText(f"\n{indent}{deeper}")

    def _offer(self) -> None:
        cursor = self.textCursor()
        found = _WORD.search(cursor.block().text()[: cursor.positionInBlock()])
        prefix = found[0] if found else ""
        self._list.setStringList(sorted(set(self._words())))
        self.completer_.setCompletionPrefix(prefix)
        popup = self._popup
        popup.setCurrentIndex(self.completer_.completionModel().index(0, 0))
        area = self.cursorRect()
        area.setWidth(popup.sizeHintForColumn(0) + popup.verticalScrollBar().sizeHint().width() + 24)
        self.completer_.complete(area)

    def _complete(self, word: str) -> None:
        cursor = self.textCursor()
        cursor.movePosition(
            QTextCursor.MoveOperation.Left,
            QTextCursor.MoveMode.KeepAnchor,
            len(self.completer_.completionPrefix()),
        )
        cursor.insertText(word)
        self.setTextCursor(cursor)

    # -- the margin, and what is marked --------------------------------------------------------------------------

    def margin_px(self) -> int:
        """As wide as the last line's number asks for."""
        return 24 + self.fontMetrics().horizontalAdvance("9") * max(3, len(str(self.blockCount())))

    def _make_room(self) -> None:
        self.setViewportMargins(self.margin_px(), 0, 0, 0)

    def _scroll_numbers(self, area: QRect, dy: int) -> None:
        if dy:
            self._numbers.scroll(0, dy)
        else:
            self._numbers.update(0, area.y(), self._numbers.width(), area.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        inside = self.contentsRect()
        self._numbers.setGeometry(QRect(inside.left(), inside.top(), self.margin_px(), inside.height()))

    def paint_numbers(self, event: QPaintEvent) -> None:
        """For the margin: numbers, and a mark where something is wrong."""
        tokens, painter = self._theme.tokens, QPainter(self._numbers)
        painter.fillRect(event.rect(), QColor(tokens.raised))
        painter.setFont(self.font())
        block, at = self.firstVisibleBlock(), self.contentOffset()
        top = self.blockBoundingGeometry(block).translated(at).top()
        width = self._numbers.width() - 10
        while block.isValid() and top <= event.rect().bottom():
            height, line = self.blockBoundingRect(block).height(), block.blockNumber() + 1
            wrong = line in self._wrong
            colour = tokens.alarm_high if wrong else tokens.text if line == self.line else tokens.muted
            painter.setPen(QColor(colour))
            area = QRect(0, round(top), width, round(height))
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(line))
            if wrong:
                painter.drawText(area.adjusted(5, 0, 0, 0), Qt.AlignmentFlag.AlignLeft, "✕")
            top += height
            block = block.next()
        painter.end()

    def _mark_lines(self) -> None:
        tokens = self._theme.tokens
        rows = [(line, tokens.alarm_high_soft) for line in sorted(self._wrong)]
        if not self.isReadOnly():
            rows.insert(0, (self.line, tokens.raised))
        self.setExtraSelections([self._marked(line, colour) for line, colour in rows])
        self._numbers.update()

    def _marked(self, line: int, colour: str) -> QTextEdit.ExtraSelection:
        made = QTextEdit.ExtraSelection()
        made.format.setBackground(QColor(colour))
        made.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        made.cursor = QTextCursor(self.document().findBlockByNumber(line - 1))
        return made

    def _set_tokens(self, tokens: Tokens) -> None:
        for _, colours in self._documents.values():
            colours.set_tokens(tokens)
        self._mark_lines()
