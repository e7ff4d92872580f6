"""Draws of an indicator over all that is in doubt about its flows, and limits round its point."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analysis.pressure.across import figure_of, figures_of
from analysis.pressure.atoms import atom_values
from analysis.pressure.blocks import blocks_of, in_threads
from analysis.pressure.channels import STATS, Reach, channel_sums
from analysis.pressure.choices import put_choices
from analysis.pressure.crossing import with_crossings
from analysis.pressure.draws import keyed_below, keyed_uniforms
from analysis.pressure.priors import parameter_draws
from analysis.pressure.unsure import Unsure, doubtful_flows, with_links_alone

__all__ = ["draw_indicators", "limits_round", "outer_bounds"]

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

BLOCK = 300_000
"""Numbers (draws x links) held at once: few enough to stay in the processor's own memory."""

_KEYS = {
    "links": 0,
    "matches": 0x6D61746368,
    "bands": 0x62616E6473,
    "rules": 0x72756C6573,
    "thresholds": 0x7468726573,
}
"""What each source adds to the seed, so that a name has other draws for each."""

_FRESH = 0x5F66726573
"""What is added for draws that have nothing to do with those of the study."""

_WORDS = (np.uint64(0x7368617265), np.uint64(0x6B657074))
"""Share, and 1 - substitutability: what is mixed into the name of an answer for each of its bands."""


@dataclass(frozen=True, slots=True)
class _Drawing:
    """Some flows, looked up once, and the keys of their sources: drawn a block of draws at a time.

    Attributes
    ----------
    reach, told : Reach, Unsure
    keys : dict of str to int
    at : shape (a,)
        The flows, rising.
    wrong : tuple of (places, parties, probabilities)
        Matches of theirs that may be wrong; one entry for first ends, one for the second end of a flow
        that was matched at both.
    crossing : tuple of (rows, places)
        For each stat the rows of `Crossing` about them, and their places in `at`.
    chosen : pair of arrays
        Which flows of `Choices` are among them, and their places in `at`.
    """

    reach: Reach
    told: Unsure
    keys: dict[str, int]
    at: Places
    wrong: tuple[tuple[Places, NDArray[np.uint64], Floats], ...]
    crossing: tuple[tuple[Places, Places], ...]
    chosen: tuple[Places, Places]

    def there(self, first: int, last: int) -> Floats:
        """Whether each flow is there in draws `first` to `last`, 0 or 1, shape (a, draws)."""
        names, exists = self.reach.name[self.at], self.told.exists[self.at]
        found = keyed_below(self.keys["links"], names, exists, first, last)
        for place, party, is_match in self.wrong:
            found[place] &= keyed_below(self.keys["matches"], party, is_match, first, last)
        return found.astype(np.float64)

    def shares(self, first: int, last: int) -> Floats:
        """Share of each flow, somewhere in its band where it has one, shape (a, draws) or (a, 1)."""
        point = np.nan_to_num(self.reach.share[self.at])
        return self._between(self.told.share_low, self.told.share_high, point, 0, first, last)

    def weights(self, stat: int, values: Floats, first: int, last: int) -> Floats:
        """Weight of each flow for a stat, (a, draws) or (a, 1), from values of atoms (ATOMS, draws)."""
        told, is_stake = self.told, stat == STATS.index("squeeze")
        if told.patterns is not None:
            made = told.patterns.weights(values, stat)[told.patterns.at[stat, self.at]]
        else:
            made = (told.stake if is_stake else self.reach.weight[stat])[self.at][:, None]
        key = self.keys["bands"]
        made = with_crossings(made, told.crossing, self.crossing[stat], values, key, first, last)
        if told.choices is not None:
            made = put_choices(made, told.choices, self.chosen, stat, values, self.keys, first, last)
        if not is_stake:
            return made
        kept = told.kept[self.at]
        return made * self._between(told.kept_low, told.kept_high, kept, 1, first, last)

    def _between(
        self, lows: Floats, highs: Floats, point: Floats, which: int, first: int, last: int
    ) -> Floats:
        low, high = lows[self.at], highs[self.at]
        banded = np.flatnonzero(high > low)
        if not banded.size:
            return point[:, None]
        made = np.repeat(point[:, None], last - first, axis=1)
        names = self.told.answer[which, self.at[banded]] ^ _WORDS[which]
        u = keyed_uniforms(self.keys["bands"], names, first, last).T
        made[banded] = low[banded][:, None] + u * (high - low)[banded][:, None]
        return made


def _drawing(reach: Reach, told: Unsure, keys: dict[str, int], at: Places) -> _Drawing:
    """Flows looked up once."""
    mine = np.flatnonzero(told.is_match < 1.0)
    mine = mine[np.isin(told.matched[mine], at)]
    place = np.searchsorted(at, told.matched[mine])
    second = np.r_[False, place[1:] == place[:-1]]
    wrong = tuple(
        (place[end], told.party[mine[end]], told.is_match[mine[end]])
        for end in (~second, second)
        if mine.size
    )
    crossing = []
    for stat in range(len(STATS)):
        rows = np.flatnonzero((told.crossing.stat == stat) & np.isin(told.crossing.flow, at))
        crossing.append((rows, np.searchsorted(at, told.crossing.flow[rows])))
    chosen = np.zeros(0, dtype=np.int64) if told.choices is None else told.choices.at
    inside = np.flatnonzero(np.isin(chosen, at))
    place = np.searchsorted(at, chosen[inside])
    return _Drawing(reach, told, keys, at, wrong, tuple(crossing), (inside, place))


def draw_indicators(
    reach: Reach,
    seed: int,
    draws: int = 2000,
    unsure: Unsure | None = None,
    *,
    fresh: frozenset[str] = frozenset(),
    held: Mapping[str, Floats] | None = None,
) -> Floats:
    """Draws of us, cn and squeeze of n firms over all that is in doubt about their flows.

    In each draw a link is there with probability `exists`, and the match of its party is right or wrong for
    all its links at once; denominators stay as reported, so a link that is not there moves its share to the
    unnamed rest. What was answered in a band lies anywhere in it alike; a content likewise, so that a rule
    whose threshold lies inside the band applies or not. Open parameters and thresholds have one draw for all
    firms.
    A draw belongs to a name (of link, party, firm and flow, item or parameter), the source and the seed:
    firms that share a link share the draw, and other links, rules or dates leave it as it is.

    Parameters
    ----------
    reach : Reach
    seed : int
    draws : int
    unsure : Unsure, optional
        Of the same flows; without it links alone are in doubt, by their confidence.
    fresh : frozenset of str
        Words of `SOURCES` whose draws are to have nothing to do with those of the study.
    held : mapping of str to shape (draws, n), optional
        Draws of some of `STATS` that are known already: these are not drawn again.

    Returns
    -------
    shape (3, draws, n); nan where the indicator is missing
    """
    n, c = len(reach.firms), len(reach.channels)
    told = unsure or with_links_alone(reach)
    keys = {source: seed + key + (_FRESH if source in fresh else 0) for source, key in _KEYS.items()}
    point = channel_sums(reach)
    out, stands = np.empty((len(STATS), draws, n)), figures_of(reach, point)[:, None, :]
    amounts = reach.weight * np.nan_to_num(reach.share)
    may_go, may_move = doubtful_flows(reach, told)
    at, moving = np.flatnonzero(may_go & ~may_move), np.flatnonzero(may_move)
    wanted = [(s, stat) for s, stat in enumerate(STATS) if stat not in (held or {})]
    for stat, known in (held or {}).items():
        out[STATS.index(stat)] = known
    cell = reach.firm * c + reach.channel
    touched = np.unique(np.r_[cell[at], cell[moving]] // c)
    if len(touched) < n:
        for s, _ in wanted:
            out[s] = stands[s]
    if not wanted or not touched.size:
        return out
    sure = np.where(may_go | may_move, 0.0, amounts)
    base = np.stack([np.bincount(cell, weights=row, minlength=n * c) for row in sure])
    cells = (touched[:, None] * c + np.arange(c)).ravel()
    spread = [_into(cells, cell[at], a[at]) for a in amounts]
    gather = _into(cells, cell[moving], np.ones(len(moving)))
    empty = np.isnan(point.reshape(len(STATS), n * c)[:, cells])
    going, shifting = (_drawing(reach, told, keys, some) for some in (at, moving))
    rows = max(1, BLOCK // (len(at) + 3 * len(moving)))

    def draw(block: slice) -> None:
        first, last = block.start, block.stop
        there = going.there(first, last)
        if moving.size:
            drawn = parameter_draws(told.priors, told.dormant, keys["rules"], first, last)
            values = atom_values(drawn, told.dormant)
            size = shifting.there(first, last) * shifting.shares(first, last)
        for s, stat in wanted:
            sums = spread[s] @ there
            sums += base[s, cells][:, None]
            if moving.size:
                sums += gather @ (size * shifting.weights(s, values, first, last))
            np.minimum(sums, 1.0, out=sums)
            sums[empty[s]] = np.nan
            by_channel = np.moveaxis(sums.reshape(-1, c, last - first), 1, -1)
            if len(touched) == n:
                out[s, first:last] = figure_of(reach, stat, by_channel).T
            else:
                out[s, first:last, touched] = figure_of(reach, stat, by_channel)

    in_threads(draw, blocks_of(draws, rows))
    return out


def _into(cells: Places, cell: Places, amount: Floats) -> sparse.csr_matrix:
    """Amounts of flows brought to their cells, shape (cells, flows)."""
    row = np.searchsorted(cells, cell)
    return sparse.csr_matrix((amount, (row, np.arange(len(cell)))), (len(cells), len(cell)))


def limits_round(point: Floats, draws: Floats, level: float) -> tuple[Floats, Floats]:
    """Quantiles of draws, moved outwards where need be to hold the point.

    The point takes every reported link as there; draws of links can only take them away. So the point is
    often at or near the upper limit, and the doubt is on one side.

    Parameters
    ----------
    point : shape (..., n)
    draws : shape (..., d, n)
    level : float

    Returns
    -------
    low, high : shape (..., n)
    """
    ends = np.quantile(draws, [(1.0 - level) / 2.0, (1.0 + level) / 2.0], axis=-2)
    return np.minimum(ends[0], point), np.maximum(ends[1], point)


def outer_bounds(reach: Reach) -> Floats:
    """Highest us, cn and squeeze if all inputs and sales that nobody named were under the strictest rule.

    Flows whose outcome is undecided count at their worst.

    The unnamed rest of a channel is 1 less the shares of its named flows; it is one joint allocation
    over us, cn and others, so bounds of different indicators do not hold at once and are never added.

    Returns
    -------
    shape (3, n); nan where the indicator is missing
    """
    n, c = len(reach.firms), len(reach.channels)
    named = np.bincount(reach.firm * c + reach.channel, weights=np.nan_to_num(reach.share), minlength=n * c)
    rest = np.clip(1.0 - named.reshape(n, c), 0.0, 1.0)
    sums = channel_sums(reach, reach.worst)
    seen = np.bincount(reach.firm * c + reach.channel, minlength=n * c).reshape(n, c) > 0
    return figures_of(reach, np.where(seen, np.minimum(sums + rest, 1.0), sums))
