"""A button whose contact bounces, made into presses."""

DEBOUNCE_MS = 30


class Button:
    """``presses`` since boot: each time the contact closes after it has been still."""

    def __init__(self):
        self.presses = 0

    def edge(self, closed, still_ms):
        """The contact has just opened or closed, ``still_ms`` after the edge before; less than 0 is longer ago than
        the board's ticks can tell."""
        if closed and not 0 <= still_ms < DEBOUNCE_MS:
            self.presses += 1
