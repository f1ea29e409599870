"""The digest says whether the evidence is what the recorder left, and says nothing of the rest."""

import hashlib
import json
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rig.recording.digest import Evidence, Verified
from rig.recording.reader import RunReader
from rig.recording.records import RECORDS
from tests.rig.recording import make


@pytest.fixture
def run(tmp_path: Path) -> Path:
    path = tmp_path / "a.run.duckdb"
    make.make_run(path, 9000)
    return path


def verified(path: Path) -> Verified:
    with RunReader(path) as reader:
        return reader.verify()


def alter(path: Path, *statements: str) -> None:
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_a_finished_run_matches_its_digest(run: Path) -> None:
    assert verified(run) is Verified.MATCHES


def test_a_run_cut_short_keeps_none(tmp_path: Path) -> None:
    make.make_run(tmp_path / "a.run.duckdb", why=None)
    assert verified(tmp_path / "a.run.duckdb") is Verified.NONE_KEPT


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE samples SET commanded_nl = commanded_nl + 1 WHERE rowid = 4567",
        "UPDATE samples SET measured_nl = NULL WHERE rowid = 8999",
        "INSERT INTO samples SELECT * FROM samples LIMIT 1",
        "DELETE FROM samples WHERE rowid = 8999",
        "INSERT INTO truth SELECT 1, 0, 0" + ", 0" * 17,
        "UPDATE events SET value = 1 WHERE kind = 'occlusion'",
        "DELETE FROM events WHERE kind = 'occlusion'",
        "UPDATE frames SET payload = '\\x00'",
        "UPDATE gaps SET missing = 0",
        "UPDATE run SET device_id = '00000000c0ffee08'",
        "UPDATE run SET ended = 'operator'",
        "UPDATE run SET planned_nl = NULL",
        "UPDATE run SET digest = repeat('0', 64)",
        "INSERT INTO verdicts VALUES (0, 'delivery', true, '', '')",
        "INSERT INTO health SELECT 0" + ", 0" * 8,
        "INSERT INTO strikes VALUES (0, 'stall', true, 0.5)",
        "UPDATE rollup SET pressure_pa_max = pressure_pa_max + 1 WHERE rowid = 1",
        "DELETE FROM rollup WHERE rowid = 3",
        "INSERT INTO rollup SELECT * FROM rollup LIMIT 1",
    ],
)
def test_any_change_of_the_evidence_shows(run: Path, change: str) -> None:
    alter(run, change)
    assert verified(run) is Verified.DIFFERS


def test_samples_in_another_order_show(run: Path) -> None:
    order = "CREATE TABLE other AS FROM samples ORDER BY rowid DESC"
    alter(run, order, "DELETE FROM samples", "INSERT INTO samples FROM other", "DROP TABLE other", "CHECKPOINT")
    with RunReader(run) as reader:
        assert reader.samples(0, 1)["index"][0] == 9049
    assert verified(run) is Verified.DIFFERS


def test_notes_and_what_duckdb_does_with_its_storage_do_not_show(run: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.run.duckdb"
    alter(run, "DELETE FROM notes", "INSERT INTO notes VALUES (1, 'another', 'somebody', 2, true)")
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{run}' AS run; ATTACH '{copy}' AS copy (BLOCK_SIZE 16384)")
        connection.execute("COPY FROM DATABASE run TO copy")
    assert copy.read_bytes() != run.read_bytes()
    assert verified(run) is verified(copy) is Verified.MATCHES


def test_anybodys_tools_can_compute_it(run: Path) -> None:
    """As the module describes it, without a line of ours but the dtype of a sample and the names of the tables."""
    lines = []
    with duckdb.connect(str(run), read_only=True) as connection:
        for table in sorted({"run", "samples", "truth", "weighings", *RECORDS} - {"notes", "reviews"}):
            described = connection.execute(f"DESCRIBE {table}").fetchall()
            rows = connection.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall()
            if table in ("samples", "truth", "weighings"):
                packed = [
                    (
                        name,
                        {
                            "TINYINT": "i1",
                            "SMALLINT": "<i2",
                            "INTEGER": "<i4",
                            "BIGINT": "<i8",
                            "DOUBLE": "<f8",
                            "UTINYINT": "u1",
                            "USMALLINT": "<u2",
                            "UINTEGER": "<u4",
                        }[sql],
                    )
                    for name, sql, *_ in described
                ]
                missing = [tuple(-(2**63) if cell is None else cell for cell in row) for row in rows]
                data = np.array(missing, packed).tobytes()
            else:
                cells = [[cell.hex() if isinstance(cell, (bytes, float)) else cell for cell in row] for row in rows]
                if table == "run":
                    at = [name for name, *_ in described].index("digest")
                    (kept,) = [row.pop(at) for row in cells]
                data = b"".join(compact(row) for row in cells)
            columns = [[name, sql] for name, sql, *_ in described]
            lines.append(compact([table, columns, len(rows), hashlib.sha256(data).hexdigest()]))
    assert hashlib.sha256(b"".join(lines)).hexdigest() == kept


def compact(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


@settings(max_examples=20)
@given(st.lists(st.integers(0, 9000), max_size=6))
def test_blocks_of_any_size_give_the_same(cuts: list[int]) -> None:
    rows, whole, parts = make.samples(0, 9000), Evidence(), Evidence()
    whole.add_numbers("samples", rows)
    for part in np.split(rows, sorted(cuts)):
        parts.add_numbers("samples", part)
    assert parts.hexdigest() == whole.hexdigest()
