"""What a firm buys and what it sells, from two files of one study: links and a list of customers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.supply.words import as_words, plain_text, shared_words
from survey import Finding, Study, StudyFault

__all__ = ["all_rows", "as_customers", "customers_study", "parties_of_both"]

_OURS = ("links", "kind", "table", "sheet", "columns", "where", "currency", "unit", "shares", "periods")
"""What `[supply.customers]` says for itself; all else is as `[supply]` says."""

_OF_LIST = "C:"
"""How the id of a link of the list of customers begins."""


def as_customers(matched: pd.DataFrame) -> pd.DataFrame:
    """`Links.matched` of the list of customers, with ids as `all_rows` gives them."""
    return matched.assign(link=_OF_LIST + matched["link"].astype("str"))


def customers_study(study: Study) -> Study | None:
    """The same study with its list of customers (`[supply.customers]`) as its links; None without one.

    Raises
    ------
    StudyFault
        What is no section.
    """
    supply = study.section("supply")
    if "customers" not in supply:
        return None
    own: Any = supply["customers"]
    if not isinstance(own, Mapping) or "kind" in own:
        raise StudyFault(
            study.place("supply.customers"),
            "a kind of its own" if isinstance(own, Mapping) else repr(own),
            "a section with the list of customers",
            'write  [supply.customers]  and under it  links = "customers.csv"',
        )
    rest = {name: value for name, value in supply.items() if name not in (*_OURS, "customers", "items")}
    if "currency" in supply:
        rest["currency"] = supply["currency"]
    head = "supply.customers."
    lines = {key: line for key, line in study.lines.items() if not key.startswith("supply.")}
    lines |= {"supply." + key[len(head) :]: n for key, n in study.lines.items() if key.startswith(head)}
    sections = {**study.sections, "supply": {**rest, **own, "kind": "customers"}}
    return replace(study, sections=sections, lines=lines)


def all_rows(bought: pd.DataFrame, sold: pd.DataFrame, where: str, findings: list[Finding]) -> pd.DataFrame:
    """Links of inputs, and under them a list of customers, whose rows are of no known share of inputs.

    A link that both have is the buyer's: it knows its inputs.

    Parameters
    ----------
    bought, sold : pandas.DataFrame
        `Links.frame` of shares of inputs, and of shares of output.
    where : str
        `study.toml` and the key, for messages.
    findings : list of Finding
        Grows by what is odd.
    """
    first, second = plain_text(bought), plain_text(sold)
    pairs = pd.MultiIndex.from_frame(second[["buyer", "supplier"]])
    again = pairs.isin(pd.MultiIndex.from_frame(first[["buyer", "supplier"]]))
    second = second[~again].assign(share=np.nan, inputs=np.nan, share_method="size unknown")
    second["link"] = _OF_LIST + second["link"]
    frame = pd.concat([first, second], ignore_index=True)
    for name, kind in bought.dtypes.items():
        if isinstance(kind, pd.CategoricalDtype):
            frame[name] = as_words(frame[name])
    frame["buyer"], frame["supplier"] = shared_words(frame["buyer"], frame["supplier"])
    if again.any():
        findings.append(
            Finding(
                where,
                f"{int(again.sum())} customers that name the seller among their own suppliers",
                "The link is the buyer's, and its value too.",
                "",
            )
        )
    lost = int(second["value"].isna().sum())
    if lost:
        findings.append(
            Finding(
                where,
                f"{lost} customers without a value",
                "Their share of the seller's sales is not known.",
                "Give value, or share and output.",
            )
        )
    return frame


def parties_of_both(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Parties of both; what the first does not know of one is as the second says."""
    known, more = first.set_index("party"), second.set_index("party")
    for name in ("country", "sales"):
        other = more[name].reindex(known.index)
        blank = (known[name].isna() if name == "sales" else known[name] == "") & other.notna()
        known[name] = known[name].where(~blank, other)
    return pd.concat([known, more[~more.index.isin(known.index)]]).reset_index()
