"""JSON schemas of all the files that people write, for editors that complete and check while one types."""

from typing import Any

from rig.compare import tolerance_file
from rig.qa.files import script_schema
from rig.therapy import schema as therapy
from rig.virtual import fault_file

NAMES = (*therapy.NAMES, "faults", "tolerance", "qa", "qa-part")


def schema(name: str) -> dict[str, Any]:
    """The JSON schema of the files called ``name``, one of NAMES; raises KeyError for any other."""
    own = {
        "faults": fault_file.schema,
        "tolerance": tolerance_file.schema,
        "qa": script_schema.schema,
        "qa-part": script_schema.part_schema,
    }
    return own[name]() if name in own else therapy.schema(name)
