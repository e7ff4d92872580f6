"""Why a Release is not written: the cells an attack broke, and the cheapest change that closes each."""

from pathlib import Path

import pandas as pd

from analysis.attack.record import Attack
from survey import FileFault

__all__ = ["cheapest_changes", "refusal_of"]

_SAID = 5


def cheapest_changes(attack: Attack) -> list[str]:
    """The change that loses least for each part of what was broken, in words, cheapest first.

    What is lost is counted in cells: merging an answer with another loses one, hiding a question all of its
    cells, holding firms back none but their own.
    """
    broken = attack.broken
    changes: list[tuple[float, str]] = []
    between = broken[broken["way"] == "editions"]
    late = between[between["firms_high"] < between["floor"]]
    for _, part in late.groupby("firms_high", sort=True):
        many = int(part["firms_high"].iloc[0])
        floor = int(part["floor"].max())
        questions = part["question"].nunique()
        wait = f"hold the {many} firms that answered since back until there are {floor} of them"
        if many > 0 and questions > 1:
            changes.append((0.0, wait))
        else:
            changes.append((float(len(part)), f"leave {_listed(part['question'])} as in the earlier edition"))
    alike = between[between["firms_high"] >= between["floor"]]
    if len(alike):
        changes.append((float(len(alike)), f"hide {_listed(alike['question'])} in the later edition"))
    rest = broken[~broken["way"].isin(["editions"])]
    for (way, question), part in rest.groupby(["way", "question"], sort=False):
        table = str(part["table"].iloc[0])
        if way in ("words", "model"):
            changes.append((float(len(part)), f"leave {question or table} of {table} out"))
            continue
        options = _listed(part["option"])
        merge = f"merge {options} of {question} with another answer"
        few = len(part) <= 2
        changes.append((float(len(part)), merge if few else f"hide {question}"))
    return [text for _, text in sorted(changes, key=lambda c: c[0])]


def refusal_of(attack: Attack, out: Path) -> FileFault:
    """The fault of a Release that did not withstand the attack."""
    broken = attack.broken
    cells = [_cell(row) for row in broken.head(_SAID).to_dict(orient="records")]
    more = f" and {len(broken) - _SAID} more" if len(broken) > _SAID else ""
    return FileFault(
        str(out),
        f"an attack on what would be released recovers or bounds {len(broken)} counts: "
        + "; ".join(cells)
        + more,
        "Releases from whose files, with all earlier ones, nobody can work out a count under the floor",
        "; ".join(cheapest_changes(attack)[:_SAID]) + "; nothing was written",
    )


def _cell(row: dict[object, object]) -> str:
    place = " ".join(str(row[key]) for key in ("question", "option", "by", "group") if row[key])
    ends = [f"{float(str(row[end])):g}" for end in ("low", "high")]
    count = ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"
    many = f"{float(str(row['firms_high'])):g}"
    return f"{row['release']} {place} ({row['verdict']}: {count} of {many}, {row['how']})"


def _listed(names: pd.Series) -> str:
    found = list(dict.fromkeys(name for name in names.astype("str") if name))
    return ", ".join(found[:_SAID]) + (f" and {len(found) - _SAID} more" if len(found) > _SAID else "")
