"""One question as a Release holds it: what it is, under which bases and breaks, its rows in order."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from dashboard.selection import View
from dashboard.shelf import Shelf
from dashboard.wording import is_number

__all__ = ["BASE_RULES", "Asked", "asked_for", "question_ids"]

BASE_RULES = ("answered", "routed", "returned")
"""Base rules in the order they are offered."""

_BANDED = "pressure."
_LEAST = 10


def question_ids(shelf: Shelf) -> list[str]:
    """Questions with numbers, in the order of the questionnaire; banded pressure was asked of nobody."""
    table = shelf.tables.get("estimates")
    held = [] if table is None else table["question"].unique().tolist()
    return [name for name in held if not name.startswith(_BANDED)]


@dataclass(frozen=True)
class Asked:
    """What a View asks of one question.

    Attributes
    ----------
    shelf : Shelf
        The Release.
    question : str
        Its id.
    by, base_rule : str
        Break ("" for all firms) and base rule; both are held by the Release.
    wanted : str
        Answer looked at, as the address names it; "" where it names none that exists.
    """

    shelf: Shelf
    question: str
    by: str
    base_rule: str
    wanted: str

    @cached_property
    def _about(self) -> "pd.Series | None":
        rows = self.shelf.part("questions", self.question)
        return None if rows.empty else rows.iloc[0]

    @property
    def kind(self) -> str:
        """Kind of the question; "" where the Release does not say."""
        return "" if self._about is None else str(self._about["kind"])

    @property
    def is_ordered(self) -> bool:
        """Whether its answers have an order of their own."""
        return self._about is not None and bool(self._about["is_ordered"])

    @property
    def is_pair(self) -> bool:
        """Whether it is a question of yes or no, whose first answer tells the second."""
        return len(self.options) <= 2 and self.kind != "multiple"

    @property
    def unit(self) -> str:
        """Unit of its number."""
        return "" if self._about is None else str(self._about["unit"] or "")

    @property
    def asked_if(self) -> str:
        """Who was asked, as an expression; "" for all."""
        return "" if self._about is None else str(self._about["asked_if"] or "")

    def rows(self, by: str = "") -> pd.DataFrame:
        """Rows under the base rule, for all firms or by a break."""
        if by not in self._rows:
            self._rows[by] = self.shelf.shares(self.question, by=by, base_rule=self.base_rule)
        return self._rows[by]

    @cached_property
    def _rows(self) -> dict[str, pd.DataFrame]:
        return {}

    @cached_property
    def is_mean(self) -> bool:
        """Whether its number is a mean and not a share."""
        rows = self.rows()
        return len(rows) > 0 and bool((rows["stat"] == "mean").all())

    @cached_property
    def options(self) -> list[str]:
        """Answers as they are shown: by size; two, or ordered ones, as in the questionnaire; no nets."""
        rows = self.rows()
        held = [option for option in self.shelf.options(self.question) if option in set(rows["option"])]
        if self.is_ordered or (len(held) <= 2 and self.kind != "multiple"):
            return held
        size = dict(zip(rows["option"], rows["estimate"], strict=True))
        return sorted(held, key=lambda option: -size[option] if is_number(size[option]) else 1.0)

    @cached_property
    def nets(self) -> list[str]:
        """Answers taken together."""
        mine = set(self.options)
        return [option for option in self.rows()["option"] if option and option not in mine]

    @cached_property
    def option(self) -> str:
        """The answer looked at: the one asked for, else that given most often; of yes and no, yes."""
        if self.wanted in (*self.options, *self.nets):
            return self.wanted
        sizes = {str(r["option"]): r["estimate"] for r in self.rows().to_dict(orient="records")}
        shown = [o for o in self.options if is_number(sizes.get(o))]
        if self.is_ordered and not self.is_pair and shown:
            return max(shown, key=lambda option: sizes[option])
        return next(iter(shown or self.options), "")

    @property
    def can_be_quoted(self) -> bool:
        """Whether the answer looked at is a share with a number, of ten firms or more."""
        rows = self.rows()
        mine = rows[(rows["option"] == self.option) & (rows["stat"] == "share")]
        return len(mine) > 0 and is_number(mine["estimate"].iloc[0]) and float(mine["n"].iloc[0]) >= _LEAST

    @cached_property
    def base_rules(self) -> list[str]:
        """Base rules the Release holds of this question."""
        held = set(self.shelf.part("estimates", self.question)["base_rule"])
        return [rule for rule in BASE_RULES if rule in held]

    @cached_property
    def n(self) -> int | None:
        """Firms in the base; None where that is hidden."""
        known = self.rows()["n"].dropna()
        return int(known.max()) if len(known) else None

    def states(self) -> dict[str, int]:
        """State of the answer to number of firms; empty where the Release does not hold it."""
        mine = self.shelf.part("response", self.question)
        if mine.empty:
            return {}
        return {str(stat): int(firms) for stat, firms in zip(mine["stat"], mine["estimate"], strict=True)}

    @cached_property
    def _sides(self) -> dict[str, str]:
        sides: dict[str, str] = {}
        for row in self.shelf.part("claims", self.question).to_dict(orient="records"):
            if row["stat"] == "difference":
                sides |= {str(row["option"]): "us", str(row["against"]): "cn"}
        printed = self.shelf.part("published", self.question)
        for option, side in zip(printed["option"], printed["side"], strict=True) if len(printed) else ():
            if side in ("us", "cn", "both"):
                sides[str(option)] = str(side)
        return sides

    def side(self, option: str) -> str:
        """`us`, `cn` or `both` where printed figures or a contrast say so of the answer, else ""."""
        return self._sides.get(option, "")


def asked_for(shelf: Shelf, view: View) -> Asked | None:
    """What a View asks for, words the Release does not hold passed over; None without questions."""
    known = question_ids(shelf)
    if not known:
        return None
    headline = [name for name in shelf.manifest.get("headline", ()) if name in known]
    question = view.question if view.question in known else (headline or known)[0]
    by = view.by if view.by in shelf.breaks(question) else ""
    asked = Asked(shelf, question, by, "", view.option)
    rules = asked.base_rules
    rule = view.base if view.base in rules else next(iter(rules), "")
    return Asked(shelf, question, by, rule, view.option)
