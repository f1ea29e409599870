"""What is built carries everything the program needs, and what it needs is written down with a reason."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = (ROOT / "pyproject.toml").read_text()

READ_RESOURCES = """
import sys
sys.path.insert(0, sys.argv[1])
from rig.resources import resource
for path in sorted(resource().rglob("*")):
    if path.is_file():
        print(path.relative_to(resource()).as_posix())
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that this checkout builds."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_installed_program_finds_every_resource(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    read = subprocess.run(
        [sys.executable, "-I", "-c", READ_RESOURCES, str(tmp_path)],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    resources = ROOT / "resources"
    expected = {path.relative_to(resources).as_posix() for path in resources.rglob("*") if path.is_file()}
    assert set(read.stdout.splitlines()) == expected


def test_wheel_has_the_three_packages_and_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"firmware_link", "rig", "programmer_gui"}


def test_every_dependency_says_why() -> None:
    project = tomllib.loads(PYPROJECT)
    wanted = [
        *project["project"]["dependencies"],
        *(name for extra in project["project"]["optional-dependencies"].values() for name in extra),
        *(name for group in project["dependency-groups"].values() for name in group),
    ]
    lines = PYPROJECT.splitlines()
    for requirement in wanted:
        at = next(i for i, line in enumerate(lines) if f'"{requirement}"' in line)
        assert re.search(r"#\s*\w", lines[at]) or lines[at - 1].startswith("#"), f"{requirement}: why?"


def test_every_direct_dependency_is_locked() -> None:
    project = tomllib.loads(PYPROJECT)
    locked = set(re.findall(r"^([a-z0-9.-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    for requirement in wanted:
        name = re.match(r"[\w.-]+", requirement)
        assert name
        assert re.sub(r"[._-]+", "-", name[0]).lower() in locked
