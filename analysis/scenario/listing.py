"""Who stands on which list, changed: parties put on a list or taken off."""

from dataclasses import replace

import pandas as pd

from analysis.pressure.scene import Scene
from analysis.rules.listings import LISTING_COLUMNS
from analysis.scenario.record import Change
from survey import nearest

__all__ = ["LIST_CHANGES", "change_lists"]

LIST_CHANGES = ("list", "delist")
"""Words of `do` that this module knows."""

_CHOOSING = ("country", "kind", "buys", "sells")


def change_lists(scene: Scene, change: Change) -> Scene:
    """The scene with parties put on a list or taken off it; what follows from ownership is derived later.

    Raises
    ------
    StudyFault
        A list or party that does not exist, nobody chosen, a study without listings.
    """
    given = scene.given.listings
    name = change.text("list")
    known = tuple(scene.catalogue.instruments["id"])
    if name not in known:
        raise change.fault("list", repr(name), "the id of an instrument", nearest(name, known))
    if given is None:
        raise change.fault(
            "list", "a study without listings", "a study that says who stands on which list",
            'write  listings = "listings.csv"  under [rules]',
        )  # fmt: skip
    if change.do == "delist":
        parties = _named(scene, change)
        gone = given["list"].eq(name) & given["party"].isin(parties)
        if not bool(gone.any()):
            raise change.fault(
                "parties", ", ".join(parties[:5]), f"parties that stand on {name}", "correct it"
            )
        return replace(scene, given=replace(scene.given, listings=given[~gone].reset_index(drop=True)))
    parties = _named(scene, change) if "parties" in change.keys else _chosen(scene, change)
    rows = pd.DataFrame({"party": parties, "list": name}).reindex(columns=LISTING_COLUMNS, fill_value="")
    rows["from"], rows["to"] = change.day("from"), change.day("to")
    rows["evidence"] = f"scenario {change.scenario}"
    rows["program"] = change.text("program")
    taken = given.loc[given["taken"] != "", "taken"]
    rows["taken"] = taken.max() if len(taken) else ""
    listings = pd.concat([given, rows.astype("str")], ignore_index=True)
    return replace(scene, given=replace(scene.given, listings=listings))


def _named(scene: Scene, change: Change) -> tuple[str, ...]:
    known = tuple(scene.links.parties["party"].astype("str"))
    names = change.words("parties")
    everybody = set(known)
    for name in names:
        if name not in everybody:
            raise change.fault("parties", repr(name), "the id of a party of the links", nearest(name, known))
    return names


def _chosen(scene: Scene, change: Change) -> tuple[str, ...]:
    """Parties of a country and kind that buy or sell something: all that is said must hold."""
    if not any(key in change.keys for key in _CHOOSING):
        raise change.fault(
            "parties", "nobody", "parties, or who is meant: " + ", ".join(_CHOOSING), "write  parties = [...]"
        )
    parties = scene.links.parties
    keep = pd.Series(True, index=parties.index)
    for key in ("country", "kind"):
        if key in change.keys:
            keep &= parties[key].astype("str").isin(change.words(key))
    for key, end in (("buys", "buyer"), ("sells", "supplier")):
        if key in change.keys:
            keep &= parties["party"].isin(_traders(scene, change, key, end))
    found = tuple(parties.loc[keep, "party"].astype("str"))
    if not found:
        said = "; ".join(f"{key}: {', '.join(change.words(key))}" for key in _CHOOSING if key in change.keys)
        raise change.fault("parties", f"nobody ({said})", "at least one party", "ask for less")
    return found


def _traders(scene: Scene, change: Change, key: str, end: str) -> set[str]:
    """Buyers or sellers of some products, or of items with some tags."""
    words = change.words(key)
    frame, items = scene.links.frame, scene.links.items
    tags = items["technology"].fillna("").astype("str").str.split(";")
    tagged = items[tags.map(lambda own: bool(set(own) & set(words)))]
    product = frame["product"].astype("str")
    known = tuple(dict.fromkeys([*product.unique(), *tags.explode().unique()]))
    for word in words:
        if word not in known:
            raise change.fault(
                key, repr(word), "a product of the links or a tag of the items", nearest(word, known)
            )
    general = set(tagged.loc[tagged["party"] == "", "product"])
    own = pd.MultiIndex.from_frame(tagged.loc[tagged["party"] != "", ["party", "product"]])
    sold = pd.MultiIndex.from_arrays([frame["supplier"].astype("str"), product])
    met = product.isin([*words, *general]).to_numpy() | sold.isin(own)
    return set(frame.loc[met, end].astype("str"))
