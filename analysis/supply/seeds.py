"""Which nodes of the network a look-through asks about: a country, or named parties."""

import glob
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.supply.tables import read_rows
from survey import FileFault, QuestionFault, country_codes, nearest

__all__ = [
    "Asked",
    "Seed",
    "Sites",
    "asked_seeds",
    "find_seeds",
    "no_such_country",
    "no_such_party",
    "sites_of",
    "usual_seeds",
]

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
class Asked:
    """One seed as asked for: its words, where they stand, and the countries or the parties it means."""

    words: str
    where: str
    countries: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()


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


def asked_seeds(seeds: str | Path | Sequence[str | Path]) -> tuple[Asked, ...]:
    """What words ask for, before any node is known.

    `country=CN` (several: `country=CN,HK`), `party=NAME`, or a file of parties, with a column `party`
    (or one column); an optional column `seed` makes one seed a word of it, else all its parties are one
    seed that bears the file's name.

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
            "seeds", "none", "country=CN, party=NAME or a file of parties", "say whose share to look for"
        )
    found: list[Asked] = []
    for seed in asked:
        words = str(seed)
        head, sign, rest = words.partition("=")
        if sign and head.strip() == "country":
            found.append(Asked(words, words, countries=_codes(words, rest)))
        elif sign and head.strip() == "party":
            found.append(Asked(words, words, parties=(rest.strip(),)))
        elif sign and not Path(words).exists():
            raise QuestionFault(
                f"seed {words!r}",
                f"the word {head.strip()!r}",
                "country=CN, party=NAME or a file",
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
    return tuple(
        _by_country(sites, asked) if asked.countries else _by_party(sites, asked)
        for asked in asked_seeds(seeds)
    )


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
    return Seed(asked.words, hit, sites.country == "")


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
    if "seed" not in rows.columns:
        return [Asked(path.stem, str(path), parties=tuple(rows[column]))]
    groups = rows.groupby("seed", sort=False)[column]
    return [Asked(str(word), f"{path}: {word}", parties=tuple(part)) for word, part in groups]
