"""Share of each source of doubt in the variance of a firm's figures: what to find out next."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from analysis.pressure.channels import STATS, Reach
from analysis.pressure.choice import Abstained, ChoiceModel
from analysis.pressure.doubt import draw_indicators
from analysis.pressure.record import DOUBT_COLUMNS
from analysis.pressure.unsure import SOURCES, Unsure, active_sources, part_of

__all__ = ["DOUBT_SOURCES", "DOUBT_STATS", "Parts", "doubt_rows", "joined_parts", "parts_of"]

Floats = NDArray[np.float64]

DOUBT_SOURCES = (*SOURCES, "model", "unseen", "answers", "together")
"""Sources of doubt; `together` is what only several of them at once make."""

DOUBT_STATS = (*STATS, "p_choose")
"""Figures whose variance is taken apart; p_choose on the logit scale."""

_ONE = "the only source: all of the variance of the draws"
_FROZEN = "first-order share: covariance of draws with only this source in common; limits: sampling error"
_MOMENTS = "first-order share: exact, from the moments of the draws"
_LEFT = "what no source does alone: the rest of the variance"


@dataclass(frozen=True, slots=True)
class Parts:
    """Variance of four figures of n firms, taken apart.

    Attributes
    ----------
    whole : shape (4, n)
        Variance over all sources, in the order of `DOUBT_STATS`; nan where there is no figure.
    parts, error : shape (sources, 4, n)
        What each of `DOUBT_SOURCES` makes of it alone, the last the rest, and the sampling error of that; nan
        where a source is not at work.
    """

    whole: Floats
    parts: Floats
    error: Floats


def parts_of(
    reach: Reach,
    unsure: Unsure,
    draws: Floats,
    model: "ChoiceModel | Abstained",
    has_risk: NDArray[np.bool_],
    *,
    seed: int,
    own: Floats | None = None,
    unseen: tuple[Floats, NDArray[np.bool_]] | None = None,
) -> Parts:
    """Take the variance of the draws of n firms apart by source.

    A firm with one source of doubt has all of its variance from it. With several, each source's first-order
    part is the covariance of the draws with draws that keep this source and are fresh in all others
    (pick-freeze: Sobol 1993; Saltelli and others 2010), as many draws, the same for all firms. On the
    logit scale coefficients b and indicators x are independent, so that the parts of `b0 + b'x` follow from
    moments: `Var(b0 + b'E x)` of the model, `E b' Cov(x) E b` of the indicators, and a rest
    `tr(Cov(b) Cov(x))`.

    Parameters
    ----------
    reach, unsure : Reach, Unsure
        Of n firms.
    draws : shape (3, d, n)
        Of `draw_indicators` over all sources.
    model : ChoiceModel or Abstained
    has_risk : shape (n,)
        Which firms have p_choose.
    seed : int
        Of the draws.
    own : shape (n, groups), optional
        Groups of the firms as 0/1 columns, for a model that pools groups.
    unseen : pair of arrays, optional
        Moves of the coefficients, shape (d, k), and which firms (n,) are read with them.
    """
    mean = np.full(len(STATS), np.nan)
    if isinstance(model, ChoiceModel):
        at = [STATS.index(term) for term in model.terms]
        mean[:] = 0.0
        mean[at] = model.draws[:, 1 : 1 + len(at)].mean(axis=0)
    whole = np.concatenate([draws.var(axis=1), _logit_of(draws, mean).var(axis=0)[None]])
    many, n = len(DOUBT_SOURCES), len(reach.firms)
    parts, error = np.full((many, 4, n), np.nan), np.full((many, 4, n), np.nan)
    active = active_sources(reach, unsure)
    active = np.concatenate([active, np.asarray(np.any(active[:, mean != 0.0], axis=1))[:, None]], axis=1)
    number = active.sum(axis=0)
    parts[: len(SOURCES)] = np.where(active & (number == 1), whole[None], np.nan)
    if (number > 1).any():
        _pick_freeze(reach, unsure, draws, mean, active, parts, error, seed)
    if isinstance(model, ChoiceModel):
        _of_model(model, draws, own, unseen, whole, parts)
        whole[3], parts[:, 3], error[:, 3] = (
            np.where(has_risk, value[..., 3, :], np.nan) for value in (whole[None], parts, error)
        )
    told = np.nansum(parts[:-1], axis=0)
    several = np.isfinite(parts[:-1]).sum(axis=0) > 1
    parts[-1] = np.where(several, np.maximum(whole - told, 0.0), np.nan)
    return Parts(whole, parts, error)


def _logit_of(draws: Floats, mean: Floats) -> Floats:
    """What us, cn and squeeze add to the logit at the mean slopes, shape (d, n)."""
    used = np.flatnonzero(mean != 0.0)
    if not used.size:
        return np.zeros(draws.shape[1:])
    return np.asarray(sum(mean[s] * draws[s] for s in used))


def _with_logit(draws: Floats, mean: Floats) -> Floats:
    """us, cn, squeeze, and what they add to the logit at the mean slopes; shape (4, d, n)."""
    return np.concatenate([draws, _logit_of(draws, mean)[None]])


def _pick_freeze(
    reach: Reach,
    unsure: Unsure,
    draws: Floats,
    mean: Floats,
    active: NDArray[np.bool_],
    parts: Floats,
    error: Floats,
    seed: int,
) -> None:
    """Fill parts and errors of figures, drawn in shape (3, d, n), of firms with several sources."""
    several = active.sum(axis=0) > 1
    mixed = several.any(axis=0)
    own, told = part_of(reach, unsure, mixed)
    at, many = np.flatnonzero(mixed), draws.shape[1]
    first = _with_logit(draws[:, :, mixed], mean)
    whole = first.var(axis=1)
    first = first - first.mean(axis=1, keepdims=True)
    for k, source in enumerate(SOURCES):
        here = (active[k] & several)[:, mixed]
        if not here.any():
            continue
        fresh = frozenset(SOURCES) - {source}
        again = _with_logit(draw_indicators(own, seed, many, told, fresh=fresh), mean)
        product = first * (again - again.mean(axis=1, keepdims=True))
        found, noise = product.mean(axis=1), product.std(axis=1) / np.sqrt(many)
        parts[k][:, at] = np.where(here, np.clip(found, 0.0, whole), parts[k][:, at])
        error[k][:, at] = np.where(here, noise, np.nan)
    of_x = slice(0, len(SOURCES))
    told_of = np.nansum(parts[of_x][:, :, at], axis=0)
    shrink = np.divide(whole, told_of, out=np.ones_like(whole), where=told_of > whole)
    parts[of_x, :, at] *= shrink[None]


def _of_model(
    model: ChoiceModel,
    draws: Floats,
    own: Floats | None,
    unseen: tuple[Floats, NDArray[np.bool_]] | None,
    whole: Floats,
    parts: Floats,
) -> None:
    """Add to the logit's variance what coefficients make of it, and fill their parts."""
    terms = [STATS.index(term) for term in model.terms]
    slopes = slice(1, 1 + len(terms))
    x = draws[terms]
    centre = x.mean(axis=1)
    away = x - centre[:, None]
    spread = np.einsum("sdn,tdn->stn", away, away) / x.shape[1]
    n, width = x.shape[2], model.draws.shape[1]
    columns = np.zeros((n, width))
    columns[:, 0], columns[:, slopes] = 1.0, centre.T
    if own is not None:
        columns[:, 1 + len(terms) :] = own
    held = np.cov(model.draws.T, bias=True).reshape(width, width)
    by_model = np.einsum("ni,ij,nj->n", columns, held, columns)
    rest = np.einsum("st,stn->n", held[slopes, slopes], spread)
    k = len(SOURCES)
    parts[k, 3] = by_model
    if model.between is not None:  # firms that lack an answer differ from set to set, and so do coefficients
        parts[k + 2, 3] = np.minimum(np.einsum("ni,ij,nj->n", columns, model.between, columns), by_model)
        parts[k, 3] = by_model - parts[k + 2, 3]
    if unseen is not None:
        moved = np.cov(unseen[0].T, bias=True).reshape(width, width)
        by_kind = np.einsum("ni,ij,nj->n", columns, moved, columns)
        more = np.einsum("st,stn->n", moved[slopes, slopes], spread)
        parts[k + 1, 3] = np.where(unseen[1], by_kind, np.nan)
        rest = rest + np.where(unseen[1], by_kind + more, 0.0)
    whole[3] = whole[3] + by_model + rest


def joined_parts(blocks: "list[Parts]") -> Parts:
    """Parts of all firms from those of blocks of them, in order."""
    return Parts(
        np.concatenate([block.whole for block in blocks], axis=-1),
        np.concatenate([block.parts for block in blocks], axis=-1),
        np.concatenate([block.error for block in blocks], axis=-1),
    )


def doubt_rows(
    firms: tuple[str, ...], parts: Parts, asks: "dict[str, NDArray[np.object_]]", *, level: float
) -> pd.DataFrame:
    """Shares of variance as a table, of all firms first and then of each in order.

    Parameters
    ----------
    firms : n ids
    parts : Parts
    asks : mapping
        Source to what to ask each firm about first, shape (n + 1,), all firms together last; "" for nothing.
    level : float
        Of the limits of shares that were worked out from draws; others have none.

    Returns
    -------
    pandas.DataFrame
        `DOUBT_COLUMNS`, a row a firm, figure and source at work: `estimate` is the share of variance, `sd`
        the standard deviation of the figure over all sources (p_choose on the logit scale). Shares of a
        firm and figure add up to 1. Rows with "" in `firm` are of all firms that have doubt, `n` of them:
        variances added up, so that firms in great doubt weigh more. A figure without doubt has no row.
    """
    z = float(ndtri(0.5 + 0.5 * level))
    counts = np.isfinite(parts.parts).any(axis=0) & (parts.whole > 1e-24)
    each = np.where(counts[None], parts.parts, np.nan)
    total = np.where(counts, parts.whole, 0.0).sum(axis=1)
    sums = np.where(np.isfinite(each).any(axis=2), np.nansum(each, axis=2), np.nan)
    noise = np.sqrt(np.nansum(np.where(counts[None], parts.error, np.nan) ** 2, axis=2))
    number = counts.sum(axis=1)
    whole = np.concatenate([total[:, None], np.where(counts, parts.whole, np.nan)], axis=1)
    part = np.concatenate([sums[..., None], each], axis=2)
    error = np.concatenate([np.where(noise > 0, noise, np.nan)[..., None], parts.error], axis=2)
    size = np.concatenate([number[:, None], np.ones_like(counts, dtype=np.int64)], axis=1)
    source, stat, firm = np.nonzero(np.isfinite(part) & (whole > 0)[None])
    below = whole[stat, firm]
    share = np.minimum(part[source, stat, firm] / below, 1.0)
    half = z * error[source, stat, firm] / below
    told = np.stack([asks.get(word, np.full(len(firms) + 1, "", dtype=object)) for word in DOUBT_SOURCES])
    many = np.maximum(size[stat, firm], 1)
    words = np.array(["", *firms], dtype=object)
    table = pd.DataFrame(
        {
            "firm": pd.Series(words[firm], dtype="str"),
            "stat": np.array(DOUBT_STATS, dtype=object)[stat],
            "source": np.array(DOUBT_SOURCES, dtype=object)[source],
            "n": size[stat, firm],
            "estimate": share,
            "low": np.maximum(share - half, 0.0),
            "high": np.minimum(share + half, 1.0),
            "sd": np.sqrt(below / many),
            "ask": told[source, firm - 1],
            "method": _methods(source, stat, np.isfinite(half), share),
        }
    )
    order = np.lexsort((source, stat, firm))
    return table.iloc[order].reset_index(drop=True)[list(DOUBT_COLUMNS)]


def _methods(
    source: NDArray[np.int64], stat: NDArray[np.int64], is_drawn: NDArray[np.bool_], share: Floats
) -> NDArray[np.object_]:
    """How each share was worked out, in words."""
    is_rest = source == len(DOUBT_SOURCES) - 1
    said = np.select([is_rest, is_drawn, share > 1.0 - 1e-12], [_LEFT, _FROZEN, _ONE], _MOMENTS)
    return np.asarray(said, dtype=object)
