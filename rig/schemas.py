"""JSON schemas of all the files that people write, for editors that complete and check while one types."""

from typing import Any

from rig.therapy import schema as therapy
from rig.virtual import fault_file

NAMES = (*therapy.NAMES, "faults")


def schema(name: str) -> dict[str, Any]:
    """The JSON schema of the files called ``name``, one of NAMES; raises KeyError for any other."""
    return fault_file.schema() if name == "faults" else therapy.schema(name)
