"""What is printed: always JSON where JSON is asked for, and never an order to the terminal."""

import json
import math
import os
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from rig.terminal import json_line, plain

documents = st.recursive(st.none() | st.integers() | st.text(max_size=9), lambda inner: st.lists(inner, max_size=3))


@given(documents)
def test_json_is_one_printable_line_and_says_the_same(data: object) -> None:
    line = json_line(data)
    assert line.isprintable()
    assert json.loads(line) == data


def test_what_is_no_number_is_null() -> None:
    assert json.loads(json_line({"a": [math.nan, 1.5], "b": (math.inf,)})) == {"a": [None, 1.5], "b": [None]}


def test_words_keep_their_lines_and_lose_what_a_terminal_obeys() -> None:
    assert plain("µ ✓\n\x1b[2J\x9b31m\u202e\r") == "µ ✓\n\ufffd[2J\ufffd31m\ufffd\ufffd"


def test_whoever_has_read_enough_ends_a_line_by_line_verb_and_nothing_has_failed() -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as closed:
        ended = subprocess.run([sys.executable, "-c", _TELL], stdout=closed, stderr=subprocess.PIPE, timeout=50)
    assert (ended.returncode, ended.stderr) == (0, b"")


_TELL = """
import typer
from rig.terminal import print_line

def tell() -> None:
    while True:
        print_line("a line")

typer.run(tell)
"""
