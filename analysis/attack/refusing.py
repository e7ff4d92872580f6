"""Why a Release is not written: the cells an attack broke, and the change that closes them at least loss."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.attack.record import Attack
from survey import FileFault

__all__ = ["STATES", "WORDS", "Change", "RefusedFault", "known_changes", "refusal_of"]

_SAID = 5
_CELLS = 8


WORDS = {
    "hide": "under [release] of study.toml, hide = [{cells}]",
    "merge": "merge answers {answers} of {question}: in the codebook, to the nets of "
    '[questions.{question}] add "{net}" = [{codes}]',
    "close": "leave the break {breaks} out: open_by = [{left}]",
    "raise": "raise the floor: {floors}",
    "wait": "keep to the firms of the edition before until {floor} have come or gone ({many} now)",
    "later": "hide {cells} in the later edition",
    "leave": "leave {what} out",
    "merge_other": "merge answers {answers} of {question} with another answer",
    "hide_question": "hide {question}",
}
"""What can be done, in English; `{...}` are the values of a step."""

STATES = {
    "not_tried": "not tried",
    "ledger": "not tried: where the ledger names its firms, new ones wait by themselves",
    "tried_one": "tried: the attack finds nothing then; the cheapest that withstands "
    "(exact among the ways looked at, {failed} failed)",
    "tried_many": "tried: the attack finds nothing then; the cheapest that withstands "
    "(greedy, {failed} failed)",
}
"""How it is known that a change mends."""


@dataclass(frozen=True, slots=True)
class Change:
    """One way to make a Release withstand.

    Attributes
    ----------
    steps : tuple of (str, dict)
        What to do, all of it: keys of `WORDS` and their values.
    lost : float
        Information lost: the counts that are no longer shown, as `COSTS` counts them.
    of : float
        The counts that were to be shown; 0 where they are not known.
    state : str
        Key of `STATES`: whether it was tried, and how it was found.
    failed : int
        Changes tried before it that did not withstand.
    gone : tuple of (str, float), optional
        Cells no longer shown, with the firms they hold; None where they are not known.
    """

    steps: tuple[tuple[str, dict[str, str]], ...]
    lost: float
    of: float = 0.0
    state: str = "not_tried"
    failed: int = 0
    gone: tuple[tuple[str, float], ...] | None = None

    def said(self) -> str:
        """In one clause."""
        words = " and ".join(WORDS[key].format(**values) for key, values in self.steps)
        if self.gone is not None:
            more = f"; {self.unnamed} more" if self.unnamed else ""
            words += f" (no longer shown: {self.cells + more or 'nothing'})"
        share = f" ({100 * self.lost / self.of:.1f}% of the information)" if self.of else ""
        of = f" of {self.of:g}" if self.of else ""
        return (
            f"{words}: loses {self.lost:g}{of} counts{share}; {STATES[self.state].format(failed=self.failed)}"
        )

    @property
    def cells(self) -> str:
        """The first cells no longer shown, each with its firms."""
        return "; ".join(f"{name}, {held:g}" for name, held in (self.gone or ())[:_CELLS])

    @property
    def unnamed(self) -> int:
        """How many more there are."""
        return max(0, len(self.gone or ()) - _CELLS)


class RefusedFault(FileFault):
    """A Release that did not withstand the attack.

    Attributes
    ----------
    changes : tuple of Change
        What to change, cheapest first.
    broken : int
        Counts that the attack recovers or bounds.
    """

    def __init__(self, where: str, found: str, broken: int, changes: Sequence[Change]) -> None:
        said = " ".join(f"({at}) {change.said()}" for at, change in enumerate(changes, start=1))
        super().__init__(
            where,
            found,
            "Releases from whose files, with all earlier ones, nobody can work out a count under the floor",
            f"nothing was written; cheapest first: {said}",
        )
        self.changes, self.broken = tuple(changes), broken


def known_changes(broken: pd.DataFrame) -> list[Change]:
    """What can be said from the attack alone, least lost first.

    The loss is what the cells hold at most, without those that must be hidden beside them.
    """
    changes: list[Change] = []
    between = broken[broken["way"] == "editions"]
    late = between[between["firms_high"] < between["floor"]]
    late = late[late["firms_high"] > 0]
    for _, part in late.groupby("firms_high", sort=True):
        many = int(part["firms_high"].iloc[0])
        floor = int(part["floor"].max())
        wait = ("wait", {"many": str(many), "floor": str(floor)})
        changes.append(Change((wait,), float(part["high"].sum()), state="ledger"))
    if len(late):
        later = ("later", {"cells": _listed(late["question"])})
        changes.append(Change((later,), float(late["high"].sum())))
    rest = broken.drop(late.index)
    for (way, question), part in rest.groupby(["way", "question"], sort=False):
        held, named = float(part["high"].fillna(0).abs().sum()), _listed(part["option"])
        if way in ("words", "model"):
            step = ("leave", {"what": str(question or part["table"].iloc[0])})
        elif way == "editions":
            step = ("later", {"cells": f"{question} {named}".strip()})
        elif len(part) <= 2:
            step = ("merge_other", {"answers": named, "question": str(question)})
        else:
            step = ("hide_question", {"question": str(question)})
        changes.append(Change((step,), held))
    return sorted(changes, key=lambda change: change.lost)  # stable: waiting comes before hiding


def refusal_of(attack: Attack, out: Path, changes: Sequence[Change] = ()) -> RefusedFault:
    """The fault of a Release that did not withstand the attack, with what to change, cheapest first."""
    broken = attack.broken
    cells = [_cell(row) for row in broken.head(_SAID).to_dict(orient="records")]
    more = f" and {len(broken) - _SAID} more" if len(broken) > _SAID else ""
    found = f"an attack on what would be released recovers or bounds {len(broken)} counts: "
    told = list(changes) or known_changes(broken)
    return RefusedFault(str(out), found + "; ".join(cells) + more, len(broken), told[:_SAID])


def _cell(row: dict[object, object]) -> str:
    place = " ".join(str(row[key]) for key in ("question", "option", "by", "group") if row[key])
    ends = [f"{float(str(row[end])):g}" for end in ("low", "high")]
    count = ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"
    many = f"{float(str(row['firms_high'])):g}"
    return f"{row['release']} {place} ({row['verdict']}: {count} of {many}, {row['how']})"


def _listed(names: pd.Series) -> str:
    """All of them: what is to be done can be done only when each is named."""
    return ", ".join(dict.fromkeys(name for name in names.astype("str") if name))
