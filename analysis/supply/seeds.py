"""Which nodes of the network a look-through asks about: a country, or named parties."""

import glob
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.supply.tables import read_rows
from survey import FileFault, QuestionFault, country_codes, nearest

__all__ = ["Seed", "Sites", "find_seeds", "sites_of", "usual_seeds"]

_SIDES = ("US", "CN")


@dataclass(frozen=True, slots=True)
class Sites:
    """Nodes of the network: a party in a country (a supplier with sites in two countries is two nodes).

    Attributes
    ----------
    party : numpy.ndarray
        Shape (nodes,), index of the party in `names`.
    country : numpy.ndarray
        Shape (nodes,), alpha-2 code or "".
    names : pandas.Index
        Names of the parties.
    buyer, node : numpy.ndarray
        Shape (links,), index of the buyer in `names`, and of the supplying node.
    share : numpy.ndarray
        Shape (links,), share of the buyer's inputs, 0 where its size is unknown.
    """

    party: np.ndarray
    country: np.ndarray
    names: pd.Index
    buyer: np.ndarray
    node: np.ndarray
    share: np.ndarray


@dataclass(frozen=True, slots=True)
class Seed:
    """One column of a look-through: its words, its nodes, and the nodes that might belong to it."""

    words: str
    hit: np.ndarray
    maybe: np.ndarray


def sites_of(frame: pd.DataFrame) -> Sites:
    """Nodes and links of `Links.frame` as integer codes (factorised once)."""
    both = pd.concat([frame["buyer"], frame["supplier"]], ignore_index=True)
    codes, names = pd.factorize(both)
    buyer, supplier = codes[: len(frame)], codes[len(frame) :]
    place, places = pd.factorize(frame["country"])
    pair = supplier.astype(np.int64) * max(len(places), 1) + place
    node, distinct = pd.factorize(pair)
    return Sites(
        party=(distinct // max(len(places), 1)).astype(np.int64),
        country=np.asarray(places, dtype=object)[distinct % max(len(places), 1)],
        names=pd.Index(names),
        buyer=buyer,
        node=node,
        share=np.nan_to_num(frame["share"].to_numpy(dtype=float)),
    )


def usual_seeds(frame: pd.DataFrame) -> tuple[str, ...]:
    """Seeds for a user who names none: those of the two sides that some supplier of `Links.frame` is in.

    Raises
    ------
    QuestionFault
        No supplier in the United States or in China.
    """
    there = [f"country={code}" for code in _SIDES if bool((frame["country"] == code).any())]
    if not there:
        raise QuestionFault(
            "seeds",
            "no supplier in the United States or in China",
            "seeds that match a supplier",
            "say which, as in --seeds country=DE",
        )
    return tuple(there)


def find_seeds(sites: Sites, seeds: str | Path | Sequence[str | Path]) -> tuple[Seed, ...]:
    """Seeds from words: `country=CN` (several: `country=CN,HK`), `party=NAME`, or a file of parties.

    A file has a column `party` (or one column); an optional column `seed` makes one seed a word of it,
    else all its parties are one seed that bears the file's name.

    Raises
    ------
    QuestionFault
        A seed that matches nothing, or words of another form.
    FileFault
        A file that is not there or holds no party of the links.
    """
    asked = [seeds] if isinstance(seeds, str | Path) else list(seeds)
    if not asked:
        raise QuestionFault(
            "seeds", "none", "country=CN, party=NAME or a file of parties", "say whose share to look for"
        )
    found: list[Seed] = []
    for seed in asked:
        words = str(seed)
        head, sign, rest = words.partition("=")
        if sign and head.strip() == "country":
            found.append(_by_country(sites, words, rest))
        elif sign and head.strip() == "party":
            found.append(_by_party(sites, words, pd.Index([rest.strip()]), words))
        elif sign and not Path(words).exists():
            raise QuestionFault(
                f"seed {words!r}",
                f"the word {head.strip()!r}",
                "country=CN, party=NAME or a file",
                "correct it",
            )
        else:
            found.extend(_from_file(sites, Path(words)))
    return tuple(found)


def _by_country(sites: Sites, words: str, rest: str) -> Seed:
    asked = pd.Series([part.strip() for part in rest.split(",")], dtype="str")
    codes = country_codes(asked)
    if bool(codes.isna().any()) or bool((codes == "").any()):
        odd = asked[codes.isna() | (codes == "")].iloc[0]
        raise QuestionFault(
            f"seed {words!r}", f"{odd!r}, a country nobody knows", "a country, as in country=CN", "correct it"
        )
    hit = np.isin(sites.country.astype(str), codes.to_numpy(dtype=str))
    if not hit.any():
        there = sorted(set(sites.country.astype(str)) - {""})
        raise QuestionFault(
            f"seed {words!r}",
            "no supplier of that country",
            "a country of a supplier: " + (", ".join(there[:12]) or "none is known"),
            "choose another country, or check the links",
        )
    return Seed(words, hit, sites.country == "")


def _by_party(sites: Sites, words: str, wanted: pd.Index, where: str) -> Seed:
    hit = np.asarray(sites.names.isin(wanted))[sites.party]
    if not hit.any():
        suppliers = [str(n) for n in sites.names[np.unique(sites.party)]]
        raise QuestionFault(
            f"seed {where!r}",
            "no supplier of that name",
            "a supplier of the links",
            nearest(str(wanted[0]) if len(wanted) else "", suppliers),
        )
    return Seed(words, hit, np.zeros(len(hit), dtype=bool))


def _from_file(sites: Sites, path: Path) -> list[Seed]:
    if not path.exists() and glob.has_magic(str(path)):
        raise FileFault(str(path), "a pattern", "one file", "name the file")
    rows = read_rows(path)
    column = "party" if "party" in rows.columns else rows.columns[0]
    if column != "party" and len(rows.columns) > 1:
        raise FileFault(str(path), "no column 'party'", "a column party, or one column", "rename the column")
    if "seed" not in rows.columns:
        return [_by_party(sites, path.stem, pd.Index(rows[column]), str(path))]
    groups = rows.groupby("seed", sort=False)[column]
    return [_by_party(sites, str(word), pd.Index(part), f"{path}: {word}") for word, part in groups]
