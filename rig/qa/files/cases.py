"""The cases of a script: one for each row of its table."""

from dataclasses import dataclass
from typing import Any

from firmware_link.errors import UsageError
from rig.qa.files.filling import read_parameters
from rig.qa.files.source import Faults, Source

MOST = 1000  # rows
_LONGEST = 200  # characters of a case's name


@dataclass(frozen=True)
class Row:
    """One case: what it is called, its parameters, and where each of them stands."""

    case: str
    parameters: dict[str, str]
    fields: dict[str, str]  # "table[2].rate"


def rows_of(source: Source, faults: Faults) -> list[Row]:
    """The rows of the table of ``source``, a single one without a table; what is wrong is told."""
    common = _parameters(source, "parameters", source.said.get("parameters", {}), faults)
    places = {name: f"parameters.{name}" for name in common}
    if "table" not in source.said:
        return [Row("", common, places)]
    table = source.said["table"]
    if not isinstance(table, list) or not table:
        remedy = 'For example "- {rate: 1 mL/day}".'
        faults.tell(source, "table", "Rows are expected here: names and values.", remedy)
        return []
    if len(table) > MOST:
        faults.tell(source, "table", f"{len(table)} rows are too many.", f"Give at most {MOST}.")
        return []
    rows: dict[str, Row] = {}
    for index, said in enumerate(table):
        own = _parameters(source, f"table[{index}]", said, faults)
        case = ", ".join(f"{name} {value}" for name, value in own.items())
        if len(case) > _LONGEST:
            case = f"{case[:_LONGEST]} … {index + 1}"
        if not own or case in rows:
            what = "This row is there twice." if own else "This row says nothing."
            faults.tell(source, f"table[{index}]", what, "Take it out, or change it.")
            continue
        rows[case] = Row(case, common | own, places | {name: f"table[{index}].{name}" for name in own})
    return list(rows.values())


def _parameters(source: Source, field: str, said: Any, faults: Faults) -> dict[str, str]:
    try:
        return {name: value or "" for name, value in read_parameters(said).items()}
    except UsageError as error:
        faults.wrong(source, field, error)
        return {}
