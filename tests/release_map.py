"""Every table of a Release with its columns, as the page on Releases must hold them.

`python -m tests.release_map FOLDER` prints the list for docs/how-to/release.md; FOLDER is what a build of the
demonstration wrote, `internal` and `members` in it. With `--write` it puts the list there.
"""

import json
import sys
from pathlib import Path

from analysis.estimate.record import COLUMNS
from analysis.pressure.composite import COMPOSITE_COLUMNS
from analysis.release.rules_awaiting import AWAITING_COLUMNS
from analysis.rules.layers import HISTORY_COLUMNS
from analysis.waves.record import CHANGE_COLUMNS
from tests.house_map import TOP

__all__ = ["ELSEWHERE", "PAGE", "columns_of", "listed"]

PAGE = TOP / "docs" / "how-to" / "release.md"
BEGIN, END = (
    "<!-- columns: written by `python -m tests.release_map FOLDER --write` -->",
    "<!-- end of columns -->",
)
ELSEWHERE = {
    "breaks": ("question", "wave", "lang", "text"),
    "changes": (*CHANGE_COLUMNS, "n"),
    "composite": COMPOSITE_COLUMNS,
    "earlier": COLUMNS,
    "rule_awaiting": AWAITING_COLUMNS,
    "rule_history": HISTORY_COLUMNS,
}
"""Tables the demonstration has no reason for: of several waves, of a composite, of rules of one's own."""


def columns_of(folder: Path) -> dict[str, dict[str, list[str]]]:
    """Of each table of the Releases `internal` and `members` below a folder: its columns, by audience."""
    found: dict[str, dict[str, list[str]]] = {}
    for audience in ("internal", "members"):
        manifest = json.loads((folder / audience / "manifest.json").read_text(encoding="utf-8"))
        for file, told in manifest["files"].items():
            found.setdefault(file.removesuffix(".parquet"), {})[audience] = told["columns"]
    return found


def listed(folder: Path) -> str:
    """The list as it must stand in the page: each table, its columns, and those that others do not get."""
    there = columns_of(folder) | {name: {"internal": list(columns)} for name, columns in ELSEWHERE.items()}
    lines = [BEGIN, "", "| table | columns |", "|---|---|"]
    for name, by_audience in sorted(there.items()):
        columns = by_audience.get("internal") or by_audience["members"]
        told = ", ".join(f"`{column}`" for column in columns)
        kept = [c for c in columns if "members" in by_audience and c not in by_audience["members"]]
        added = [c for c in by_audience.get("members", ()) if c not in columns]
        told += f"; internal alone: {', '.join(f'`{column}`' for column in kept)}" if kept else ""
        told += f"; members and public also: {', '.join(f'`{column}`' for column in added)}" if added else ""
        lines.append(f"| `{name}` | {told} |")
    return "\n".join([*lines, "", END])


if __name__ == "__main__":
    text = listed(Path(sys.argv[1]))
    if "--write" in sys.argv:
        before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
        PAGE.write_text(before + text + rest.split(END)[1], encoding="utf-8")
    else:
        print(text)
