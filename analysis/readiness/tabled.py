"""Readiness in a Release: controls, the index and its robustness, who is exposed and not ready."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.readiness.controls import control_scores, readiness_form, with_columns
from analysis.readiness.indexing import CHOICES, index_bounds, index_of, robustness
from analysis.readiness.settings import ReadinessSettings, readiness_settings
from survey import Design, Study, Wave

if TYPE_CHECKING:
    from analysis.pressure.record import Pressure

__all__ = ["READINESS_COLUMNS", "READY_FIRM_COLUMNS", "readiness_tables"]

Floats = NDArray[np.float64]

READINESS_COLUMNS = (
    *("control", "question", "option", "by", "group", "stat", "base_rule", "n", "base", "estimate"),
    *("low", "high", "level", "method", "flag"),
)
"""Columns of the table `readiness`."""

READY_FIRM_COLUMNS = ("firm", "stat", "n", "estimate", "low", "high", "level", "method", "flag")
"""Columns of the table `readiness_firms`."""

_RULE = "answered, or not asked"
_DOUBT = "bounds of squeeze, of silence and of choices"


def readiness_tables(
    study: Study,
    wave: Wave,
    firms: pd.Series,
    pressure: "Pressure | None",
    by: tuple[str, ...],
    *,
    is_open: bool,
) -> dict[str, pd.DataFrame]:
    """The tables of readiness that an audience may see; none where the study has no `[readiness]`.

    Others than the internal audience are told how answers are scored and no more: counts of derived answers
    could undo what is hidden of the questions they come from. Their peers are the protected one-way tables.

    Parameters
    ----------
    firms : pandas.Series
        Shape (n,): id of each row of the wave.
    pressure : Pressure or None
        From which squeeze is taken.
    by : tuple[str, ...]
        Questions whose answers form groups.
    is_open : bool
        Whether the audience may see rows of firms.
    """
    settings = readiness_settings(study, wave)
    if settings is None:
        return {}
    form = readiness_form(settings, wave.codebook)
    if not is_open:
        return {"readiness_form": form}
    scores = control_scores(wave, settings)
    weights = np.array([control.weight for control in settings.controls])
    weights = weights / weights.sum()
    index = index_of(scores, weights, settings.aggregation)
    ends = index_bounds(scores, weights, settings.aggregation)
    squeeze = _squeeze(pressure, firms)
    robust = robustness(scores, weights, settings.aggregation)
    widest = (np.fmin(ends[0], robust.index[0]), np.fmax(ends[1], robust.index[2]))
    joint = _joint(settings, index, widest, squeeze)
    return {
        "readiness_form": form,
        "readiness": _of_all(wave, study.design, settings, scores, index, joint, robust.shift, by),
        "readiness_firms": _of_firms(firms, scores, index, ends, robust.index, robust.rank, joint),
    }


def _squeeze(pressure: "Pressure | None", firms: pd.Series) -> Floats:
    """Squeeze with its limits, shape (3, n): point, low, high; nan where there is none."""
    if pressure is None:
        return np.full((3, len(firms)), np.nan)
    table = pressure.table.set_index("firm").reindex(firms.to_numpy())
    return table[["squeeze", "squeeze_low", "squeeze_high"]].to_numpy(dtype=float).T


def _joint(
    settings: ReadinessSettings, index: Floats, ends: tuple[Floats, Floats], squeeze: Floats
) -> Floats:
    """Exposed and not ready, shape (3, n): at the point, for certain, possibly; nan where not known.

    `ends` are the least and greatest index over controls not known and over other choices of the index.
    """
    known = np.isfinite(index) & np.isfinite(squeeze[0])
    cases = (
        (squeeze[0], index),
        (squeeze[1], ends[1]),
        (squeeze[2], ends[0]),
    )
    found = [(exposed > settings.exposed) & (ready < settings.ready) for exposed, ready in cases]
    return np.where(known, np.array(found, dtype=float), np.nan)


def _of_all(
    wave: Wave,
    design: Design,
    settings: ReadinessSettings,
    scores: Floats,
    index: Floats,
    joint: Floats,
    shift: dict[str, float],
    by: tuple[str, ...],
) -> pd.DataFrame:
    """Shares and means over firms, for all and by group, with design-based intervals."""
    from analysis.estimate.describe import mean, share
    from analysis.estimate.record import as_frame

    columns = {f"readiness.{c.name}": _whole(scores[:, k]) for k, c in enumerate(settings.controls)}
    columns["readiness.index"] = index
    columns["readiness.ready"] = _above(index, settings.ready)
    for name, row in zip(("point", "certain", "possible"), joint, strict=True):
        columns[f"readiness.{name}"] = row
    kept = {name: values for name, values in columns.items() if np.isfinite(values).any()}
    made = with_columns(wave, kept)
    binary = [name for name in kept if name != "readiness.index"]
    found = [as_frame(share(made, design, binary, by=by))]
    if "readiness.index" in kept:
        found.append(as_frame(mean(made, design, "readiness.index", by=by)))
    rows = pd.concat(found, ignore_index=True)
    rows = _with_possible(rows)
    names = rows["question"].astype("str").str.removeprefix("readiness.")
    controls = {c.name: c for c in settings.controls}
    rows["control"] = names.where(names.isin(list(controls)), "")
    rows["stat"] = names.map({"index": "index", "ready": "ready", "point": "exposed_not_ready"}).fillna(
        "in_place"
    )
    rows["question"] = [controls[c].question if c else "" for c in rows["control"]]
    rows["option"] = [controls[c].option if c else "" for c in rows["control"]]
    rows["base_rule"] = _RULE
    moved = pd.DataFrame(
        {
            "control": "",
            "stat": [f"rank_shift_{choice}" for choice in CHOICES],
            "n": int(np.isfinite(index).sum()),
            "estimate": [shift[choice] for choice in CHOICES],
            "method": "mean places moved, 500 draws",
        }
    )
    cuts = pd.DataFrame(
        {
            "stat": ["cut_exposed", "cut_ready"],
            "n": int(np.isfinite(index).sum()),
            "estimate": [settings.exposed, settings.ready],
            "method": "declared",
        }
    )
    table = pd.concat([rows, moved, cuts], ignore_index=True).reindex(columns=list(READINESS_COLUMNS))
    words = ("control", "question", "option", "by", "group", "stat", "base_rule", "method", "flag")
    table[list(words)] = table[list(words)].fillna("")
    return table.astype(dict.fromkeys(words, "str") | {"n": "Int64"})


def _with_possible(rows: pd.DataFrame) -> pd.DataFrame:
    """Exposed and not ready: limits widened to what is certain and what is possible."""
    keys = ["by", "group"]
    ends = {
        end: rows[rows["question"] == f"readiness.{name}"].set_index(keys)[end]
        for name, end in (("certain", "low"), ("possible", "high"))
    }
    mine = rows["question"] == "readiness.point"
    places = pd.MultiIndex.from_frame(rows.loc[mine, keys])
    for end, pick in (("low", np.fmin), ("high", np.fmax)):
        if len(ends[end]):
            rows.loc[mine, end] = pick(rows.loc[mine, end].to_numpy(), ends[end].reindex(places).to_numpy())
    rows.loc[mine, "method"] = rows.loc[mine, "method"] + f", {_DOUBT}"
    return rows[~rows["question"].isin(["readiness.certain", "readiness.possible"])].reset_index(drop=True)


def _whole(scores: Floats) -> Floats:
    return np.where(np.isfinite(scores), (scores >= 1.0).astype(float), np.nan)


def _above(values: Floats, cut: float) -> Floats:
    return np.where(np.isfinite(values), (values >= cut).astype(float), np.nan)


def _of_firms(
    firms: pd.Series,
    scores: Floats,
    index: Floats,
    ends: tuple[Floats, Floats],
    over: Floats,
    rank: Floats,
    joint: Floats,
) -> pd.DataFrame:
    """Four rows a firm; the order is that of the wave, never of readiness."""
    known = np.isfinite(scores).sum(axis=1)
    nothing = np.full(len(index), np.nan)
    parts = {
        "index": (index, *ends, np.nan, "bounds over controls not known"),
        "index_over_choices": (over[1], over[0], over[2], 0.90, "over weights, aggregation, normalisation"),
        "rank_over_choices": (nothing, *rank, 0.90, "over weights, aggregation, normalisation"),
        "exposed_not_ready": (*joint, np.nan, _DOUBT),
    }
    rows = [
        pd.DataFrame(
            {
                "firm": firms.to_numpy(),
                "stat": stat,
                "n": known,
                "estimate": estimate,
                "low": low,
                "high": high,
                "level": level,
                "method": method,
                "flag": np.where(known == 0, "no control known", ""),
            }
        )
        for stat, (estimate, low, high, level, method) in parts.items()
    ]
    table = pd.concat(rows, ignore_index=True)
    return table.astype({"firm": "str", "stat": "str", "method": "str", "flag": "str", "n": "int64"})
