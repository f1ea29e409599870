"""Makes this checkout ready to run: the Debian packages that Qt needs, a virtual environment, pinned versions.

    python3.11 .ci/setup.py

Needs nothing but Python 3.11 or newer.  ``make`` runs it whenever it is needed; running it again does no harm.
"""

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST = (3, 11)

# library that Qt loads -> Debian package that brings it.  PySide6's wheel has everything else.
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
    # for a window on an X display
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")


def loads(library: str) -> bool:
    """Whether the dynamic linker finds ``library``."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_font() -> bool:
    """Whether there is any scalable font."""
    folders = (Path(folder).expanduser() for folder in FONT_FOLDERS)
    return any(path.suffix.lower() in (".ttf", ".otf", ".ttc") for folder in folders for path in folder.rglob("*"))


def missing_packages() -> list[str]:
    """Debian packages that this machine lacks; found by what they bring, so an installed set costs no apt run."""
    packages = [package for library, package in LIBRARIES.items() if not loads(library)]
    if not has_font():
        packages.append("fonts-dejavu-core")
    if importlib.util.find_spec("ensurepip") is None:  # Debian's own Python comes without it
        packages.append(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
    return packages


def root_prefix() -> list[str] | None:
    """What to put before a command to run it as root without being asked; None where that isn't possible."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n"]
    return None


def install_packages(packages: list[str]) -> None:
    """Installs them, or says in one sentence how to; ends the program where nothing would work without them."""
    if not shutil.which("apt-get"):
        print(f"Qt needs libraries that Debian calls {' '.join(packages)}: install them with your package manager.")
        return
    prefix = root_prefix()
    if prefix is None:
        names = " ".join(packages)
        sys.exit(f"Qt needs packages that are missing here: run `sudo apt-get update && sudo apt-get install {names}`.")
    print(f"Installing Debian packages: {' '.join(packages)}", flush=True)
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    # An unreachable third-party source fails the update but not the installation.
    subprocess.run([*apt, "update"], stdin=subprocess.DEVNULL, check=False)
    install = [*apt, "install", "-y", "--no-install-recommends", *packages]
    run(install, f"apt-get could not install {' '.join(packages)}.", stdout=subprocess.DEVNULL)


def run(command: list[str], failure: str, stdout: int | None = None) -> None:
    """Runs ``command`` in the checkout; ends the program with the sentence ``failure`` if it fails."""
    if subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=stdout).returncode:
        sys.exit(failure)


def venv_version() -> str:
    """Version of the working Python in .venv, "" for none."""
    try:
        asked = subprocess.run(
            [VENV_PYTHON, "-c", "import pip, sys; print(sys.version)"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return asked.stdout.strip()


def main() -> None:
    """Every step in order; each is skipped when there is nothing to do."""
    if sys.version_info < OLDEST:
        sys.exit(f"Pump Programmer needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    if sys.platform == "linux" and (packages := missing_packages()):
        install_packages(packages)
    if venv_version() != sys.version.strip():
        venv.create(VENV, clear=True, with_pip=True)
    print("Installing the pinned versions of requirements.lock into .venv", flush=True)
    pip = [str(VENV_PYTHON), "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--no-deps"]
    run([*pip, "--require-hashes", "-r", "requirements.lock"], "pip could not install the pinned versions.")
    run([*pip, "--no-build-isolation", "--editable", "."], "pip could not install the project itself.")
    (VENV / ".ready").touch()


if __name__ == "__main__":
    main()
