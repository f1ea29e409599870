"""What the README says can be done, can be done."""

import re
from pathlib import Path

from rig import cli

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()


def test_every_make_target_exists() -> None:
    named = set(
        re.findall(r"make(?: [A-Z]+=\S+)? ([a-z]+)\b(?! and)", " ".join(re.findall(r"`[^`]+`|^    .*$", README, re.M)))
    )
    made = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {"run", "test"} <= named <= made


def test_every_verb_exists_and_none_is_forgotten() -> None:
    named = set(re.findall(r"^\| `pump-programmer ([a-z]+)`", README, re.MULTILINE))
    verbs = {command.name or command.callback.__name__ for command in cli.app.registered_commands if command.callback}
    assert named == verbs
    assert set(re.findall(r"^    pump-programmer ([a-z]+)", README, re.MULTILINE)) <= verbs


def test_every_file_it_names_exists() -> None:
    named = re.findall(r"\]\(((?!http)[^)]+)\)", README) + re.findall(r"resources/\S+\.yaml", README)
    assert "LICENSE" in named
    assert not [name for name in named if not (ROOT / name).exists()]


def test_it_says_what_it_is_not() -> None:
    assert "For bench and test use, not a medical device" in README
