"""What a firm buys and what it sells, from two files of one study: links and a list of customers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.supply.words import as_words, plain_text, shared_words
from survey import Finding, Study, StudyFault

if TYPE_CHECKING:
    from analysis.supply.links import Links

__all__ = ["customers_study", "with_customers"]

_OURS = ("links", "kind", "table", "sheet", "columns", "where", "currency", "unit", "shares", "periods")
"""What `[supply.customers]` says for itself; all else is as `[supply]` says."""


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


def with_customers(bought: "Links", sold: "Links", where: str) -> "Links":
    """Links of inputs, and under them a list of customers, whose rows are of no known share of inputs.

    Sales of a seller are the `output` of the list. A link that both files have is the buyer's: it knows its
    inputs.

    Parameters
    ----------
    bought, sold : Links
        Reading `inputs`, and `output`.
    where : str
        `study.toml` and the key, for messages.

    Raises
    ------
    StudyFault
        Links that are a list of customers too; amounts in two kinds of money.
    """
    if bought.reading != "inputs" or (bought.money and sold.money and bought.money != sold.money):
        raise StudyFault(
            where,
            f"links of {bought.reading} in {bought.money or 'no named money'} and customers in {sold.money}",
            "links of what firms buy beside a list of customers, in one money",
            "correct kind or currency under [supply] and [supply.customers]",
        )
    first, second = plain_text(bought.frame), plain_text(sold.frame)
    pairs = pd.MultiIndex.from_frame(second[["buyer", "supplier"]])
    again = pairs.isin(pd.MultiIndex.from_frame(first[["buyer", "supplier"]]))
    second = second[~again].assign(share=np.nan, inputs=np.nan, share_method="size unknown")
    second["link"] = "C:" + second["link"]
    frame = pd.concat([first, second], ignore_index=True)
    for name, kind in bought.frame.dtypes.items():
        if isinstance(kind, pd.CategoricalDtype):
            frame[name] = as_words(frame[name])
    frame["buyer"], frame["supplier"] = shared_words(frame["buyer"], frame["supplier"])
    findings = [*bought.findings, *sold.findings]
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
    words = [word for word in bought.share_method.split("; ") if word != "size unknown"]
    return replace(
        bought,
        frame=frame,
        parties=_parties(bought.parties, sold.parties),
        share_method="; ".join([*words, "size unknown"] if len(second) else [bought.share_method]),
        findings=tuple(findings),
        money=bought.money or sold.money,
    )


def _parties(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Parties of both; what the first does not know of one is as the second says."""
    known, more = first.set_index("party"), second.set_index("party")
    for name in ("country", "sales"):
        other = more[name].reindex(known.index)
        blank = (known[name].isna() if name == "sales" else known[name] == "") & other.notna()
        known[name] = known[name].where(~blank, other)
    return pd.concat([known, more[~more.index.isin(known.index)]]).reset_index()
