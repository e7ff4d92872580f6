"""What an attack found: each count it bounded, how tightly, by which way, and what that means."""

from dataclasses import dataclass

import pandas as pd

__all__ = ["ATTACK_COLUMNS", "BROKEN", "Attack", "attack_table", "with_truth"]

ATTACK_COLUMNS = (
    "release",
    "way",
    "table",
    "wave",
    "question",
    "option",
    "by",
    "group",
    "firms_low",
    "firms_high",
    "low",
    "high",
    "width",
    "floor",
    "verdict",
    "how",
)
"""Columns of `Attack.table`."""

BROKEN = ("recovered", "bounded")
"""Verdicts that stop a release; `supposed` ones do where they are true. `told` and `open` do not."""

_NUMBERS = ("firms_low", "firms_high", "low", "high", "width", "floor")


@dataclass(frozen=True, slots=True)
class Attack:
    """The outcome of one attack.

    Attributes
    ----------
    table : pandas.DataFrame
        `ATTACK_COLUMNS`, one row a count looked for, worst first. `low` and `high`: least and greatest number
        of firms that agree with everything read; `firms_low`, `firms_high` those of the firms it is a part
        of; `width` is `high - low`; `floor` the fewest firms a reader may know of. `verdict`: `recovered`
        (one number is left, under the floor, or all but fewer than the floor; or a firm, an id or a row of
        one), `bounded` (every number left is so), `supposed` (it would be so if all let through by a gate
        answered, or no answer were missing from a table: no more than a guess), `told` (read, and no danger
        by itself), `open`.
        `how` says in words what was done.
    ways : tuple[str, ...]
        Ways tried.
    """

    table: pd.DataFrame
    ways: tuple[str, ...]

    @property
    def broken(self) -> pd.DataFrame:
        """Rows that stop a release."""
        return self.table[self.table["verdict"].isin(BROKEN)].reset_index(drop=True)

    def counts(self) -> dict[str, int]:
        """Rows by verdict, each verdict there."""
        found = self.table["verdict"].value_counts()
        return {verdict: int(found.get(verdict, 0)) for verdict in (*BROKEN, "supposed", "told", "open")}


def attack_table(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Parts with some of `ATTACK_COLUMNS` as one typed table, worst first, each finding once."""
    full = [part.reindex(columns=list(ATTACK_COLUMNS)) for part in parts if len(part)]
    empty = pd.DataFrame(columns=list(ATTACK_COLUMNS))
    table = pd.concat(full, ignore_index=True) if full else empty
    for column in ATTACK_COLUMNS:
        if column in _NUMBERS:
            table[column] = table[column].astype("Float64")
        else:
            table[column] = table[column].astype(object).fillna("").astype("str")
    table["width"] = table["high"] - table["low"]
    order = {verdict: place for place, verdict in enumerate((*BROKEN, "supposed", "told", "open"))}
    table["_at"] = table["verdict"].map(order)
    table = table.sort_values(["_at", "width"], kind="stable", na_position="first").drop(columns="_at")
    return table.drop_duplicates().reset_index(drop=True)


def with_truth(attack: Attack, truth: pd.DataFrame) -> Attack:
    """An attack whose suppositions are judged by who knows the answers: what was rightly supposed is broken.

    Parameters
    ----------
    attack : Attack
    truth : pandas.DataFrame
        `wave, question, by, group, option, count` of every cell.
    """
    key = ["wave", "question", "by", "group", "option"]
    table = attack.table.copy()
    counts = truth.drop_duplicates(key).set_index(key)["count"]
    count = counts.reindex(pd.MultiIndex.from_frame(table[key])).to_numpy(dtype=float)
    low, high = (table[end].to_numpy(dtype=float, na_value=float("nan")) for end in ("low", "high"))
    is_right = (table["verdict"] == "supposed").to_numpy() & (low <= count) & (count <= high)
    table.loc[is_right & (low == high), "verdict"] = "recovered"
    table.loc[is_right & (low < high), "verdict"] = "bounded"
    return Attack(attack_table([table]), attack.ways)
