"""On how few countries and suppliers each firm and each product hangs, and whether others could step in."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.supply.links import Links
from analysis.supply.narrow.squares import squared_shares
from analysis.supply.seeds import sites_of
from survey import QuestionFault, Study, StudyFault, answers_to, design_frame, latest_wave, nearest

__all__ = ["CONCENTRATION_COLUMNS", "LEVELS", "concentration", "months_to_qualify"]

KEYS = ("months",)
"""Keys of `[supply.concentration]`."""

CONCENTRATION_COLUMNS = (
    *(
        "firm",
        "product",
        "by",
        "hhi",
        "low",
        "high",
        "largest",
        "largest_share",
        "others",
        "substitutability",
    ),
    *("substitutability_low", "substitutability_high", "months", "months_n", "n_firms", "n_links", "named"),
    "weighing",
)
"""Columns of a table of concentration."""

LEVELS = ("firm_product", "firm", "product", "all")
"""What a row is about: a firm's product, a firm, a product of all firms, everything."""

_BY = ("country", "supplier")


def months_to_qualify(study: Study) -> pd.Series | None:
    """Months each firm says it takes to qualify another supplier, by the question that the study names.

    Returns
    -------
    pandas.Series or None
        Index the firms' ids, nan where not answered; None where no question is named.

    Raises
    ------
    StudyFault
        An unknown key, or one that is no name of a question.
    QuestionFault
        No such question, or one without numbers.
    """
    given = study.section("supply").get("concentration", {})
    if not isinstance(given, Mapping):
        raise StudyFault(
            study.place("supply.concentration"), repr(given), "a table", "write  [supply.concentration]"
        )
    for key, name in given.items():
        place = study.place(f"supply.concentration.{key}")
        if key not in KEYS:
            raise StudyFault(place, f"unknown key {key!r}", "one of: " + ", ".join(KEYS), nearest(key, KEYS))
        if not isinstance(name, str):
            raise StudyFault(place, repr(name), "the id of a question", f'write  {key} = "..."')
    if not given:
        return None
    wave = latest_wave(study)
    answers = answers_to(wave, given["months"])
    if answers.kind == "multiple" or not np.isfinite(answers.values).any():
        raise QuestionFault(
            study.place("supply.concentration.months"),
            f"{given['months']!r}, a question of kind {answers.kind} without numbers",
            "a question whose answers are numbers of months",
            "name another, or give its answers as numbers",
        )
    firms = design_frame(wave, study.design)["id"].astype("str")
    return pd.Series(answers.values, index=pd.Index(firms, dtype="str"))


def concentration(
    links: Links,
    *,
    levels: Sequence[str] = LEVELS,
    by: Sequence[str] = _BY,
    months: pd.Series | None = None,
) -> pd.DataFrame:
    """HHI by country and by supplier of what firms buy, and substitutability, with outer bounds.

    Parameters
    ----------
    links : Links
        Shares of inputs.
    levels : sequence of str
        Some of `LEVELS`.
    by : sequence of str
        `country`, `supplier`, or both.
    months : pandas.Series, optional
        Of `months_to_qualify`.

    Returns
    -------
    pandas.DataFrame
        Columns `CONCENTRATION_COLUMNS`; `firm` and `product` are empty where the row is about all of them.
        `hhi` of what is named; `low` and `high` were the unnamed rest of the firm's inputs bought here too,
        from ever so many others or all from the largest. `largest` and its share; `others` how many more;
        `substitutability` = 1 - largest supplier's share (rows by supplier), with bounds; `months` to
        qualify another (mean over `months_n` firms that said); `n_firms`, `n_links`; `named` = share of
        those firms' inputs that links name; `weighing` of rows over firms: `value`, or `equal buyers`
        where some link has no value; of rows about a firm: how its shares came about.

    Raises
    ------
    QuestionFault
        Words that are no level or no `by`; links that hold shares of sales.
    """
    for word, allowed in (*((level, LEVELS) for level in levels), *((kind, _BY) for kind in by)):
        if word not in allowed:
            raise QuestionFault(
                "concentration", repr(word), "one of: " + ", ".join(allowed), nearest(word, allowed)
            )
    if links.reading != "inputs":
        raise QuestionFault(
            "links", f"shares of {links.reading}", "shares of inputs", "use links of what firms buy"
        )
    rows, firms, known = _rows(links)
    pieces = []
    for level in levels:
        keys: list[str] = [name for name in ("firm", "product") if name in level.split("_")]
        for kind in by:
            pieces.append(_level(rows, firms, known, keys, kind, months))
    table = pd.concat(pieces, ignore_index=True)[list(CONCENTRATION_COLUMNS)]
    table["weighing"] = table["weighing"].where(table["weighing"] != "", links.share_method)
    return table


def _rows(links: Links) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, pd.Index]]:
    """Sized links as numbers, buyers with the rest no link names, and the words behind the numbers."""
    frame, sites = links.frame, sites_of(links.frame)
    share = np.asarray(sites.share)
    money = frame["value"].to_numpy(dtype=float, copy=True)
    inputs = frame["inputs"].to_numpy(dtype=float)
    guessed = np.isnan(money)
    money[guessed] = (share * inputs)[guessed]
    seller = np.asarray(sites.party)[sites.node]
    place, countries = pd.factorize(frame["country"])
    place = np.where(np.asarray(countries == "")[place], -1, place)
    product, products = pd.factorize(frame["product"], sort=True)
    rows = pd.DataFrame(
        {
            "firm": np.asarray(sites.buyer),
            "product": product,
            "country": place,
            "supplier": seller,
            "share": share,
            "money": money,
        }
    )[share > 0]
    firms = pd.DataFrame({"firm": np.asarray(sites.buyer), "inputs": inputs}).groupby("firm").max()
    firms["named"] = rows.groupby("firm")["share"].sum().clip(upper=1.0).reindex(firms.index, fill_value=0.0)
    firms["rest"] = 1.0 - firms["named"]
    firms["spent"] = firms["inputs"].fillna(rows.groupby("firm")["money"].sum())
    words = {"country": countries, "supplier": sites.names, "product": products}
    return rows, firms, {name: pd.Index(np.asarray(index, dtype=object)) for name, index in words.items()}


def _level(
    rows: pd.DataFrame,
    firms: pd.DataFrame,
    known: dict[str, pd.Index],
    keys: list[str],
    by: str,
    months: pd.Series | None,
) -> pd.DataFrame:
    """One kind of row: each combination of `keys`, over countries or suppliers."""
    names, words = known["supplier"], known[by]
    if keys:
        grouped = rows.groupby(keys, observed=True, sort=True)
        group, groups = grouped.ngroup().to_numpy(), grouped.size().index.to_frame(index=False)
    else:
        group, groups = np.zeros(len(rows), dtype=np.int64), pd.DataFrame(index=range(1))
    many = len(groups)
    pairs = pd.DataFrame({"group": group, "firm": rows["firm"].to_numpy()}).drop_duplicates()
    at, buyers = pairs["group"].to_numpy(), firms.loc[pairs["firm"]]
    in_money = np.ones(many, dtype=bool)
    if "firm" not in keys:
        in_money[group[rows["money"].isna().to_numpy()]] = False
    else:
        in_money[:] = False
    weight = np.where(in_money[at], buyers["spent"], 1.0)
    rest = np.bincount(at, weight * buyers["rest"], minlength=many)
    named = np.bincount(at, weight * buyers["named"], minlength=many)
    amount = np.where(in_money[group], rows["money"], rows["share"])
    found = squared_shares(group, rows[by].to_numpy(), amount, rest, len(words))
    table = pd.DataFrame(
        {
            "firm": names[groups["firm"].to_numpy()] if "firm" in keys else "",
            "product": known["product"][groups["product"].to_numpy()] if "product" in keys else "",
            "by": by,
            "hhi": found.hhi,
            "low": found.low,
            "high": found.high,
            "largest": np.where(found.largest >= 0, words.take(np.maximum(found.largest, 0)), "")
            if len(words)
            else "",
            "largest_share": found.share,
            "others": np.maximum(found.members - 1, 0),
            "substitutability": 1 - found.share if by == "supplier" else np.nan,
            "substitutability_low": 1 - found.share_high if by == "supplier" else np.nan,
            "substitutability_high": 1 - found.share_low if by == "supplier" else np.nan,
            "n_firms": np.bincount(at, minlength=many),
            "n_links": np.bincount(group, minlength=many),
            "named": named / (named + rest),
            "weighing": "" if "firm" in keys else np.where(in_money, "value", "equal buyers"),
        },
        index=range(many),
    )
    said = np.full(len(at), np.nan) if months is None else months.reindex(names[buyers.index]).to_numpy(float)
    told = np.isfinite(said)
    table["months_n"] = np.bincount(at[told], minlength=many)
    with np.errstate(divide="ignore", invalid="ignore"):
        table["months"] = np.bincount(at[told], said[told], minlength=many) / table["months_n"].to_numpy()
    return table
