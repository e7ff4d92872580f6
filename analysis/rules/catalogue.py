"""The rules of the world as dated data: instruments, when they are in force, their gates, what collides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.rules.fields import BOUND_FIELDS, FIELDS, LIST_FIELDS, THROUGH_FIELDS
from analysis.rules.operators import BOUND_OPERATORS, LIST_OPERATORS, OPERATORS, TEXT_OPERATORS
from analysis.rules.outcomes import OUTCOMES
from survey import FileFault, data_folder, nearest

__all__ = ["GATES", "STATUSES", "Catalogue", "load_catalogue"]

GATES: Mapping[str, str] = {
    "in force": "the instrument is in force on the day (not before, not suspended, not ended)",
    "bound": "who is bound: nationality, place, US nexus, contract flow-down",
    "subject": "the item is subject to the rule: origin, content, direct product, product list",
    "licence": "the rule asks something of this item, there, to that party",
    "exception": "an exception or exclusion leaves a lighter outcome",
    "review": "an undecided flow whose look-through content calls for a look",
    "risk": "not an outcome: the risk of being sanctioned or listed oneself",
}
"""Gates in their order; `in force` comes from the dates, the others from gates.csv."""

STATUSES = ("duty", "dormant", "exercised")
"""How far a punishing clause goes: it forbids the act outright, it could be used, it was used."""

_STATES = ("in_force", "suspended", "not_started")
_COLUMNS = {
    "instruments": ("id", "jurisdiction", "instrument", "mechanism", "source", "confidence", "note"),
    "in_force": ("instrument", "branch", "state", "from", "to", "source", "confidence", "warning"),
    "gates": (
        "instrument",
        "branch",
        "order",
        "gate",
        "field",
        "operator",
        "value",
        "outcome",
        "clause",
        "source",
        "confidence",
        "note",
    ),
    "collisions": (
        "duty",
        "act",
        "clause",
        "article",
        "addressee",
        "trigger",
        "status",
        "channel",
        "hurt",
        "clause_outcome",
        "from",
        "to",
        "source",
        "confidence",
        "note",
        "reviewed_by",
    ),
}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Instruments of both sides and of the others; frames are read-only, every cell text.

    Attributes
    ----------
    instruments : pandas.DataFrame
        `id,jurisdiction,instrument,legal_basis,mechanism,...,source,confidence,note`, and `side`
        (`us`, `cn`, `other`) and `computed` (whether gates are encoded).
    in_force : pandas.DataFrame
        One row an interval: `instrument,branch,state,from,to` (last day included; "" open), `source`,
        `confidence`, `warning` (said in the output whenever the day falls in it).
    gates : pandas.DataFrame
        `instrument,branch,order,gate,field,operator,value,outcome,clause,source,confidence,note`.
    collisions : pandas.DataFrame
        Directed pairs: complying with `duty` is punished by `clause` (`article`), whom it binds, what
        triggers it, `status`, `channel`, `clause_outcome`, dates, source, confidence, `reviewed_by`.
    """

    instruments: pd.DataFrame
    in_force: pd.DataFrame
    gates: pd.DataFrame
    collisions: pd.DataFrame

    def __len__(self) -> int:
        return len(self.instruments)

    def side_of(self) -> dict[str, str]:
        """Instrument id to its side."""
        return dict(zip(self.instruments["id"], self.instruments["side"], strict=True))

    def not_computed(self) -> tuple[str, ...]:
        """Instruments without gates: carried with their sources, never tested against a flow."""
        return tuple(self.instruments.loc[~self.instruments["computed"], "id"])

    def on(self, day: date) -> pd.DataFrame:
        """State of each instrument and branch on a day.

        Returns
        -------
        pandas.DataFrame
            `instrument,branch,state,from,to,source,confidence,warning`; `state` is `in_force`,
            `suspended`, or `not_started` (also before the first interval), `ended` after the last.
        """
        rows = self.in_force
        text = day.isoformat()
        inside = ((rows["from"] == "") | (rows["from"] <= text)) & ((rows["to"] == "") | (rows["to"] >= text))
        now = rows[inside]
        key = ["instrument", "branch"]
        others = rows.drop_duplicates(key)
        missing = others[~pd.MultiIndex.from_frame(others[key]).isin(pd.MultiIndex.from_frame(now[key]))]
        missing = missing.assign(state=np.where(missing["from"] > text, "not_started", "ended"), warning="")
        return pd.concat([now, missing]).sort_index().reset_index(drop=True)


def load_catalogue(folder: Path | str | None = None) -> Catalogue:
    """Read a catalogue: the one that travels with the product, or a folder laid out like it.

    Parameters
    ----------
    folder : path or str, optional
        Holds instruments.csv, in_force.csv, gates.csv, collisions.csv; None or "builtin" is the
        product's own `data/regulation`.

    Raises
    ------
    FileFault
        A file or column that is missing, an instrument, field, operator, gate or outcome nobody knows,
        dates that overlap or run backwards, look-through content used for more than review.
    """
    here = data_folder() / "regulation" if folder in (None, "builtin") else Path(str(folder))
    tables = {name: _read(here / f"{name}.csv", tuple(wanted)) for name, wanted in _COLUMNS.items()}
    instruments, in_force = tables["instruments"], tables["in_force"]
    gates, pairs = tables["gates"], tables["collisions"]
    known = tuple(instruments["id"])
    _one_of(instruments, "id", None, here / "instruments.csv")
    for name, column in (("in_force", "instrument"), ("gates", "instrument"), ("collisions", "duty")):
        _one_of(tables[name], column, known, here / f"{name}.csv")
    _one_of(pairs, "clause", known, here / "collisions.csv")
    _one_of(pairs, "status", STATUSES, here / "collisions.csv")
    _one_of(pairs, "channel", ("sales", "inputs"), here / "collisions.csv")
    _one_of(pairs, "clause_outcome", OUTCOMES, here / "collisions.csv")
    _one_of(in_force, "state", _STATES, here / "in_force.csv")
    _check_dates(in_force, here / "in_force.csv")
    _check_dates(pairs, here / "collisions.csv", key=("duty", "clause", "channel"))
    _check_gates(gates, here / "gates.csv")
    side = instruments["jurisdiction"].map({"US": "us", "CN": "cn"}).fillna("other").astype("str")
    return Catalogue(
        instruments=instruments.assign(side=side, computed=instruments["id"].isin(gates["instrument"])),
        in_force=in_force,
        gates=gates.assign(order=gates["order"].astype(int)),
        collisions=pairs,
    )


def _read(path: Path, wanted: tuple[str, ...]) -> pd.DataFrame:
    if not path.is_file():
        raise FileFault(str(path), "no such file", "a file of the catalogue", "check [rules] catalogue")
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    for name in wanted:
        if name not in frame.columns:
            raise FileFault(
                str(path), f"no column {name!r}", "the columns " + ", ".join(wanted), "add the column"
            )
    return frame


def _one_of(frame: pd.DataFrame, column: str, known: tuple[str, ...] | None, path: Path) -> None:
    odd = frame[column].duplicated() if known is None else ~frame[column].isin(known)
    if bool(odd.any()):
        row = int(np.flatnonzero(odd.to_numpy())[0])
        word = str(frame[column].iloc[row])
        expected = "each id once" if known is None else "one of the known words"
        do = "rename one of them" if known is None else nearest(word, known)
        raise FileFault(f"{path}, line {row + 2}, column {column}", repr(word), expected, do)


def _check_dates(frame: pd.DataFrame, path: Path, key: tuple[str, ...] = ("instrument", "branch")) -> None:
    for name in ("from", "to"):
        text = frame[name]
        odd = np.flatnonzero(
            ((text != "") & pd.to_datetime(text, format="%Y-%m-%d", errors="coerce").isna()).to_numpy()
        )
        if len(odd):
            raise FileFault(
                f"{path}, line {int(odd[0]) + 2}, column {name}",
                repr(str(text.iloc[int(odd[0])])),
                "a date such as 2025-11-10, or an empty cell",
                "correct the date",
            )
    last = frame["to"].where(frame["to"] != "", "9999-12-31")
    order = frame.assign(last=last).sort_values([*key, "from"], kind="stable")
    before = order.groupby(list(key))["last"].shift()
    wrong = (order["from"] > order["last"]) | (before.notna() & (order["from"] <= before.fillna("")))
    if bool(wrong.any()):
        row = int(order.index[wrong.to_numpy()][0])
        raise FileFault(
            f"{path}, line {row + 2}",
            "an interval that runs backwards or overlaps the one before it",
            "intervals one after the other, last day included",
            "correct the dates",
        )


def _check_gates(gates: pd.DataFrame, path: Path) -> None:
    _one_of(gates, "gate", tuple(g for g in GATES if g != "in force"), path)
    _one_of(gates, "field", tuple(FIELDS), path)
    _one_of(gates, "operator", tuple(OPERATORS), path)
    plain = gates["gate"] != "risk"
    _one_of(gates[plain & (gates["outcome"] != "")], "outcome", OUTCOMES, path)
    lists, bounds = gates["field"].isin(LIST_FIELDS), gates["field"].isin(BOUND_FIELDS)
    fits = np.select(
        [lists, bounds],
        [gates["operator"].isin(list(LIST_OPERATORS)), gates["operator"].isin(list(BOUND_OPERATORS))],
        gates["operator"].isin(list(TEXT_OPERATORS)),
    ).astype(bool)
    number = pd.to_numeric(gates["value"], errors="coerce").notna() | ~bounds
    order = gates["order"].str.fullmatch(r"\d+")
    through = ~gates["field"].isin(THROUGH_FIELDS) | (gates["outcome"] == "review")
    for good, found, expected in (
        (fits, "an operator that does not fit the field", "an operator for this kind of field"),
        (number, "a threshold that is no number", "a number"),
        (order, "an order that is no whole number", "1, 2, 3 ..."),
        (through, "look-through content as a legal test", "outcome review: it only triggers review"),
    ):
        wrong = np.flatnonzero(~np.asarray(good, dtype=bool))
        if len(wrong):
            raise FileFault(f"{path}, line {int(wrong[0]) + 2}", found, expected, "correct the row")
