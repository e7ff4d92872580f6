"""A what-if as it was written down, and the columns of what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from survey import Fault, StudyFault

__all__ = [
    "BREADTH_COLUMNS",
    "CHANGES_COLUMNS",
    "EFFECTS_COLUMNS",
    "EFFECT_STATS",
    "MOVES_COLUMNS",
    "TORNADO_COLUMNS",
    "WINNERS_COLUMNS",
    "Change",
    "Scenario",
    "Step",
]

EFFECT_STATS: Mapping[str, str] = {
    "us": "reach of rules of the US side, 0 to 1",
    "cn": "reach of rules of the Chinese side, 0 to 1",
    "squeeze": "share of sales or inputs at stake in collisions, 0 to 1",
    "p_choose": "modelled probability of having had to choose, 0 to 1",
    "reach_us": "value of flows, each times its severity under rules of the US side",
    "reach_cn": "value of flows, each times its severity under rules of the Chinese side",
    "at_stake": "value of flows at stake in collisions",
}
"""Stats of `scenario_effects`: the first four are means over firms, the others sums in the study's money."""

EFFECTS_COLUMNS = (
    "scenario",
    "by",
    "group",
    "stat",
    "n",
    "before",
    "after",
    "difference",
    "low",
    "high",
    "level",
    "method",
    "flag",
)
"""Columns of `scenario_effects`. `by` and `group` are empty for all firms; `firm` and its id for one; else a
question and the code of an answer. `n` counts firms; `low` and `high` are the interval of the difference."""

MOVES_COLUMNS = ("scenario", "tier_before", "tier_after", "firms")
"""Columns of `scenario_moves`: firms by tier before and after, 1 the highest; pairs of no firm left out."""

WINNERS_COLUMNS = (
    "scenario",
    "by",
    "group",
    "stat",
    "n",
    "burdened",
    "burdened_low",
    "burdened_high",
    "burdened_mean",
    "relieved",
    "relieved_low",
    "relieved_high",
    "relieved_mean",
    "unmoved",
    "level",
    "method",
    "flag",
)
"""Columns of `winners_of`: of the `n` firms of a group that have the stat, for how many it rises and falls,
with the interval of each count over the draws, and the mean change of these firms; `by` and `group` as in
effects."""

TORNADO_COLUMNS = (
    "parameter",
    "end",
    "setting",
    "standing",
    "declared",
    "stat",
    "n",
    "before",
    "after",
    "difference",
    "low",
    "high",
    "level",
    "entered",
    "left",
    "method",
    "flag",
)
"""Columns of `tornado`: `setting` in place of `standing` at the `low` or `high` end of a parameter;
`declared` is `study` where `[pressure.open]` gives its range, else `default`. `stat` is us, cn, squeeze or
p_choose (means over firms), or `top_tier` (firms in it, with the ids of those that `entered` and `left`,
joined by `;`)."""

CHANGES_COLUMNS = (
    "scenario",
    "change",
    "do",
    "table",
    "key",
    "instrument",
    "column",
    "before",
    "after",
    "clause",
    "source",
    "why",
)
"""Columns of `scenario_changes`, one row a cell that differs. `change`: number of the change in the file
from 1, `table` one of in_force, gates, instruments, collisions, aligned, listings, links; `key` the id in it.
An empty `before` was added, an empty `after` taken away."""

BREADTH_COLUMNS = (
    "scenario",
    "step",
    "en",
    "ja",
    "stat",
    "n",
    "before",
    "after",
    "difference",
    "low",
    "high",
    "level",
    "method",
)
"""Columns of `breadth`: effects on all firms after each step and those before it; step 0 is none."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a scenario.

    Attributes
    ----------
    number : int
        Place among the changes of the file, from 1; those of steps go on counting.
    do : str
        A word of `kinds.KINDS`.
    keys : Mapping[str, Any]
        The other keys, each of its kind.
    scenario : str
        Id of the scenario.
    path : Path
    at : str
        Dotted key of the change in the file.
    lines : Mapping[str, int]
        Line of each dotted key.
    """

    number: int
    do: str
    keys: Mapping[str, Any]
    scenario: str
    path: Path
    at: str
    lines: Mapping[str, int]

    def place(self, key: str = "") -> str:
        """File, line and key, for the `where` of a fault."""
        dotted = f"{self.at}.{key}" if key else self.at
        line = self.lines.get(dotted) or self.lines.get(self.at)
        shown = f"change {self.number} ({self.do})" + (f", key {key}" if key else "")
        return f"{self.path}, line {line}, {shown}" if line else f"{self.path}, {shown}"

    def fault(self, key: str, found: str, expected: str, do: str) -> Fault:
        """A fault at a key of this change."""
        return StudyFault(self.place(key), found, expected, do)

    def text(self, key: str) -> str:
        """A text, "" where it was left out."""
        return str(self.keys.get(key, ""))

    def words(self, key: str) -> tuple[str, ...]:
        """One or several texts, none where they were left out."""
        given = self.keys.get(key, ())
        return (given,) if isinstance(given, str) else tuple(str(word) for word in given)

    def day(self, key: str) -> str:
        """A date as text, "" where it was left out."""
        given = self.keys.get(key)
        return given.isoformat() if given is not None else ""


@dataclass(frozen=True, slots=True)
class Step:
    """A further step of a scenario that goes on step by step: its name by language, and its changes."""

    title: Mapping[str, str]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A what-if, as a file says it.

    Attributes
    ----------
    id : str
    title, about : Mapping[str, str]
        By language.
    assumptions : tuple[Mapping[str, str], ...]
        What is assumed and no source says, by language.
    sources : tuple[str, ...]
    changes : tuple[Change, ...]
        In order; each sees what those before it made.
    steps : tuple[Step, ...]
        Further changes, each step on top of those before it; their end is the scenario.
    path : Path
    """

    id: str
    title: Mapping[str, str]
    about: Mapping[str, str]
    assumptions: tuple[Mapping[str, str], ...]
    sources: tuple[str, ...]
    changes: tuple[Change, ...]
    steps: tuple[Step, ...]
    path: Path

    def all_changes(self, steps: int | None = None) -> tuple[Change, ...]:
        """Changes with those of the first `steps` steps, default of all."""
        taken = self.steps if steps is None else self.steps[:steps]
        return (*self.changes, *(change for step in taken for change in step.changes))
