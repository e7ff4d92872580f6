"""The Ledger on disk: JSON that can be replayed, and CSV with one line a cell for people."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.coding import code_text
from survey.faults import FileFault
from survey.ledger import Change, Ledger
from survey.meanings import meaning_from, meaning_table
from survey.wave import Wave

__all__ = [
    "LEDGER_COLUMNS",
    "LEDGER_SCHEMA",
    "LedgerFile",
    "answers_text",
    "ledger_cells",
    "ledger_json",
    "read_ledger",
]

LEDGER_SCHEMA = 1
"""Version of the layout of the JSON."""

LEDGER_COLUMNS = ("step", "rule", "column", "row", "firm", "before", "after", "missing", "reason", "who")
"""Columns of `ledger_cells`; `row` counts rows of the survey file from 1."""

_CHANGE = ("rule", "column", "reason", "who", "missing", "dtype")


@dataclass(frozen=True, slots=True)
class LedgerFile:
    """A Ledger as read back: where its study lies, and the checksums of the cleaned answers and codebook."""

    ledger: Ledger
    study: str
    answers_sha256: str
    codebook_sha256: str


def ledger_cells(ledger: Ledger) -> pd.DataFrame:
    """One row a changed cell or dropped row, columns `LEDGER_COLUMNS`; numbers of rows from 1."""
    parts = []
    for step, change in enumerate(ledger.changes, start=1):
        firms = ledger.ids[change.rows] if len(ledger.ids) else np.full(len(change), None)
        table = pd.DataFrame(
            {
                "step": step,
                "rule": change.rule,
                "column": change.column,
                "row": change.rows + 1,
                "firm": _texts(firms),
                "before": _texts(change.before) if change.column else "(whole row)",
                "after": _texts(change.after) if change.column else "(dropped)",
                "missing": change.missing,
                "reason": change.reason,
                "who": change.who,
            }
        )
        parts.append(table)
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(LEDGER_COLUMNS))


def _texts(values: NDArray[Any]) -> NDArray[Any]:
    """Cells as texts, each distinct one written once; blanks are empty."""
    places, uniques = pd.factorize(pd.Series(values))
    return np.array([*(code_text(v) for v in uniques), ""], dtype=object)[places]


def answers_text(wave: Wave) -> pd.DataFrame:
    """The answers of a wave as texts, shape (n, columns): codes as in every output, blanks empty."""
    return pd.DataFrame({str(name): _texts(wave.frame[name].to_numpy()) for name in wave.frame.columns})


def ledger_json(ledger: Ledger, *, study: str = "", answers: bytes = b"", codebook: bytes = b"") -> str:
    """The Ledger as JSON, one line a change; the same Ledger gives the same text.

    Parameters
    ----------
    study : str
        Path of the study, from the folder the Ledger will lie in.
    answers : bytes
        The cleaned answers as written, whose checksum is kept.
    codebook : bytes
        Their codebook as written, whose checksum is kept.
    """
    head = {
        "schema": LEDGER_SCHEMA,
        "study": study,
        "wave": ledger.wave,
        "file": Path(ledger.file).name,
        "sha256": ledger.sha256,
        "rows": ledger.rows,
        "answers_sha256": hashlib.sha256(answers).hexdigest(),
        "codebook_sha256": hashlib.sha256(codebook).hexdigest(),
    }
    lines = [f" {_json(key)}: {_json(value)}" for key, value in head.items()]
    changes = ",\n".join("  " + _json(_entry(ledger, change)) for change in ledger.changes)
    meanings = ",\n".join("  " + _json(meaning_table(meaning)) for meaning in ledger.meanings)
    for key, entries in (("changes", changes), ("codebook", meanings)):
        lines.append(f' "{key}": [' + (f"\n{entries}\n ]" if entries else "]"))
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _entry(ledger: Ledger, change: Change) -> dict[str, Any]:
    entry: dict[str, Any] = {key: getattr(change, key) for key in _CHANGE}
    entry["rows"] = (change.rows + 1).tolist()
    if len(ledger.ids):
        entry["firms"] = _texts(ledger.ids[change.rows]).tolist()
    entry["before"] = [_plain(v) for v in change.before.tolist()]
    entry["after"] = [_plain(v) for v in change.after.tolist()]
    return entry


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))


def _plain(value: Any) -> Any:
    """A cell as JSON knows it; times keep their kind."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"number": repr(value)}
    if hasattr(value, "isoformat"):
        return {"time": value.isoformat()}
    return code_text(value)


def _cell(value: Any) -> Any:
    if isinstance(value, Mapping):
        return pd.Timestamp(value["time"]) if "time" in value else float(value["number"])
    return value


def read_ledger(path: Path) -> LedgerFile:
    """A Ledger from its JSON.

    Raises
    ------
    FileFault
        No such file, no JSON, or no Ledger of this version.
    """
    try:
        table = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise FileFault(
            str(path), f"cannot be read ({error.strerror})", "a Ledger", "check its name"
        ) from error
    except ValueError as error:
        raise FileFault(
            str(path), f"no JSON ({error})"[:200], "a Ledger as `clean` writes it", "write it again"
        ) from error
    if not isinstance(table, dict) or table.get("schema") != LEDGER_SCHEMA or "changes" not in table:
        raise FileFault(
            str(path), "JSON that is no Ledger", f"a Ledger of schema {LEDGER_SCHEMA}", "write it again"
        )
    try:
        changes = tuple(
            Change(
                rows=np.array(entry["rows"], dtype=np.int64) - 1,
                before=_column(entry["before"]),
                after=_column(entry["after"]),
                **{key: entry[key] for key in _CHANGE},
            )
            for entry in table["changes"]
        )
        lengths = [(len(c.rows), len(c.before), len(c.after)) for c in changes]
        if any(len(set(many)) > 1 for many in lengths):
            raise ValueError("a change whose rows and cells are not as many")
        meanings = tuple(meaning_from(entry) for entry in table["codebook"])
        head = (table["wave"], table["file"], table["sha256"], int(table["rows"]))
        ledger = Ledger(changes, *head, meanings=meanings)
        return LedgerFile(ledger, table["study"], table["answers_sha256"], table["codebook_sha256"])
    except (KeyError, TypeError, ValueError) as error:
        raise FileFault(
            str(path),
            f"a Ledger that is not whole ({error!r})"[:200],
            "a Ledger as written",
            "write it again",
        ) from error


def _column(values: list[Any]) -> NDArray[Any]:
    cells = np.empty(len(values), dtype=object)
    cells[:] = [_cell(v) for v in values]
    return cells
