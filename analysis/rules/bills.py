"""Bills of materials as a study writes them: what each item a party sells is made of, and what it costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.rules.cells import countries_in, refuse_cells, text_of, with_days
from analysis.supply.tables import numbers, place_rows, read_rows, require_columns
from survey import FileFault, Study, StudyFault, country_codes, country_names, nearest

__all__ = ["BILL_COLUMNS", "EVERYWHERE", "NOWHERE", "Bills", "destination_groups", "read_bills"]

BILL_COLUMNS = (
    "party",
    "product",
    "component",
    "supplier",
    "origin",
    "value",
    "price",
    "currency",
    "licence_to",
    "eccn",
    "from",
    "to",
    "evidence",
    "row",
)
"""Columns of `Bills.frame`; `row` is the row of the file, 1 under the header."""

EVERYWHERE = "all"
"""Word of `licence_to`: the component itself would need a licence to every country but its own."""

NOWHERE = "none"
"""Word of `licence_to`: the component itself would need no licence to any country."""


@dataclass(frozen=True, slots=True)
class Bills:
    """Bills of materials, read and checked cell by cell; what must hold on a day is checked on that day.

    Attributes
    ----------
    frame : pandas.DataFrame
        `BILL_COLUMNS`, one row a component of an item (party and product; party "": of every seller of it).
        `origin` alpha-2 or "" where nobody knows; `value` and `price` in one `currency` an item, nan where
        blank; `licence_to` `all`, `none`, alpha-2 codes joined by `|`, or "" where nobody knows.
    where : str
        The file, for messages.
    """

    frame: pd.DataFrame
    where: str = "bills"


def destination_groups(study: Study) -> dict[str, tuple[str, ...]]:
    """`[rules.destinations]`: for each group the codes of its countries, given in any spelling.

    Raises
    ------
    StudyFault
        No table of lists, a name that is a country or a word of `licence_to`, a country nobody knows.
    """
    table = study.section("rules").get("destinations", {})
    if not isinstance(table, Mapping):
        raise StudyFault(
            study.place("rules.destinations"), repr(table), "a table of groups", 'write  Embargoed = ["IR"]'
        )
    made: dict[str, tuple[str, ...]] = {}
    for name, members in table.items():
        place = study.place(f"rules.destinations.{name}")
        if not isinstance(members, list) or not members or not all(isinstance(m, str) for m in members):
            raise StudyFault(place, repr(members), "a list of countries", f'write  {name} = ["CN"]')
        if str(name).casefold() in (EVERYWHERE, NOWHERE) or country_codes(pd.Series([str(name)])).notna()[0]:
            raise StudyFault(place, repr(name), "a name that is no country", "choose another name")
        codes = country_codes(pd.Series(members, dtype="str"))
        if (codes.isna() | (codes == "")).any():
            odd = members[int(np.flatnonzero((codes.isna() | (codes == "")).to_numpy())[0])]
            raise StudyFault(
                place, f"{odd!r}, a country nobody knows", "countries in any spelling", "mend it"
            )
        made[str(name)] = tuple(dict.fromkeys(codes))
    return made


def read_bills(path: Path, groups: Mapping[str, Sequence[str]] | None = None) -> Bills:
    """Bills of materials by `BILL_COLUMNS`; `product`, `component` and `value` are needed.

    A component that is an item with rows of its own (of its `supplier`; where that is blank, of the same
    party) is looked into. `price` of the item may stand in any of its rows.

    Parameters
    ----------
    path : pathlib.Path
    groups : mapping, optional
        Names of groups of destinations to their codes.

    Raises
    ------
    FileFault
        A column that is missing, no product or component, a value below zero, a price of zero, a date that
        is none, a last day before the first, a country or destination nobody knows: with their rows.
    """
    rows = read_rows(path)
    where = str(path)
    require_columns(rows, ("product", "component", "value"), where)
    text = text_of(rows, BILL_COLUMNS[:-1])
    for name in ("product", "component"):
        refuse_cells(text[name] == "", where, text[name], "the name of a " + name, "fill it in")
    frame = text.copy()
    for name in ("value", "price"):
        frame[name] = numbers(text[name], where, low=0.0, high=np.inf)
    refuse_cells(frame["price"] == 0, where, text["price"], "a price above zero", "correct the price")
    for name in ("currency", "eccn"):
        frame[name] = text[name].str.upper()
    frame["origin"] = countries_in(text["origin"], where, regions=True).str.slice(0, 2)
    frame["licence_to"] = _destinations(text["licence_to"], groups or {}, where)
    with_days(text, where)
    frame["row"] = np.arange(1, len(frame) + 1)
    return Bills(frame, where)


def _destinations(column: pd.Series, groups: Mapping[str, Sequence[str]], where: str) -> pd.Series:
    """Each distinct cell of `licence_to` as `all`, `none`, codes joined by `|`, or ""."""
    named = {name.casefold(): list(codes) for name, codes in groups.items()}
    codes, cells = pd.factorize(column.astype("str"))
    made = []
    for place, cell in enumerate(cells):
        words = [word.strip() for word in str(cell).split("|") if word.strip()]
        if len(words) == 1 and words[0].casefold() in (EVERYWHERE, NOWHERE):
            made.append(words[0].casefold())
            continue
        spelt = country_codes(pd.Series(words, dtype="str"))
        known = {word: [str(code)] for word, code in zip(words, spelt, strict=True) if not pd.isna(code)}
        found = [named.get(word.casefold(), known.get(word, [])) for word in words]
        if not all(found):
            wrong = words[[bool(code) for code in found].index(False)]
            raise FileFault(
                f"{where}, column licence_to, {place_rows(np.flatnonzero(codes == place) + 1)}",
                repr(wrong),
                "all, none, or countries and groups of [rules.destinations] with | between them",
                nearest(wrong, (EVERYWHERE, NOWHERE, *groups, *country_names().values())),
            )
        made.append("|".join(dict.fromkeys(code for several in found for code in several)))
    return pd.Series(np.array(made, dtype=object)[codes], index=column.index, dtype="str")
