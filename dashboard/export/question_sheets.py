"""The tables of a Release as sheets of a workbook: one a question, what is hidden in neutral words."""

from dataclasses import replace

import pandas as pd

from dashboard.command.book_notes import interval_note
from dashboard.command.book_words import said
from dashboard.command.sheets import Sheet, Words, sheets_of
from dashboard.export.story import Story
from dashboard.shelf import Shelf

__all__ = ["notes_of", "questions_of"]


def questions_of(shelf: Shelf, lang: str) -> list[Sheet]:
    """One sheet for each question of the Release, by its breaks and base rules, with wordings for codes."""
    table = shelf.tables.get("estimates")
    if table is None or table.empty:
        return []
    text = ("option", "by", "group", "stat", "base_rule", "method", "flag")
    plain = table.assign(**{name: table[name].astype(object).fillna("") for name in text}, letters="")
    computed = plain["question"].str.startswith("pressure.") & plain["base_rule"].eq("answered")
    plain["base_rule"] = plain["base_rule"].mask(computed, "linked")
    sheets = sheets_of(_differing(_whole(plain)), _words(shelf, lang))
    return [replace(sheet, has_letters=False) for sheet in sheets]


def _whole(table: pd.DataFrame) -> pd.DataFrame:
    """Every option under every group of its question; what the Release leaves out is not shown."""
    block = ["question", "stat", "base_rule"]
    columns = table[[*block, "by", "group"]].drop_duplicates()
    options = table[[*block, "option"]].drop_duplicates()
    whole = columns.merge(options, on=block, how="left")
    key = [*block, "by", "group", "option"]
    filled = whole.merge(table.drop_duplicates(key), on=key, how="left")
    filled["flag"] = filled["flag"].where(filled["flag"].notna(), "suppressed")
    filled["method"], filled["letters"] = filled["method"].fillna(""), ""
    return filled


def _differing(table: pd.DataFrame) -> pd.DataFrame:
    """Without the base rules under which nothing of a question differs from its first one."""
    key = ["question", "stat", "by", "group", "option"]
    first = table.groupby(["question", "stat"], sort=False)["base_rule"].transform("first")
    beside = table[key].merge(
        table.loc[table["base_rule"] == first, [*key, "n", "estimate"]], on=key, how="left"
    )
    same = pd.Series(True, index=table.index)
    for name in ("n", "estimate"):
        here, there = table[name].to_numpy(dtype=float), beside[name].to_numpy(dtype=float)
        same &= (here == there) | ((here != here) & (there != there))
    rules = [table["question"], table["stat"], table["base_rule"]]
    return table[~same.groupby(rules, sort=False).transform("all") | (table["base_rule"] == first)]


def _words(shelf: Shelf, lang: str) -> Words:
    wording = shelf.tables.get("wording", pd.DataFrame(columns=["kind", "question", "option"]))
    pairs = wording[["kind", "question", "option"]].drop_duplicates()
    options = [
        (str(q), str(o or "")) for q, o in zip(pairs["question"], pairs["option"].fillna(""), strict=True)
    ]
    nets = {pair for pair, kind in zip(options, pairs["kind"], strict=True) if kind == "net"}
    titles = {question: shelf.label(lang, question) for question, _ in options}
    labels = {(q, o): shelf.label(lang, q, o) for q, o in options if o}
    return Words(lang, titles, labels, nets)


def notes_of(shelf: Shelf, story: Story) -> list[tuple[str, str]]:
    """What a reader of the workbook must know: intervals, the story's method point by point, sources."""
    notes = [("", story.banner)] if story.banner else []
    notes += [("", story.title), ("", story.subtitle)]
    table = shelf.tables.get("estimates")
    if table is not None and not table.empty:
        notes.append((said("interval", story.lang), interval_note(table, story.lang)))
    for slide in story.slides:
        if slide.chapter == "method":
            notes += [("", point) for point in (*slide.points, *slide.notes)]
            notes += [(row[0], row[1]) for row in slide.table.rows] if slide.table else []
    return [*notes, ("", story.colophon)]
