"""The user guide, in the window and without a network."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QTextBrowser, QWidget

from programmer_gui.theme import Theme
from programmer_gui.views.dialogs import Panel
from rig import guide
from rig.resources import resource

SIZE = (960, 720)
CONTENTS_PX = 208


class GuideDialog(Panel):
    """Headings at the left, the text at the right."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent, "User guide", cancel="Close")
        self._theme = theme
        self.text = QTextBrowser()
        self.text.setAccessibleName("User guide")
        self.text.setOpenExternalLinks(True)
        self.text.setSearchPaths([str(resource("guide"))])
        self.contents = QListWidget()
        self.contents.setAccessibleName("Contents of the guide")
        self.contents.setFixedWidth(CONTENTS_PX)
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
        """Once more with other colours."""
        tokens = self._theme.tokens
        document = self.text.document()
        document.setBaseUrl(QUrl.fromLocalFile(f"{resource('guide')}/"))
        document.setDefaultStyleSheet(
            f"a {{ color: {tokens.accent}; }} code {{ color: {tokens.text}; }} "
            f"th {{ color: {tokens.muted}; text-align: left; }}"
        )
        self.text.setMarkdown(guide.text())

    def _show_heading(self, place: int) -> None:
        document = self.text.document()
        block = document.begin()
        wanted = self.headings[place]
        while block.isValid():
            if block.blockFormat().headingLevel() and block.text() == wanted:
                self.text.setTextCursor(QTextCursor(block))
                top = document.documentLayout().blockBoundingRect(block).top()
                self.text.verticalScrollBar().setValue(round(top))
                return
            block = block.next()
