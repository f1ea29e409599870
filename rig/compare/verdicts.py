"""How the checks of two runs ended, those that both have: cases of test scripts, by their titles."""

from collections.abc import Iterator

from rig.compare.findings import TOTALS, Finding
from rig.compare.findings import Verdict as Judged
from rig.compare.material import Material, printable
from rig.measured import VERDICTS
from rig.recording.records import Verdict

_MOST = 1000  # checks of a run that are looked at, the latest
_RANK: dict[str, int] = {verdict: rank for rank, verdict in enumerate(VERDICTS)}


def compared(golden: Material, new: Material) -> Iterator[Finding]:
    """One that ended worse than in the golden run differs by more than is allowed."""
    before, after = _ends(golden), _ends(new)
    for name in (name for name in before if name in after):
        was, now = before[name], after[name]
        worse = _RANK[now] > _RANK[was]
        what = f"{name} ended as “{now}”, and in the golden run as “{was}”." if now != was else ""
        judged: Judged = "same" if now == was else "beyond" if worse else "not judged"
        said = "" if now == was else "worse" if worse else "better"
        yield Finding(TOTALS, f"check:{name}", name, was, now, said, "no worse", judged, what)


def _ends(one: Material) -> dict[str, str]:
    """Title -> the verdict, of a check that was made again the latest."""
    found = one.reader.records(Verdict)[-_MOST:]
    ends = {printable(check.name, 80): check.outcome or ("pass" if check.passed else "fail") for check in found}
    return {name: end for name, end in sorted(ends.items()) if end in _RANK}
