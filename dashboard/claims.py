"""The sentences of the briefing in plain words, for its page and for all that is taken away."""

from dataclasses import dataclass

import pandas as pd

from dashboard.ruled import Ruled
from dashboard.shelf import Shelf
from dashboard.wording import (
    FEW,
    NEVER,
    as_claim,
    as_date,
    as_interval,
    as_share,
    catalogue,
    is_number,
    placeholders,
    say,
)

__all__ = [
    "Sectors",
    "band_claim",
    "collision_claim",
    "day_claim",
    "headline_rows",
    "is_hidden",
    "name_of",
    "pressure_claim",
    "row_interval",
    "sectors_of",
    "tier_claim",
    "top_band",
]


def is_hidden(row: pd.Series) -> bool:
    """Whether a row of numbers is kept from the reader, or has none."""
    return "suppressed" in str(row["flag"] or "") or not is_number(row["estimate"])


def headline_rows(shelf: Shelf) -> list[pd.Series]:
    """One row of claims a headline: its contrast where it has one, else its first option."""
    claims = shelf.claims()
    rows = []
    for question in shelf.manifest.get("headline", ()):
        mine = claims[claims["question"] == question]
        contrast = mine[mine["stat"] == "difference"]
        if len(contrast):
            rows.append(contrast.iloc[0])
            continue
        order = [option for option in shelf.options(question) if option in set(mine["option"])]
        first = mine[mine["option"] == order[0]] if order else mine
        if len(first):
            rows.append(first.iloc[0])
    return rows


def name_of(shelf: Shelf, lang: str, question: str) -> str:
    """A question in a few words where the catalogue has them, else its wording."""
    key = f"figure.{question}"
    return say(lang, key) if key in catalogue(lang) else shelf.label(lang, question)


def row_interval(lang: str, row: pd.Series) -> str:
    """The interval of a share in words."""
    return as_interval(lang, row["low"], row["high"], row["level"], str(row["method"]), n=int(row["n"]))


def day_claim(shelf: Shelf, lang: str) -> tuple[str, str]:
    """The first sentence of the briefing, with n, and its interval; "" for the interval where it has none.

    It is the headline question that has a sentence of its own in the catalogue, else the first that is shown.
    """
    rows = [row for row in headline_rows(shelf) if row["stat"] == "share"]
    if not rows:
        return say(lang, "state.nothing"), ""
    own = [row for row in rows if f"claim.{row['question']}" in catalogue(lang) and not is_hidden(row)]
    row = next(iter(own or [row for row in rows if not is_hidden(row)] or rows))
    question = str(row["question"])
    if is_hidden(row):
        return say(lang, "claim.hidden", question=shelf.label(lang, question)), ""
    claim = as_claim(
        lang,
        question,
        shelf.label(lang, question),
        shelf.label(lang, question, str(row["option"])),
        row["estimate"],
        int(row["n"]),
        is_weighted=pd.isna(row["count"]),
    )
    if int(row["n"]) < NEVER:
        return claim, ""
    return claim, say(lang, "claim.with_interval", interval=row_interval(lang, row))


@dataclass(frozen=True, slots=True)
class Sectors:
    """An answer by the groups of a break.

    Attributes
    ----------
    question, option, by : str
        The answer, and the question whose groups it is broken by.
    rows : pandas.DataFrame
        A row a group, of `estimates`, the highest share first.
    title : str
        What can be said of their order.
    """

    question: str
    option: str
    by: str
    rows: pd.DataFrame
    title: str


def sectors_of(shelf: Shelf, lang: str) -> Sectors | None:
    """The last headline question by its first break; None where the Release has no break of a headline."""
    found = next(
        (
            (question, by)
            for question in reversed(list(shelf.manifest.get("headline", ())))
            for by in shelf.breaks(question)
        ),
        None,
    )
    if found is None:
        return None
    question, by = found
    option = next(iter(shelf.options(question)), "")
    rows = shelf.shares(question, by=by)
    rows = rows[rows["option"] == option].sort_values("estimate", ascending=False, kind="stable")
    shown = rows[(rows["n"] >= NEVER) & rows["estimate"].notna()]
    words = {"what": name_of(shelf, lang, question), "by": shelf.label(lang, by)}
    if len(shown) < 2:
        return Sectors(question, option, by, rows, say(lang, "sector.title", **words))
    names = {
        key: shelf.label(lang, by, str(shown["group"].iloc[place]))
        for key, place in (("sector", 0), ("other", 1))
    }
    top = shown[shown["estimate"] == shown["estimate"].iloc[0]]
    below = shown.iloc[len(top) :]
    is_apart = below.empty or float(top["low"].min()) > float(below["high"].max())
    key = "title_apart" if is_apart else "title_top"
    if len(top) > 1:
        key = "title_even" if len(top) > 2 else "title_tie" if is_apart else "title_tie_overlap"
    words |= {
        slot: word for slot, word in names.items() if slot in placeholders(catalogue(lang)[f"sector.{key}"])
    }
    return Sectors(question, option, by, rows, say(lang, f"sector.{key}", **words))


def band_claim(shelf: Shelf, lang: str, name: str, rows: pd.DataFrame) -> tuple[str, int | None]:
    """Which band of `us`, `cn` or `squeeze` holds most firms, in one sentence; the firms behind it."""
    question, title = f"pressure.{name}", say(lang, f"bands.{name}")
    shown = rows[rows["estimate"].notna()]
    n = int(shown["n"].max()) if len(shown) else None
    if n is None or n < NEVER:
        return say(lang, "bands.claim_hidden", title=title), n
    top = shown.sort_values("estimate", ascending=False, kind="stable").iloc[0]
    value, band = as_share(lang, top["estimate"], n), shelf.label(lang, question, str(top["option"]))
    return say(lang, "bands.claim", title=title, value=value, band=band), n


def top_band(shelf: Shelf, question: str = "pressure.squeeze") -> tuple[pd.Series, str] | None:
    """The row of the highest band with a number, else of the highest, and its code; None without bands."""
    rows, options = shelf.shares(question), shelf.options(question)
    if rows.empty or not options:
        return None
    shown = [option for option in options if rows[rows["option"] == option]["estimate"].notna().any()]
    option = shown[-1] if shown else options[-1]
    return rows[rows["option"] == option].iloc[0], option


def pressure_claim(shelf: Shelf, lang: str) -> tuple[str, str]:
    """What the page on pressure says first, with n; and its interval, "" where a count of tiers has none.

    With firm rows the count of the highest tier; without them the share of the highest band shown.
    """
    found = None if shelf.has_firms else top_band(shelf)
    if found is None:
        return tier_claim(shelf, lang), ""
    row, option = found
    if is_hidden(row) or int(row["n"]) < NEVER:
        return say(lang, "bands.claim_hidden", title=say(lang, "bands.squeeze")), ""
    n = int(row["n"])
    words = {
        "value": as_share(lang, row["estimate"], n),
        "band": shelf.label(lang, "pressure.squeeze", option),
    }
    key = "claim_band_small" if n < FEW else "claim_band"
    claim = say(lang, f"pressure.{key}", **(words if n < FEW else words | {"n": n}))
    return claim, say(lang, "claim.with_interval", interval=row_interval(lang, row))


def tier_claim(shelf: Shelf, lang: str) -> str:
    """How many firms stand in the highest tier, and whether they can be told apart."""
    many, n = shelf.top_tier if shelf.has_firms else (0, 0)
    if not many:
        return say(lang, "pressure.title")
    key = "claim_all" if many == n else ("claim" if many > 1 else "claim_one")
    return say(lang, f"pressure.{key}", count=many, n=n)


def collision_claim(ruled: Ruled, lang: str) -> str:
    """How many firms and flows meet a duty of one side that a clause of the other punishes."""
    tables = ruled.shelf.tables
    lethal = ruled.matrix[ruled.matrix["lethal"].astype(bool)]
    words = {
        "firms": tables.column("collisions", "firm").nunique(),
        "flows": tables.column("collisions", "flow").nunique(),
        "day": as_date(lang, ruled.own_day),
    }
    if len(lethal):
        return say(lang, "matrix.claim_lethal", pairs=len(lethal), **words)
    return say(lang, "matrix.claim", **words)
