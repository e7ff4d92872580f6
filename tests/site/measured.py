"""What benchmarks last told, as tables of the site: date, commit and machine beside the numbers."""

import json
import re
from pathlib import Path
from typing import Any

from tests.benchmarks.rows import RESULTS, row_from, show

__all__ = ["filled_in", "last_result"]

MARK = re.compile(r"^<!-- measured: (\S+) -->$", re.MULTILINE)


def filled_in(markdown: str, results: Path = RESULTS) -> str:
    """A page with each `<!-- measured: NAME -->` followed by the last result of that benchmark.

    NAME is a benchmark, or the file of one run of it without its ending. KeyError where nothing is kept.
    """
    return MARK.sub(lambda mark: f"{mark[0]}\n{last_result(mark[1], results)}", markdown)


def last_result(name: str, results: Path = RESULTS) -> str:
    """Where, when and what of the run kept last of a benchmark, or of that very run."""
    runs = sorted(_runs(name, results), key=lambda run: str(run["date"]))
    if not runs:
        raise KeyError(f"{name}: nothing is kept under this name in {results}")
    last = runs[-1]
    on = f"{last['date'][:10]}, commit {last['commit']}, {last['machine']}, Python {last['python']}"
    return f"\n`{name.split('-')[0]}`, {on}.\n\n{show([row_from(row) for row in last['rows']])}\n"


def _runs(name: str, results: Path) -> list[dict[str, Any]]:
    """Every run of a benchmark that has rows: of files of its own, and of what `make bench` gathered."""
    found = []
    for file in sorted(results.glob("*.json")):
        run = json.loads(file.read_text(encoding="utf-8"))
        if file.stem == name or (run.get("name") == name and file.stem.startswith(f"{name}-")):
            found.append(run)
        found += [{**run, **part} for part in run.get("benchmarks", ()) if part["name"] == name]
    return [run for run in found if run.get("rows")]
