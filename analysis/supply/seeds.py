"""Which nodes of the network a look-through asks about: a country, or named parties."""

import glob
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.supply.tables import read_rows
from analysis.supply.words import as_words, shared_words
from survey import FileFault, QuestionFault, country_codes, nearest

__all__ = [
    "Asked",
    "Seed",
    "Sites",
    "asked_seeds",
    "find_seeds",
    "no_such_country",
    "no_such_party",
    "seeds_among",
    "sites_of",
    "usual_seeds",
]

_SIDES = ("US", "CN")

_TABLE = 8
"""Places of a table for each link, at most; beyond that keys are hashed."""


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
class Asked:
    """One seed as asked for: its words, where they stand, and the countries, parties or products it means."""

    words: str
    where: str
    countries: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    products: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seed:
    """One column of a look-through: its words, its nodes, nodes that might belong to it, its countries."""

    words: str
    hit: np.ndarray
    maybe: np.ndarray
    countries: tuple[str, ...] = ()


def sites_of(frame: pd.DataFrame) -> Sites:
    """Nodes and links of `Links.frame` as integer codes; columns of words may be categoricals or text."""
    supplied, bought = shared_words(as_words(frame["supplier"]), as_words(frame["buyer"]))
    supplier, names = supplied.cat.codes.to_numpy(), supplied.cat.categories
    country = as_words(frame["country"])
    places, many = country.cat.categories, max(len(country.cat.categories), 1)
    pair = supplier.astype(np.int64) * many + country.cat.codes.to_numpy()
    node, distinct = _numbered(pair, len(names) * many)
    return Sites(
        party=(distinct // many).astype(np.int64),
        country=places.to_numpy(dtype=object)[distinct % many],
        names=pd.Index(names),
        buyer=bought.cat.codes.to_numpy(),
        node=node,
        share=np.nan_to_num(frame["share"].to_numpy(dtype=float)),
    )


def _numbered(keys: np.ndarray, span: int) -> tuple[np.ndarray, np.ndarray]:
    """Each key's number, and the distinct keys; by a table of all that could be where that is small."""
    if span > _TABLE * max(len(keys), 1):
        return pd.factorize(keys)
    there = np.zeros(span, dtype=bool)
    there[keys] = True
    place = np.cumsum(there, dtype=np.int32) - 1
    return place[keys], np.flatnonzero(there)


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


def asked_seeds(seeds: str | Path | Sequence[str | Path]) -> tuple[Asked, ...]:
    """What words ask for, before any node is known.

    `country=CN` (several: `country=CN,HK`), `party=NAME`, `product=8542` (several by commas; `85*` for all
    that begin so), or a file of parties, with a column `party` (or one column); an optional column `seed`
    or `list` makes one seed a word of it, else all its parties are one seed that bears the file's name.

    Raises
    ------
    QuestionFault
        No seed, a country nobody knows, words of another form.
    FileFault
        A file that is not there.
    """
    asked = [seeds] if isinstance(seeds, str | Path) else list(seeds)
    if not asked:
        raise QuestionFault(
            "seeds", "none", "country=CN, party=NAME, product=CODE or a file", "say whose share to look for"
        )
    found: list[Asked] = []
    for seed in asked:
        words = str(seed)
        head, sign, rest = words.partition("=")
        if sign and head.strip() == "country":
            found.append(Asked(words, words, countries=_codes(words, rest)))
        elif sign and head.strip() == "party":
            found.append(Asked(words, words, parties=(rest.strip(),)))
        elif sign and head.strip() == "product":
            found.append(Asked(words, words, products=tuple(part.strip() for part in rest.split(","))))
        elif sign and not Path(words).exists():
            raise QuestionFault(
                f"seed {words!r}",
                f"the word {head.strip()!r}",
                "country=CN, party=NAME, product=CODE or a file",
                "correct it",
            )
        else:
            found.extend(_from_file(Path(words)))
    return tuple(found)


def find_seeds(sites: Sites, seeds: str | Path | Sequence[str | Path]) -> tuple[Seed, ...]:
    """The nodes of each seed that words ask for, as `asked_seeds` reads them.

    Raises
    ------
    QuestionFault
        A seed that matches nothing, or words of another form.
    FileFault
        A file that is not there.
    """
    return seeds_among(sites, asked_seeds(seeds))


def seeds_among(sites: Sites, asked: Sequence[Asked]) -> tuple[Seed, ...]:
    """The nodes of each seed that was asked for.

    Raises
    ------
    QuestionFault
        A seed that matches nothing; a product, which is of links, not of nodes.
    """
    for one in asked:
        if one.products:
            raise QuestionFault(
                f"seed {one.where!r}",
                "a product",
                "countries or parties",
                "ask for products in a look-through in memory",
            )
    return tuple(_by_country(sites, one) if one.countries else _by_party(sites, one) for one in asked)


def _codes(words: str, rest: str) -> tuple[str, ...]:
    names = pd.Series([part.strip() for part in rest.split(",")], dtype="str")
    codes = country_codes(names)
    if bool(codes.isna().any()) or bool((codes == "").any()):
        odd = names[codes.isna() | (codes == "")].iloc[0]
        raise QuestionFault(
            f"seed {words!r}", f"{odd!r}, a country nobody knows", "a country, as in country=CN", "correct it"
        )
    return tuple(codes.astype(str))


def _by_country(sites: Sites, asked: Asked) -> Seed:
    hit = np.isin(sites.country.astype(str), np.asarray(asked.countries, dtype=str))
    if not hit.any():
        raise no_such_country(asked, sorted(set(sites.country.astype(str)) - {""}))
    return Seed(asked.words, hit, sites.country == "", asked.countries)


def _by_party(sites: Sites, asked: Asked) -> Seed:
    hit = np.asarray(sites.names.isin(asked.parties))[sites.party]
    if not hit.any():
        raise no_such_party(asked, [str(n) for n in sites.names[np.unique(sites.party)]])
    return Seed(asked.words, hit, np.zeros(len(hit), dtype=bool))


def no_such_country(asked: Asked, there: Sequence[str]) -> QuestionFault:
    """The fault of a country seed no supplier is in, with the countries there are."""
    return QuestionFault(
        f"seed {asked.where!r}",
        "no supplier of that country",
        "a country of a supplier: " + (", ".join(there[:12]) or "none is known"),
        "choose another country, or check the links",
    )


def no_such_party(asked: Asked, suppliers: Sequence[str]) -> QuestionFault:
    """The fault of a seed of parties none of which supplies anybody, with the nearest of some suppliers."""
    return QuestionFault(
        f"seed {asked.where!r}",
        "no supplier of that name",
        "a supplier of the links",
        nearest(asked.parties[0] if asked.parties else "", list(suppliers)),
    )


def _from_file(path: Path) -> list[Asked]:
    if not path.exists() and glob.has_magic(str(path)):
        raise FileFault(str(path), "a pattern", "one file", "name the file")
    rows = read_rows(path)
    column = "party" if "party" in rows.columns else rows.columns[0]
    if column != "party" and len(rows.columns) > 1:
        raise FileFault(str(path), "no column 'party'", "a column party, or one column", "rename the column")
    word = next((name for name in ("seed", "list") if name in rows.columns), None)
    if word is None:
        return [Asked(path.stem, str(path), parties=tuple(rows[column]))]
    groups = rows.groupby(word, sort=False)[column]
    return [Asked(str(name), f"{path}: {name}", parties=tuple(part)) for name, part in groups]
