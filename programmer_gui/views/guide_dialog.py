"""The user guide, in the window and without a network."""

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextBlockFormat, QTextCursor, QTextDocument, QTextLength, QTextTable
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QTextBrowser, QWidget

from programmer_gui.theme import Theme
from programmer_gui.views.dialogs import Panel
from rig import guide
from rig.resources import resource

SIZE = (960, 720)
CONTENTS_PX = 184
LETTERS = 9  # that any column has room for
ROOM = 4  # more than its longest word, which may be bold


class GuideDialog(Panel):
    """Headings at the left, the text at the right."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent, "User guide", cancel="Close")
        self._theme = theme
        self.text = QTextBrowser()
        self.text.setAccessibleName("User guide")
        self.text.setOpenExternalLinks(True)
        self.text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text.setSearchPaths([str(resource("guide"))])
        self.contents = QListWidget()
        self.contents.setAccessibleName("Contents of the guide")
        self.contents.setFixedWidth(CONTENTS_PX)
        self.contents.setSpacing(2)
        self.headings = guide.headings()
        for heading in self.headings:
            self.contents.addItem(heading)
        self.contents.currentRowChanged.connect(self._show_heading)
        both = QHBoxLayout()
        both.setSpacing(16)
        both.addWidget(self.contents)
        both.addWidget(self.text, 1)
        self.body.addLayout(both, 1)
        theme.changed.connect(self._fill)
        self._fill()
        self.resize(*SIZE)
        self.contents.setFocus()

    def _fill(self, *_: object) -> None:
        """Once more after a change of theme."""
        document = self.text.document()
        document.setBaseUrl(QUrl.fromLocalFile(f"{resource('guide')}/"))
        self.text.setMarkdown(guide.text())
        document.setDocumentMargin(16)
        self._space(document)
        for frame in document.rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                look = frame.format()
                look.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
                look.setCellPadding(6)
                look.setBorder(0)
                look.setTopMargin(8)
                look.setBottomMargin(16)
                look.setColumnWidthConstraints(_widths(frame))
                frame.setFormat(look)
        if self.contents.currentRow() >= 0:
            self._show_heading(self.contents.currentRow())

    @staticmethod
    def _space(document: QTextDocument) -> None:
        """Room above headings and between paragraphs, none in tables."""
        block = document.begin()
        while block.isValid():
            cursor, look = QTextCursor(block), block.blockFormat()
            if cursor.currentTable() is None and cursor.currentList() is None:
                look.setTopMargin({0: 0, 1: 0}.get(look.headingLevel(), 24))
                look.setBottomMargin(8)
                look.setLineHeight(130, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
                cursor.setBlockFormat(look)
            block = block.next()

    def _show_heading(self, place: int) -> None:
        document = self.text.document()
        block = document.begin()
        wanted = self.headings[place]
        while block.isValid():
            if block.blockFormat().headingLevel() and block.text() == wanted:
                self.text.moveCursor(QTextCursor.MoveOperation.End)  # so that the heading comes to the top
                self.text.setTextCursor(QTextCursor(block))
                self.text.ensureCursorVisible()
                return
            block = block.next()


def _widths(table: QTextTable) -> list[QTextLength]:
    """More room for columns with longer sentences: Qt gives what is long no more than what is short."""
    rows = range(table.rows())
    weights = []
    for column in range(table.columns()):
        texts = [_cell(table, row, column) for row in rows]
        word = max((len(word) for text in texts for word in text.split()), default=0) + ROOM
        weights.append(max(LETTERS, word, 3 * max(map(len, texts), default=0) ** 0.5))
    return [QTextLength(QTextLength.Type.PercentageLength, 100 * weight / sum(weights)) for weight in weights]


def _cell(table: QTextTable, row: int, column: int) -> str:
    cell = table.cellAt(row, column)
    cursor = cell.firstCursorPosition()
    cursor.setPosition(cell.lastPosition(), QTextCursor.MoveMode.KeepAnchor)
    return cursor.selectedText()
