"""What a change changed, cell by cell: every difference between two scenes as a row."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.pressure.scene import Scene
from analysis.scenario.record import CHANGES_COLUMNS, Change

__all__ = ["scene_differences"]

_OUTSIDE = ("confidence", "note", "warning", "source")
"""Columns of gates that say where a row is from; they differ wherever the row does."""


def scene_differences(before: Scene, after: Scene, change: Change) -> pd.DataFrame:
    """Rows of `CHANGES_COLUMNS`: what one change did to the rules, lists and links.

    Intervals of an instrument are one cell, written one after the other; a row added to gates or pairs is one
    cell in words; links are told as their number and their value.
    """
    rows: list[dict[str, str]] = []
    old, new = before.catalogue, after.catalogue
    if old.in_force is not new.in_force:
        rows += _intervals(old.in_force, new.in_force)
    if old.gates is not new.gates:
        rows += _tests(old.gates, new.gates)
    if old.instruments is not new.instruments:
        rows += _sides(old.instruments, new.instruments)
    if old.collisions is not new.collisions:
        rows += _added(old.collisions, new.collisions, "collisions", ("duty", "clause", "channel"), "status")
    if old.aligned is not new.aligned:
        rows += _added(old.aligned, new.aligned, "aligned", ("instrument",), "aligned_with")
    first, second = before.given.listings, after.given.listings
    if first is not None and second is not None and first is not second:
        rows += _listed(first, second)
    if before.links is not after.links:
        rows += _linked(before, after)
    table = pd.DataFrame([{name: row.get(name, "") for name in CHANGES_COLUMNS} for row in rows], dtype="str")
    table = table.reindex(columns=list(CHANGES_COLUMNS))
    return table.assign(
        scenario=change.scenario,
        change=change.number,
        do=change.do,
        source=table["source"].where(table["source"] != "", change.text("source")),
        why=change.text("why"),
    )


def _row(table: str, key: str, column: str, before: str, after: str, **more: str) -> dict[str, str]:
    rule = "" if table in ("links", "listings") else key.split(" ")[0]
    return {
        "table": table,
        "key": key,
        "instrument": rule,
        "column": column,
        "before": before,
        "after": after,
        **more,
    }


def _intervals(old: pd.DataFrame, new: pd.DataFrame) -> Iterator[dict[str, str]]:
    said = [_said(table) for table in (old, new)]
    source = new.groupby(["instrument", "branch"], sort=False)["source"].last()
    for key in dict.fromkeys([*said[0], *said[1]]):
        was, now = said[0].get(key, ""), said[1].get(key, "")
        if was != now:
            told = str(source.get(key, ""))
            yield _row("in_force", " ".join(word for word in key if word), "state", was, now, source=told)


def _said(table: pd.DataFrame) -> dict[tuple[str, str], str]:
    until = table["to"].where(table["to"] != "", "open")
    words = table["state"] + " " + table["from"].where(table["from"] != "", "open") + " to " + until
    joined = words.groupby([table["instrument"], table["branch"]], sort=False).agg("; ".join)
    keys = zip(joined.index.get_level_values(0), joined.index.get_level_values(1), strict=True)
    return {(str(name), str(branch)): str(cell) for (name, branch), cell in zip(keys, joined, strict=True)}


def _tests(old: pd.DataFrame, new: pd.DataFrame) -> Iterator[dict[str, str]]:
    many = len(old)
    for column in ("operator", "value"):
        was, now = old[column].to_numpy(dtype=object), new[column].to_numpy(dtype=object)[:many]
        for place in np.flatnonzero(was != now):
            row = new.iloc[place]
            key = " ".join(str(row[part]) for part in ("instrument", "branch", "gate", "field") if row[part])
            told = {"clause": str(row["clause"]), "source": str(row["source"])}
            yield _row("gates", key, column, str(was[place]), str(now[place]), **told)
    for test in new.iloc[many:].to_dict(orient="records"):
        key = " ".join(str(test[part]) for part in ("instrument", "branch") if test[part])
        words = f"{test['gate']}: {test['field']} {test['operator']} {test['value']}"
        said = words + (f" -> {test['outcome']}" if test["outcome"] else "")
        yield _row("gates", key, "test", "", said, clause=str(test["clause"]), source=str(test["source"]))


def _sides(old: pd.DataFrame, new: pd.DataFrame) -> Iterator[dict[str, str]]:
    sides = old.set_index("id")["side"]
    for row in new.to_dict(orient="records"):
        if row["id"] not in sides.index:
            yield _row("instruments", row["id"], "instrument", "", row["instrument"], source=row["source"])
        elif sides[row["id"]] != row["side"]:
            yield _row("instruments", row["id"], "side", str(sides[row["id"]]), row["side"])


def _added(
    old: pd.DataFrame, new: pd.DataFrame, table: str, keys: tuple[str, ...], told: str
) -> Iterator[dict[str, str]]:
    for row in new.iloc[len(old) :].to_dict(orient="records"):
        key = " ".join(str(row[part]) for part in keys)
        article = str(row.get("article", ""))
        yield _row(table, key, told, "", str(row[told]), clause=article, source=str(row["source"]))


def _listed(old: pd.DataFrame, new: pd.DataFrame) -> Iterator[dict[str, str]]:
    columns = ["party", "list", "from", "to"]
    first, second = (pd.MultiIndex.from_frame(table[columns].fillna("")) for table in (old, new))
    for rows, others, is_new in ((old, second, False), (new, first, True)):
        own = first if rows is old else second
        for row in rows[~own.isin(others)].to_dict(orient="records"):
            cell = f"{row['list']} {row['from'] or 'open'} to {row['to'] or 'open'}"
            was, now = ("", cell) if is_new else (cell, "")
            one = _row("listings", str(row["party"]), "list", was, now, source=str(row["evidence"]))
            yield {**one, "instrument": str(row["list"])}


def _linked(before: Scene, after: Scene) -> Iterator[dict[str, str]]:
    old, new = before.links.frame, after.links.frame
    yield _row("links", "all", "number", str(len(old)), str(len(new)))
    was, now = float(old["value"].sum()), float(new["value"].sum())
    if was != now:
        yield _row("links", "all", "value", f"{was:.6g}", f"{now:.6g}")
    ids = [set(frame["link"].astype("str")) for frame in (old, new)]
    yield _row("links", "all", "gone", "", str(len(ids[0] - ids[1])))
    yield _row("links", "all", "new", "", str(len(ids[1] - ids[0])))
