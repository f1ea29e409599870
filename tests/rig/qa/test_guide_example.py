"""The script in the user guide does what the guide says."""

import re
import textwrap
from collections.abc import Callable
from pathlib import Path

from rig import guide


def test_the_script_in_the_guide_passes(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    found = re.search(r"^    qa: 1\n(?:    .*\n)+", guide.text(), re.MULTILINE)
    assert found is not None
    path = tmp_path / "bolus.qa.yaml"
    path.write_text(textwrap.dedent(found[0]))
    code, out, err = run("qa", str(path), "--target", "sim:?seed=7")
    assert (code, err) == (0, "")
    assert "1 passed" in out
