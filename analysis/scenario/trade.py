"""Who trades with whom, changed: suppliers and customers that are gone, sales and purchases that move."""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.pressure.channels import MOVED
from analysis.pressure.scene import Scene
from analysis.scenario.record import Change
from analysis.supply.links import Links
from analysis.supply.words import as_words, plain_text, shared_words
from survey import country_codes, nearest

__all__ = ["TRADE_CHANGES", "change_trade"]

TRADE_CHANGES = ("remove", "shift")
"""Words of `do` that this module knows."""


def change_trade(scene: Scene, change: Change) -> Scene:
    """The scene with links taken out or moved; what firms report as their sales and inputs stays as it is.

    Raises
    ------
    StudyFault
        A country, party or product that no link has, nothing to take out or to move.
    """
    links = _with_sales(scene.links)
    frame = plain_text(links.frame).reset_index(drop=True)
    home = links.parties.set_index("party")["country"]
    frame["_home"] = frame["buyer"].map(home).fillna("").astype("str")
    links = _removed(links, frame, change) if change.do == "remove" else _shifted(scene, links, frame, change)
    return replace(scene, links=links)


def _with_sales(links: Links) -> Links:
    """Parties whose sales nobody told have the sum of what is named, so that it stays what shares are of."""
    frame = links.frame
    value = frame["value"].where(frame["value"].notna(), frame["share"] * frame["inputs"])
    by = frame["supplier"].astype("str")
    named = value.groupby(by).sum().where(value.notna().groupby(by).all())
    parties = links.parties
    told = parties["sales"].where(parties["sales"].notna(), parties["party"].map(named))
    return replace(links, parties=parties.assign(sales=told))


def _places(change: Change, key: str, frame: pd.DataFrame) -> tuple[str, ...]:
    """Codes of countries of a key that some link has an end in."""
    codes = [str(code) for code in country_codes(pd.Series(change.words(key), dtype="str"))]
    there = {*frame["country"].astype("str"), *frame["_home"]}
    for given, code in zip(change.words(key), codes, strict=True):
        if code not in there:
            raise change.fault(
                key, repr(given), "a country of a supplier or buyer of the links", "correct it"
            )
    return tuple(codes)


def _narrowed(change: Change, frame: pd.DataFrame) -> pd.Series:
    """Links of the products a change is about."""
    keep = pd.Series(True, index=frame.index)
    products = change.words("products")
    known = tuple(frame["product"].unique())
    for word in products:
        if word not in known:
            raise change.fault("products", repr(word), "a product of the links", nearest(word, known))
    return keep & frame["product"].isin(products) if products else keep


def _removed(links: Links, frame: pd.DataFrame, change: Change) -> Links:
    which = change.text("of") or "both"
    parties = change.words("parties")
    places: tuple[str, ...] = ()
    everybody = tuple(links.parties["party"].astype("str"))
    for name in parties:
        if name not in set(everybody):
            raise change.fault(
                "parties", repr(name), "the id of a party of the links", nearest(name, everybody)
            )
    if "country" in change.keys:
        places = _places(change, "country", frame)
    if not parties and not places:
        raise change.fault("", "nobody", "country, or parties", 'write  country = "CN"')
    sells = frame["supplier"].isin(parties) | frame["country"].isin(places)
    buys = frame["buyer"].isin(parties) | frame["_home"].isin(places)
    gone = (sells if which != "sales" else False) | (buys if which != "inputs" else False)
    gone = pd.Series(gone, index=frame.index) & _narrowed(change, frame)
    if not bool(gone.any()):
        raise change.fault("", "no link", "at least one link that goes", "check country, parties, products")
    if bool(gone.all()):
        raise change.fault("", "every link", "some links that stay", "take out less")
    if change.text("rest") == "others":
        ends = (["buyer"] if which != "sales" else []) + (["supplier"] if which != "inputs" else [])
        for end, lost in zip(ends, [sells, buys] if which == "both" else [gone], strict=True):
            _spread(frame, gone & lost, end)
    return _made(links, frame[~gone], links.parties)


def _spread(frame: pd.DataFrame, gone: pd.Series, end: str) -> None:
    """What goes is taken over by the other links of the same end and product, in proportion.

    A seller sells more to its other customers: the value of these links grows, their share of the inputs of
    customers is theirs to tell and stays.
    """
    if end == "supplier":
        frame["value"] = frame["value"].where(frame["value"].notna(), frame["share"] * frame["inputs"])
    key = [frame[end], frame["product"]]
    for column in ("share", "value") if end == "buyer" else ("value",):
        amount = frame[column].fillna(0.0)
        whole = amount.groupby(key).transform("sum")
        left = amount.where(~gone, 0.0).groupby(key).transform("sum")
        factor = np.where(left > 0, whole / left.where(left > 0, 1.0), 1.0)
        frame[column] = frame[column] * np.where(gone, 1.0, factor)


def _shifted(scene: Scene, links: Links, frame: pd.DataFrame, change: Change) -> Links:
    share, of_sales = float(change.keys["share"]), change.text("of") == "sales"
    places = _places(change, "from_country", frame)
    to = str(country_codes(pd.Series([change.text("to_country")], dtype="str")).iloc[0])
    if len(to) != 2 or to in places:
        raise change.fault(
            "to_country", repr(change.text("to_country")), "another country, such as VN", "correct it"
        )
    own, other, place = ("supplier", "buyer", "_home") if of_sales else ("buyer", "supplier", "country")
    moves = frame[place].isin(places) & _narrowed(change, frame)
    firms = change.words("firms") or scene.firms
    if firms is not None:
        known = tuple(frame[own].unique())
        for name in change.words("firms"):
            if name not in known:
                raise change.fault("firms", repr(name), "a firm with such links", nearest(name, known))
        moves &= frame[own].isin(list(firms))
    if not bool(moves.any()):
        raise change.fault(
            "from_country", ", ".join(places), "a country these firms trade with", "correct it"
        )
    new = frame[moves].copy()
    new["link"] = new["link"].astype("str") + MOVED + to
    if of_sales:
        # nobody is known who buys there: an unlisted civilian buyer
        new["value"] = new["value"].where(new["value"].notna(), new["share"] * new["inputs"])
        new["buyer"], new["share"], new["inputs"] = f"buyers in {to}", np.nan, np.nan
    else:
        new["supplier"], new["country"] = new["supplier"] + MOVED + to, to
    for column in ("share", "value"):
        new[column] = new[column] * share
        frame[column] = frame[column] * np.where(moves, 1.0 - share, 1.0)
    parties, items = _newcomers(links, new, other, to), links.items
    if not of_sales:
        known_items = items[items["party"].isin(frame.loc[moves, "supplier"])]
        moved = known_items.assign(party=known_items["party"].astype("str") + MOVED + to, origin=to)
        items = pd.concat([items, moved], ignore_index=True)
    kept = frame[~moves] if share == 1.0 else frame
    return replace(_made(links, pd.concat([kept, new], ignore_index=True), parties), items=items)


def _newcomers(links: Links, new: pd.DataFrame, end: str, to: str) -> pd.DataFrame:
    """Parties with those that appear for the first time: of no kind, on no list, in the new country."""
    names = new[end].drop_duplicates()
    names = names[~names.isin(links.parties["party"])]
    rows = pd.DataFrame({"party": names, "name": names, "country": to, "sales": np.nan})
    rows = rows.reindex(columns=links.parties.columns)
    text = [name for name in rows.columns if name != "sales"]
    rows = rows.astype(dict.fromkeys(text, object))
    rows[text] = rows[text].where(rows[text].notna(), "").astype("str")
    return pd.concat([links.parties, rows], ignore_index=True)


def _made(links: Links, frame: pd.DataFrame, parties: pd.DataFrame) -> Links:
    """Links of a frame of plain text, columns of words as the categoricals they were."""
    made = frame.drop(columns="_home").reset_index(drop=True)
    for name in made.columns:
        if isinstance(links.frame[name].dtype, pd.CategoricalDtype):
            made[name] = as_words(made[name].astype("str")).array
    buyer, supplier = shared_words(as_words(made["buyer"]), as_words(made["supplier"]))
    return replace(links, frame=made.assign(buyer=buyer.array, supplier=supplier.array), parties=parties)
