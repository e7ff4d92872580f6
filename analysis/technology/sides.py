"""Dependence on each side and indispensability to it, by technology and by whose technology it is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.technology.homes import SIDES, home_members
from analysis.technology.ratios import Drawn, Parts, draw_ratios, ratio_of

__all__ = ["SIDE_COLUMNS", "SIDE_STATS", "Cells", "Sided", "side_ratios"]

Floats = NDArray[np.float64]

SIDE_STATS = (
    *("comes_from", "leads_to", "goes_to", "held", "missed", "of_inputs"),
    *("received", "given", "relied_on"),
)
"""What is told of a technology, home and side, as `side_ratios` says."""

SIDE_COLUMNS = (
    *("technology", "home", "side", "stat", "n", "flows", "customers", "value"),
    *("estimate", "low", "high", "outer_low", "outer_high", "level", "method", "flag"),
)
"""Columns of the table `technology_sides`."""

NO_OTHER = "links name no other supplier"


@dataclass(frozen=True, slots=True)
class Sided:
    """Rows of `SIDE_COLUMNS`, and the draws of each, shape (draws, rows)."""

    table: pd.DataFrame
    draws: NDArray[np.float32]


def side_ratios(
    tagged: pd.DataFrame,
    through: pd.DataFrame,
    homes: Sequence[str],
    firms: tuple[str, ...],
    *,
    seed: int,
    draws: int,
    level: float,
) -> Sided:
    """Ratios of each technology, home and side, with limits over link confidence.

    `comes_from`: of what the home's firms buy of it, the part sold from the side. `leads_to`: the same with
    what sellers elsewhere themselves take from the side (look-through, first passage). `goes_to`: of what
    the home's firms sell of it, the part that goes to the side. `held`: of what buyers on the side are
    known to buy of it, the part that the home's firms sell. `missed`: the same, each purchase times the
    part of that product which its buyer has from this home, so that what comes from elsewhere already is
    not counted as hard to replace (the sum of squares of an index of concentration, by buyer and product).
    `of_inputs`: of all inputs of the home's customers on the side, the part that is its sales of the
    technology.

    Parameters
    ----------
    tagged : pandas.DataFrame
        From `tagged_links`.
    through : pandas.DataFrame
        Indexed by party, columns `us`, `cn`: share of its inputs that leads to the side.
    homes : sequence of str
        Keys of `HOMES`, "" for the firms of the study.
    firms : tuple[str, ...]
        Of the study.
    seed, draws, level
        Of the draws over links.

    Returns
    -------
    Sided
        `n` firms of the home that buy (`comes_from`, `leads_to`) or sell it (`goes_to`), or buyers on the
        side; `flows` links of the numerator; `customers` of the home on the side; `value` the whole of
        which the estimate is a part, by `method`. `outer_low`, `outer_high` if all that the buyers
        (sellers) have not named were of this technology, from elsewhere or from the side. `held` and
        `missed` are missing where links name no supplier but the home's.
    """
    cells = Cells(tagged)
    for home in homes:
        buys = home_members(tagged["buyer"], tagged["buyer_home"], home, firms)
        sells = home_members(tagged["seller"], tagged["seller_home"], home, firms)
        kept = _kept(tagged, sells)
        for side, countries in SIDES.items():
            there = tagged["sold_from"].isin(countries).to_numpy()
            reach = np.where(
                there, 1.0, np.nan_to_num(tagged["seller"].map(through[side]).to_numpy(dtype=float))
            )
            bought = tagged["buyer_home"].isin(countries).to_numpy()
            cells.add(home, side, "comes_from", buys, there.astype(float), "buyer")
            cells.add(home, side, "leads_to", buys, reach, "buyer")
            cells.add(home, side, "goes_to", sells, bought.astype(float), "seller")
            cells.add(home, side, "held", bought, sells.astype(float), "buyer")
            cells.add(home, side, "missed", bought, sells * kept, "buyer")
            cells.add(
                home, side, "of_inputs", bought & sells, np.ones(len(tagged)), "buyer", is_of_inputs=True
            )
    return cells.drawn(seed=seed, draws=draws, level=level)


def _kept(tagged: pd.DataFrame, sells: NDArray[np.bool_]) -> Floats:
    """Of what each link's buyer buys of its product, the part from the home, shape (rows,)."""
    once = tagged.assign(ours=tagged["value"].where(sells, 0.0)).drop_duplicates("link")
    sums = once.groupby(["buyer", "product"], sort=False)[["ours", "value"]].sum()
    keys = pd.MultiIndex.from_frame(tagged[["buyer", "product"]])
    found = sums.reindex(keys)
    return np.nan_to_num(found["ours"].to_numpy() / found["value"].to_numpy())


_Entries = tuple[NDArray[np.int64], NDArray[np.int64], Floats]
"""Places of ratios or wholes, rows of links, and what each adds."""


class Cells:
    """Gathers ratios, one a technology, home, side and stat."""

    def __init__(self, tagged: pd.DataFrame) -> None:
        """Of links from `tagged_links`."""
        self.tagged = tagged
        self.names, codes = np.unique(tagged["technology"].astype("str"), return_inverse=True)
        self.code = np.ravel(codes)
        self.value = tagged["value"].to_numpy(dtype=np.float64)
        self.ends = {end: pd.factorize(tagged[end])[0] for end in ("buyer", "seller")}
        self.above: list[_Entries] = []
        self.below: list[_Entries] = []
        self.wholes: dict[tuple[str, ...], int] = {}
        self.fixed: list[Floats] = []
        self.heads: list[pd.DataFrame] = []
        self.many = 0

    def add(
        self,
        home: str,
        side: str,
        stat: str,
        rows: NDArray[np.bool_],
        part: Floats,
        end: str,
        *,
        is_of_inputs: bool = False,
    ) -> None:
        """A ratio of each technology: value times `part` over value, of some rows.

        Parameters
        ----------
        rows : shape (m,)
            Links of the denominator.
        part : shape (m,)
            Part of each that is in the numerator.
        end : str
            Whose links they are: `buyer` or `seller`.
        is_of_inputs : bool
            Whether all inputs of the buyers are the denominator, in place of the value of the links.
        """
        at = np.flatnonzero(rows)
        if not at.size:
            return
        code, value = self.code[at], self.value[at]
        k = len(self.names)
        party = self.ends[end][at]
        many = int(self.ends[end].max()) + 1
        each, first = np.unique(code * many + party, return_index=True)
        of = each // many
        firms = np.bincount(of, minlength=k)
        above = _sums(code, value * part[at], k)
        below = _sums(code, value, k)
        customers = np.bincount(np.unique((code * many + party)[part[at] > 0]) // many, minlength=k)
        rest = "inputs" if is_of_inputs else "inputs_rest" if end == "buyer" else "sales_rest"
        totals = self.tagged[rest].to_numpy(dtype=np.float64)[at][first]
        if is_of_inputs:
            below = _sums(of, totals, k)
            outer = (ratio_of(above, below), ratio_of(above, below))
        else:
            unnamed = _sums(of, np.nan_to_num(totals), k)
            outer = (ratio_of(above, below + unnamed), ratio_of(above + unnamed, below + unnamed))
        seen = np.flatnonzero(firms > 0)
        place = np.full(k, -1)
        place[seen] = self.many + np.arange(len(seen))
        alone = (above >= below) if stat in ("held", "missed", "relied_on") else np.zeros(k, dtype=np.bool_)
        if stat == "missed":
            sold = _sums(code, value * (part[at] > 0), k)
            alone = sold >= below
        self.heads.append(
            pd.DataFrame(
                {
                    "technology": self.names[seen],
                    "home": home,
                    "side": side,
                    "stat": stat,
                    "n": firms[seen],
                    "flows": np.bincount(code, weights=part[at] > 0, minlength=k)[seen].astype(np.int64),
                    "customers": customers[seen] if stat in _AT_SIDE else 0,
                    "value": below[seen],
                    "outer_low": outer[0][seen],
                    "outer_high": outer[1][seen],
                    "alone": alone[seen],
                    "in_whole": self._whole(home, side, stat, at, below if is_of_inputs else None)[seen],
                }
            )
        )
        weighs = part[at] > 0
        self.above.append((place[code[weighs]], at[weighs], (value * part[at])[weighs]))
        self.many += len(seen)

    def _whole(
        self, home: str, side: str, stat: str, at: NDArray[np.int64], fixed: Floats | None
    ) -> NDArray[np.int64]:
        """Places of the wholes, shape (technologies,): one for all ratios of the same links."""
        end = _WHOLES.get(stat)
        key = ("inputs", home, side) if fixed is not None else (end, home) if end else ("bought", side)
        k = len(self.names)
        if key not in self.wholes:
            self.wholes[key] = len(self.fixed) * k
            self.fixed.append(np.zeros(k) if fixed is None else fixed)
            if fixed is None:
                self.below.append((self.wholes[key] + self.code[at], at, self.value[at]))
        return self.wholes[key] + np.arange(k)

    def drawn(self, *, seed: int, draws: int, level: float) -> Sided:
        """The table and its draws."""
        if not self.heads:
            return Sided(pd.DataFrame(columns=list(SIDE_COLUMNS)), np.empty((draws, 0), dtype=np.float32))
        links, column = np.unique(self.tagged["link"].to_numpy(dtype=object).astype(str), return_inverse=True)
        first = np.zeros(len(links), dtype=np.int64)
        first[np.ravel(column)] = np.arange(len(self.tagged))
        head = pd.concat(self.heads, ignore_index=True)
        fixed = np.concatenate(self.fixed)

        def gathered(entries: list[_Entries], many: int) -> sparse.csr_matrix:
            cell, row, value = (np.concatenate(part) for part in zip(*entries, strict=True))
            return sparse.coo_matrix((value, (cell, np.ravel(column)[row])), (many, len(links))).tocsr()

        parts = Parts(
            links.astype(object),
            self.tagged["confidence"].to_numpy(dtype=np.float64)[first],
            gathered(self.above, self.many),
            gathered(self.below, len(fixed)),
            fixed,
            head["in_whole"].to_numpy(dtype=np.int64),
        )
        found = draw_ratios(parts, seed=seed, draws=draws, level=level, keeps=True)
        return _laid_out(head, found, level, str(self.tagged.attrs.get("method", "")))


def _sums(place: NDArray[np.int64], value: Floats, many: int) -> Floats:
    """Values added up by place, shape (many,)."""
    return np.asarray(np.bincount(place, weights=value, minlength=many), dtype=np.float64)


_AT_SIDE = ("held", "missed", "of_inputs", "relied_on")

_WHOLES = {
    **{"comes_from": "buys", "leads_to": "buys", "goes_to": "sells"},
    **{"received": "buys", "given": "sells"},
}
"""Whose whole a ratio is part of, where it is that of the home."""


def _laid_out(head: pd.DataFrame, found: Drawn, level: float, method: str) -> Sided:
    """The ratios as a table in a fixed order, with what is missing said."""
    draws = found.draws if found.draws is not None else np.empty((0, len(head)), dtype=np.float32)
    table = head.assign(estimate=found.estimate, low=found.low, high=found.high, level=level, method=method)
    table["flag"] = np.where(table["alone"], NO_OTHER, "")
    lost = table["alone"].to_numpy(dtype=bool)
    for name in ("estimate", "low", "high"):
        table[name] = table[name].mask(lost)
    table["outer_low"] = np.fmin(table["outer_low"], table["low"])
    table["outer_high"] = np.fmax(table["outer_high"], table["high"])
    place = table["stat"].map({stat: i for i, stat in enumerate(SIDE_STATS)})
    order = (
        table.assign(place=place).sort_values(["technology", "home", "side", "place"], kind="stable").index
    )
    made = table.loc[order].reset_index(drop=True)[list(SIDE_COLUMNS)]
    return Sided(made, draws[:, order.to_numpy()])
