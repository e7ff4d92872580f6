"""Draws of an indicator over all that is in doubt about its flows, and limits round its point."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analysis.pressure.across import figure_of, figures_of
from analysis.pressure.atoms import Patterns, atom_values
from analysis.pressure.channels import STATS, Reach, channel_sums
from analysis.pressure.crossing import Crossing
from analysis.pressure.draws import keyed_uniforms
from analysis.pressure.priors import parameter_draws
from analysis.pressure.thresholds import chosen_points
from analysis.pressure.unsure import Unsure, doubtful_flows, with_links_alone

__all__ = ["draw_indicators", "limits_round", "outer_bounds"]

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

BLOCK = 8_000_000
"""Numbers (draws x links) held at once."""

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

_SHARE, _KEPT = np.uint64(0x7368617265), np.uint64(0x6B657074)
"""What is mixed into the name of an answer for each of its bands."""


@dataclass(frozen=True, slots=True)
class _Drawing:
    """A block of draws, `first` to `last`, of some flows with the keys of their sources."""

    reach: Reach
    told: Unsure
    keys: dict[str, int]
    first: int
    last: int

    def uniforms(self, source: str, names: NDArray[np.uint64]) -> Floats:
        """Shape (draws, names)."""
        return keyed_uniforms(self.keys[source], names, self.first, self.last)

    def there(self, at: Places) -> Floats:
        """Whether each flow is there, 0 or 1, shape (draws, at)."""
        found = (self.uniforms("links", self.reach.name[at]) < self.told.exists[at]).astype(np.float64)
        mine = np.flatnonzero(np.isin(self.told.matched, at) & (self.told.is_match < 1.0))
        if mine.size:
            right = self.uniforms("matches", self.told.party[mine]) < self.told.is_match[mine]
            place = np.searchsorted(at, self.told.matched[mine])
            second = np.r_[False, place[1:] == place[:-1]]  # the other end of a flow that was matched at both
            for of_end in (~second, second):
                found[:, place[of_end]] *= right[:, of_end]
        return found

    def shares(self, at: Places) -> Floats:
        """Share of each flow, somewhere in its band where it has one, shape (draws, at) or (1, at)."""
        return self._between(
            self.told.share_low[at], self.told.share_high[at], np.nan_to_num(self.reach.share[at]), at, _SHARE
        )

    def weights(self, at: Places, stat: int, values: Floats) -> Floats:
        """Weight of each flow for a stat, (draws, at) or (1, at), from values of atoms (ATOMS, draws)."""
        told, is_stake = self.told, stat == STATS.index("squeeze")
        plain = (told.stake if is_stake else self.reach.weight[stat])[at]
        made = self._weigh(plain, told.patterns, told.crossing, at, stat, values)
        if told.choices is not None:
            made = self._chosen(made, at, stat, values)
        if not is_stake:
            return made
        return made * self._between(told.kept_low[at], told.kept_high[at], told.kept[at], at, _KEPT)

    def _weigh(
        self,
        plain: Floats,
        patterns: Patterns | None,
        crossing: Crossing,
        at: Places,
        stat: int,
        values: Floats,
    ) -> Floats:
        """Weight of flows `at` of a pattern and a crossing, `plain` as it stands; (draws, at) or (1, at)."""
        made = plain[None, :] if patterns is None else patterns.weights(values, stat)[patterns.at[stat, at]].T
        mine = np.flatnonzero(np.isin(crossing.flow, at) & (crossing.stat == stat))
        if mine.size:
            made = np.repeat(made, self.last - self.first, axis=0) if len(made) == 1 else made.copy()
            u = self.uniforms("bands", crossing.name[mine])
            caught = (u >= crossing.cut[mine]) == crossing.is_above[mine]
            weighs = caught * values[crossing.atom[mine]].T
            place = np.searchsorted(at, crossing.flow[mine])
            np.maximum.at(made.T, place, weighs.T)
        return made

    def _chosen(self, made: Floats, at: Places, stat: int, values: Floats) -> Floats:
        """Weights with those of the points that each draw chooses, shape (draws, at)."""
        choices = self.told.choices
        if choices is None:
            return made
        inside = np.flatnonzero(np.isin(choices.at, at) & choices.moves[stat])
        if not inside.size:
            return made
        many = self.last - self.first
        made = np.repeat(made, many, axis=0) if len(made) == 1 else made.copy()
        place = np.searchsorted(at, choices.at[inside])
        picked = chosen_points(choices.thresholds, self.keys["thresholds"], self.first, self.last)
        for choice in np.unique(picked):
            rows = np.flatnonzero(picked == choice)
            patterns = choices.patterns[choice] if choices.patterns else None
            told = choices.weight[choice, stat][inside], patterns, choices.crossing[choice]
            part = self._weigh(*told, inside, stat, values)
            made[np.ix_(rows, place)] = part[rows] if len(part) > 1 else part
        return made

    def _between(self, low: Floats, high: Floats, point: Floats, at: Places, word: np.uint64) -> Floats:
        banded = np.flatnonzero(high > low)
        if not banded.size:
            return point[None, :]
        made = np.repeat(point[None, :], self.last - self.first, axis=0)
        u = self.uniforms("bands", self.told.answer[at[banded]] ^ word)
        made[:, banded] = low[banded] + u * (high - low)[banded]
        return made


def draw_indicators(
    reach: Reach,
    seed: int,
    draws: int = 2000,
    unsure: Unsure | None = None,
    *,
    fresh: frozenset[str] = frozenset(),
) -> Floats:
    """Draws of us, cn and squeeze of n firms over all that is in doubt about their flows.

    In each draw a link is there with probability `exists`, and the match of its party is right or wrong for
    all its links at once; denominators stay as reported, so a link that is not there moves its share to the
    unnamed rest. What was answered in a band lies anywhere in it alike; a content likewise, so that a rule
    whose threshold lies inside the band applies or not. Open parameters have one draw for all firms.
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

    Returns
    -------
    shape (3, draws, n); nan where the indicator is missing
    """
    n, c = len(reach.firms), len(reach.channels)
    told = unsure or with_links_alone(reach)
    keys = {source: seed + key + (_FRESH if source in fresh else 0) for source, key in _KEYS.items()}
    point = channel_sums(reach)
    out = np.empty((len(STATS), draws, n))
    out[:] = figures_of(reach, point)[:, None, :]
    amounts = reach.weight * np.nan_to_num(reach.share)
    may_go, may_move = doubtful_flows(reach, told)
    at, moving = np.flatnonzero(may_go & ~may_move), np.flatnonzero(may_move)
    if not at.size and not moving.size:
        return out
    cell = reach.firm * c + reach.channel
    sure = np.where(may_go | may_move, 0.0, amounts)
    base = np.stack([np.bincount(cell, weights=row, minlength=n * c) for row in sure])
    touched = np.unique(np.r_[cell[at], cell[moving]] // c)
    cells = (touched[:, None] * c + np.arange(c)).ravel()
    spread = [_into(cells, cell[at], a[at]) for a in amounts]
    gather = _into(cells, cell[moving], np.ones(len(moving)))
    empty = np.isnan(point.reshape(len(STATS), n * c)[:, cells])
    rows = max(1, BLOCK // (len(at) + 3 * len(moving)))
    for first in range(0, draws, rows):
        last = min(first + rows, draws)
        block = _Drawing(reach, told, keys, first, last)
        there = block.there(at)
        if moving.size:
            drawn = parameter_draws(told.priors, told.dormant, keys["rules"], first, last)
            values = atom_values(drawn, told.dormant)
            size = block.there(moving) * block.shares(moving)
        for s, stat in enumerate(STATS):
            sums = base[s, cells] + (spread[s].T @ there.T).T
            if moving.size:
                sums = sums + (gather.T @ (size * block.weights(moving, s, values)).T).T
            sums = np.minimum(sums, 1.0)
            sums[:, empty[s]] = np.nan
            out[s, first:last, touched] = figure_of(reach, stat, sums.reshape(len(sums), -1, c)).T
    return out


def _into(cells: Places, cell: Places, amount: Floats) -> sparse.csr_matrix:
    """Amounts of flows brought to their cells, shape (flows, cells)."""
    column = np.searchsorted(cells, cell)
    return sparse.csr_matrix((amount, (np.arange(len(cell)), column)), (len(cell), len(cells)))


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
