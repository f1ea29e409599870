"""What the command line does with bundles."""

import tempfile
from pathlib import Path
from typing import Any

from firmware_link.clock import SystemClock
from firmware_link.errors import UsageError
from rig import described, doctor
from rig.bundle import bundle
from rig.places import log_folder, runs_folder


def make(path: Path, with_run: bool, force: bool) -> str:
    """Writes a bundle of this computer, and says what is in it.  Raises UsageError where it can't, or where there is
    such a file."""
    if not bundle.is_bundle(path):
        raise UsageError(f"{path} isn't called as a bundle is.", f"Give a name that ends in {bundle.SUFFIX}.")
    if path.exists() and not force:
        raise UsageError(f"{path} exists already.", "Choose another name, or give --force to write over it.")
    about = bundle.make(path, bundle.Sources(runs_folder(), log_folder(), with_run=with_run), SystemClock())
    without = f"\nThe last recording isn't in it: {about.no_run}" if about.run is None else ""
    holds, lacks = ("".join(f"\n  - {one}" for one in lines) for lines in (bundle.HOLDS, bundle.LACKS))
    return f"Wrote {path}. It holds:{holds}\nIt doesn't hold:{lacks}{without}"


def info(path: Path, truth: bool, verify: bool) -> tuple[dict[str, Any], str]:
    """What the bundle ``path`` says, and what ``info`` says of the run in it, as ``described.of_run``."""
    held = bundle.opened(path)
    data = bundle.as_data(held)
    rows = bundle.facts(held)
    width = max(len(title) for title, _ in rows)
    text = "\n".join(f"{title:<{width}}  {words}" for title, words in rows)
    text += f"\n\n{doctor.as_text(list(held.about.findings))}" if held.about.findings else ""
    if held.run_bytes:
        with tempfile.TemporaryDirectory(prefix="pump-programmer-") as folder:
            run = bundle.extract_run(path, Path(folder))
            run_data, run_text = described.of_run(run, truth, verify)
        data["recording"] = run_data | {"run": bundle.RUN}
        text += "\n\n" + run_text.replace(str(run), bundle.RUN)
    return data, text
