"""One measured thing beside what others need for the same: every benchmark tells and keeps its results so."""

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

__all__ = ["Row", "machine", "row_from", "show", "store"]

TOP = Path(__file__).parents[2]
RESULTS = Path(__file__).parent / "results"
FOLDER = "CROSSPRESSURE_BENCH_OUT"
"""Variable that names another folder for results; `make bench` gathers them from it."""


@dataclass(frozen=True)
class Row:
    """One measure.

    Attributes
    ----------
    what : str
        What was done, with its size.
    ours : float
        Our number, in `unit`.
    unit : str
        `s` (clock), `cpu s` (processor), `MiB`, `share` and the like.
    peer : str
        What did the same beside us, with its version; "" where nothing is there to compare with.
    theirs : float or None
        Its number.
    bound : str
        What must hold; "" where nothing must.
    is_kept : bool
        Whether it does.
    how : str
        Median of what, in turns with what; what the machine lacked.
    """

    what: str
    ours: float
    unit: str = "s"
    peer: str = ""
    theirs: float | None = None
    bound: str = ""
    is_kept: bool = True
    how: str = ""

    @property
    def ratio(self) -> float | None:
        """Their number over ours, of time and memory: how many times as much they need."""
        if self.theirs is None or not self.ours or self.unit not in ("s", "cpu s", "MiB"):
            return None
        return self.theirs / self.ours


def row_from(table: dict[str, Any]) -> Row:
    """A row as JSON held it; keys that no row has are passed over."""
    return Row(**{key: value for key, value in table.items() if key in Row.__dataclass_fields__})


def machine() -> dict[str, Any]:
    """Where and when: date, commit, Python, processor, load."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=TOP, capture_output=True, text=True, check=False
    ).stdout.strip()
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
    }


def show(rows: Sequence[Row]) -> str:
    """Rows as the lines of a Markdown table, which people read as it stands."""
    lines = ["| what | ours | | beside it | theirs | ratio | bound |", "|---|---:|---|---|---:|---:|---|"]
    for row in rows:
        theirs = "" if row.theirs is None else _number(row.theirs)
        ratio = "" if row.ratio is None else _number(row.ratio)
        verdict = row.bound and f"{row.bound}: {'kept' if row.is_kept else 'MISSED'}"
        what = row.what + (f" ({row.how})" if row.how else "")
        lines.append(
            f"| {what} | {_number(row.ours)} | {row.unit} | {row.peer} | {theirs} | {ratio} | {verdict} |"
        )
    return "\n".join(lines)


def _number(value: float) -> str:
    """Three digits, and none after the point of what is over a thousand."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def store(name: str, rows: Sequence[Row], **more: Any) -> int:
    """Print the rows and keep them under `results` with their date; 1 where a bound was missed, else 0."""
    print(show(rows), flush=True)
    folder = Path(os.environ.get(FOLDER, RESULTS))
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}-{datetime.now(UTC):%Y-%m-%dT%H%M%S}.json"
    record = {"name": name, **machine(), **more, "rows": [asdict(row) for row in rows]}
    file.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"Stored in {file}")
    return int(not all(row.is_kept for row in rows))
