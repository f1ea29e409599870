"""How a command is turned down."""

from firmware_link.vocabulary import ERROR_CODES


class Refused(Exception):
    """``name`` is of vocabulary.ERRORS; ``detail`` is what its text on the host wants."""

    def __init__(self, name, detail=0):
        super().__init__(name)
        self.name = name
        self.code = ERROR_CODES[name]
        self.detail = detail
