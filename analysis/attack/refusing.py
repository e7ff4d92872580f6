"""Why a Release is not written: the cells an attack broke, and the change that closes them at least loss."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.attack.record import Attack
from survey import FileFault

__all__ = ["Change", "known_changes", "refusal_of"]

_SAID = 5


@dataclass(frozen=True, slots=True)
class Change:
    """One way to make a Release withstand.

    Attributes
    ----------
    words : str
        What to do.
    lost : float
        Information lost: the counts that are no longer shown, as `COSTS` counts them.
    of : float
        The counts that were to be shown; 0 where they are not known.
    state : str
        Whether it was tried, and how it was found.
    """

    words: str
    lost: float
    of: float
    state: str

    def said(self) -> str:
        """In one clause."""
        share = f" ({100 * self.lost / self.of:.1f}% of the information)" if self.of else ""
        of = f" of {self.of:g}" if self.of else ""
        return f"{self.words}: loses {self.lost:g}{of} counts{share}; {self.state}"


def known_changes(broken: pd.DataFrame) -> list[Change]:
    """What can be said from the attack alone, least lost first: late firms, words, cells to hide or merge.

    The loss is what the cells hold at most, without those that must be hidden beside them.
    """
    state = "not tried"
    changes: list[Change] = []
    between = broken[broken["way"] == "editions"]
    late = between[between["firms_high"] < between["floor"]]
    late = late[late["firms_high"] > 0]
    for _, part in late.groupby("firms_high", sort=True):
        many = int(part["firms_high"].iloc[0])
        floor = int(part["floor"].max())
        wait = f"hold the {many} firms that answered since back until there are {floor} of them"
        changes.append(
            Change(wait, float(part["high"].sum()), 0.0, f"{state}: the ledger must name its firms")
        )
    if len(late):
        named = f"hide {_listed(late['question'])} in the later edition"
        changes.append(Change(named, float(late["high"].sum()), 0.0, state))
    rest = broken.drop(late.index)
    for (way, question), part in rest.groupby(["way", "question"], sort=False):
        held = float(part["high"].fillna(0).abs().sum())
        if way in ("words", "model"):
            changes.append(Change(f"leave {question or part['table'].iloc[0]} out", held, 0.0, state))
        elif way == "editions":
            named = _listed(part["option"])
            changes.append(Change(f"hide {named} of {question} in the later edition", held, 0.0, state))
        else:
            merge = f"merge {_listed(part['option'])} of {question} with another answer"
            words = merge if len(part) <= 2 else f"hide {question}"
            changes.append(Change(words, held, 0.0, state))
    return sorted(changes, key=lambda change: change.lost)  # stable: waiting comes before hiding


def refusal_of(attack: Attack, out: Path, changes: Sequence[Change] = ()) -> FileFault:
    """The fault of a Release that did not withstand the attack, with what to change, cheapest first."""
    broken = attack.broken
    cells = [_cell(row) for row in broken.head(_SAID).to_dict(orient="records")]
    more = f" and {len(broken) - _SAID} more" if len(broken) > _SAID else ""
    found = list(changes) or known_changes(broken)
    said = [f"({at}) {change.said()}" for at, change in enumerate(found[:_SAID], start=1)]
    return FileFault(
        str(out),
        f"an attack on what would be released recovers or bounds {len(broken)} counts: "
        + "; ".join(cells)
        + more,
        "Releases from whose files, with all earlier ones, nobody can work out a count under the floor",
        "nothing was written; cheapest first: " + " ".join(said),
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
