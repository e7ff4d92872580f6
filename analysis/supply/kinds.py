"""The kinds of file that links are made of, and the word each has for a column of links."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.supply.tables import nothing
from analysis.supply.words import one_word
from survey import FileFault, nearest

__all__ = ["KINDS", "Kind", "in_our_words", "their_word"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file.

    Attributes
    ----------
    columns : dict[str, str]
        Its column to ours; `[supply.columns]` maps the user's names to these.
    needed : tuple[str, ...]
        Columns it must have.
    is_lines : bool
        Whether its rows are lines to be added up, and may be below zero.
    reading : str
        What a share of it is a share of: `inputs` of the buyer, or `output` of the seller.
    """

    columns: dict[str, str]
    needed: tuple[str, ...]
    is_lines: bool
    reading: str = "inputs"


_SAME = ("product", "currency", "date", "period", "confidence", "evidence")

KINDS = {
    "links": Kind(
        {
            name: name
            for name in (
                *("link", "buyer", "supplier", "country", "value", "share", "inputs", "buyer_country"),
                *_SAME,
            )
        },
        ("buyer", "supplier"),
        False,
    ),
    "ledger": Kind(
        {
            **{name: name for name in ("buyer", "supplier", "country", "inputs", "buyer_country", *_SAME)},
            "amount": "value",
        },
        ("buyer", "supplier", "amount"),
        True,
    ),
    "customers": Kind(
        {
            **{name: name for name in ("value", "share", "output", *_SAME)},
            "seller": "supplier",
            "customer": "buyer",
            "country": "buyer_country",
            "seller_country": "country",
        },
        ("seller", "customer"),
        False,
        "output",
    ),
    "customs": Kind(
        {
            **{name: name for name in ("value", "inputs", *_SAME[1:])},
            "importer": "buyer",
            "exporter": "supplier",
            "origin": "country",
            "country": "shipped_from",
            "importer_country": "buyer_country",
            "hs": "product",
        },
        ("importer", "exporter", "value"),
        True,
    ),
}
"""`links`: a row a link; `ledger`: a row an invoice line; `customers`: a row a customer of a seller;
`customs`: a row a declaration."""

_WORDS = ("buyer", "supplier", "country", "product", "period", "evidence", "currency", "date", "link")
_NUMBERS = ("value", "share", "inputs", "output", "confidence")


def in_our_words(rows: pd.DataFrame, kind: Kind, where: str) -> pd.DataFrame:
    """The rows under our column names; words that nobody gave are blank, numbers missing.

    `buyer_country` and `shipped_from` are there only where the file has them.

    Raises
    ------
    FileFault
        A column that is needed is missing, with the nearest names the file has.
    """
    names = [str(name) for name in rows.columns]
    for name in kind.needed:
        if name not in names:
            raise FileFault(
                where,
                f"no column {name!r} ({nearest(name, names)})",
                "the columns " + ", ".join(kind.needed),
                "rename the column, or map it in study.toml under [supply.columns]",
            )
    made = {ours: rows[theirs] for theirs, ours in kind.columns.items() if theirs in names}
    for name in _WORDS:
        if name not in made:
            made[name] = one_word("", rows.index)
    for name in _NUMBERS:
        if name not in made:
            made[name] = pd.Series(nothing(len(rows)), index=rows.index, copy=False)
    return pd.DataFrame(made, copy=False)


def their_word(kind: Kind, ours: str) -> str:
    """The word a kind of file has for one of our columns."""
    words: Sequence[str] = [theirs for theirs, name in kind.columns.items() if name == ours]
    return words[0] if words else ours
