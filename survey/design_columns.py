"""The sampling design as integer codes and numbers, one row a firm: what estimators compile."""

from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.coding import code_column
from survey.design import Design
from survey.faults import DesignFault, nearest
from survey.numbering import dense_codes, pair_codes, units_in_strata
from survey.resampling import create_replicates
from survey.wave import Wave

__all__ = ["design_frame", "replicate_columns", "weight_column"]


def design_frame(wave: Wave, design: Design, *, ids: bool = True) -> pd.DataFrame:
    """Columns of the design, checked, for n firms and S stages.

    Where the wave was weighed, its weights and replicate weights stand for those of the file.

    Parameters
    ----------
    ids : bool
        Whether the column `id` is wanted.

    Returns
    -------
    pandas.DataFrame
        Shape (n, ...), index 0 to n-1. `id` (text; the number of the row where the design names no
        id column); `weight` (float, non-negative, some positive); for each
        stage s = 1..S `stratum_s` (int code; zeros without strata), `unit_s` (int code, nested in
        stratum and previous stage; row number where no cluster is named) and `population_s`
        (float, units of the stage in its stratum or parent; nan where not stated); `replicate_r`
        (float) for each replicate, r = 1..R in the order of the file, or as made by `design.create`
        (`attrs["replication"]` then holds its `Replication` without the weights). The strata of a
        stage lie within the unit of the stage before.

    Raises
    ------
    DesignFault
        A column that does not exist, weights missing, negative or all zero, a stratum, cluster
        or population that is blank, a population smaller than its sample or not constant in its
        stratum, an id of a cluster in two strata under `unnested`, replicates that cannot be made.
    """
    if design.create is not None and design.replicates:
        raise DesignFault(
            "design.create",
            "replicates of the file are named too",
            "one or the other",
            "leave one of them out",
        )
    stages = _stages(design)
    columns: dict[str, NDArray] = {}
    parent = np.zeros(len(wave), dtype=np.int64)
    expansion = np.ones(len(wave))
    for s in range(stages):
        stratum = (
            _codes(wave, design.strata[s], "strata") if s < len(design.strata) else np.zeros(len(wave), int)
        )
        stratum = pair_codes(parent, stratum) if s else dense_codes(stratum)
        if s < len(design.clusters):
            raw = _codes(wave, design.clusters[s], "clusters")
            if design.unnested:
                _in_one_place(raw, stratum, design.clusters[s])
            unit = pair_codes(stratum, raw)
        else:
            unit = np.arange(len(wave))
        population = np.full(len(wave), np.nan)
        if s < len(design.population):
            population = _population(wave, design, s, stratum)
            drawn = units_in_strata(unit, stratum)[stratum]
            _enough(wave, design, s, population, drawn)
            expansion = expansion * population / drawn
        columns[f"stratum_{s + 1}"] = stratum
        columns[f"unit_{s + 1}"] = unit
        columns[f"population_{s + 1}"] = population
        parent = unit
    if wave.weighted is not None:
        weight = wave.weighted.weight
    else:
        weight = weight_column(wave, design.weight, design) if design.weight else expansion
    named = {"id": _ids(wave, design)} if ids else {}
    frame = pd.DataFrame({**named, "weight": weight, **columns}, copy=False)
    return _with_replicates(frame, wave, design)


def _with_replicates(frame: pd.DataFrame, wave: Wave, design: Design) -> pd.DataFrame:
    """The frame with replicate weights: of the weighed wave, made from the design, or of the file."""
    made = None
    if design.create is not None:
        made = create_replicates(frame, design, np.random.default_rng(design.create.seed))
    if wave.weighted is not None:
        block = wave.weighted.replicates
    elif made is not None:
        block = made.weights
    else:
        negative = design.method == "bootstrap"
        found = [weight_column(wave, c, design, negative) for c in replicate_columns(wave, design)]
        if not found:
            return frame
        block = np.column_stack(found)
    names = [f"replicate_{r + 1}" for r in range(block.shape[1])]
    frame = pd.concat([frame, pd.DataFrame(block, columns=names, copy=False)], axis=1)
    if made is not None:
        frame.attrs["replication"] = replace(made, weights=made.weights[:0])
    return frame


def _ids(wave: Wave, design: Design) -> pd.Series:
    """Shape (n,): ids of the firms as text."""
    if not design.id:
        return pd.Series(np.arange(1, len(wave) + 1)).astype("str")
    coded = code_column(_column(wave, design.id, "id"))
    bad = coded.index < 0
    if bad.any():
        raise DesignFault(
            f"design.id, column {design.id!r}",
            f"{int(bad.sum())} firms without an id: {_rows(wave, bad)}",
            "an id for each firm",
            "fill it in, or leave id out to number the rows",
        )
    return pd.Series(np.array(coded.found, dtype=object)[coded.index]).astype("str")


def replicate_columns(wave: Wave, design: Design) -> tuple[str, ...]:
    """Names of the replicate weights, patterns filled in, in the order of the file.

    Raises
    ------
    DesignFault
        A name or pattern that fits no column, or scales that are not one for each.
    """
    known = [str(c) for c in wave.frame.columns]
    names: list[str] = []
    for wanted in design.replicates:
        found = [wanted] if wanted in known else [c for c in known if fnmatchcase(c, wanted)]
        if not found:
            raise DesignFault(
                "design.replicates",
                f"no column fits {wanted!r}",
                "a column or a pattern",
                nearest(wanted.rstrip("*"), known),
            )
        names += [c for c in found if c not in names and c != design.weight]
    if design.rscales and len(design.rscales) != len(names):
        raise DesignFault(
            "design.rscales",
            f"{len(design.rscales)} scales for {len(names)} replicates",
            "one scale for each replicate",
            "give as many, or leave rscales out",
        )
    return tuple(names)


def _stages(design: Design) -> int:
    stages = max(1, len(design.clusters), len(design.strata), len(design.population))
    if stages > len(design.clusters) + 1:
        raise DesignFault(
            "design",
            f"{stages} stages of strata or population for {len(design.clusters)} of clusters",
            "one column for each stage; the firms themselves may be the last",
            "name the clusters of each stage",
        )
    return stages


def _column(wave: Wave, name: str, setting: str) -> pd.Series:
    if name not in wave.frame.columns:
        known = [str(c) for c in wave.frame.columns]
        raise DesignFault(
            f"design.{setting}",
            f"no column {name!r} in {wave.origin.path}",
            "a column of the file",
            nearest(name, known),
        )
    return wave.frame[name]


def _rows(wave: Wave, bad: NDArray[np.bool_], design: Design | None = None) -> str:
    """The first rows at fault, numbered from 1, with their ids."""
    rows = np.flatnonzero(bad)
    shown = rows[:5]
    names = [str(r + 1) for r in shown]
    if design and design.id in wave.frame.columns:
        names = [f"{r + 1} ({wave.frame[design.id].iloc[r]})" for r in shown]
    return (
        ("row " if len(rows) == 1 else "rows ")
        + ", ".join(names)
        + (f" and {len(rows) - 5} more" if len(rows) > 5 else "")
    )


def weight_column(wave: Wave, name: str, design: Design, allow_negative: bool = False) -> NDArray[np.float64]:
    """Weights of n firms, shape (n,): finite, not negative, with a positive sum.

    Raises
    ------
    DesignFault
        No such column, or weights that are missing, negative (where not `allow_negative`, as
        some bootstraps are) or all zero; the rows at fault are named.
    """
    column = _column(wave, name, "replicates" if name != design.weight else "weight")
    weight = code_column(column, texts=False).number
    where = f"weight column {name!r}"
    for bad, found in (
        (np.isnan(weight), "missing or not a number"),
        (np.isinf(weight), "not finite"),
        ((weight < 0) & (not allow_negative), "negative"),
    ):
        if bad.any():
            raise DesignFault(
                where,
                f"{int(bad.sum())} of {len(weight)} weights {found}: {_rows(wave, bad, design)}",
                "a number of zero or more for each firm",
                "mend these rows, drop them, or name another weight column",
            )
    if not weight.sum() > 0:
        raise DesignFault(
            where, "all weights are zero", "weights with a positive sum", "name another weight column"
        )
    return weight


def _codes(wave: Wave, name: str, setting: str) -> NDArray[np.int64]:
    column = _column(wave, name, setting)
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iuf":
        number = column.to_numpy(dtype=float)
        bad = np.isnan(number)
        codes = number if bad.any() else dense_codes(number)
    else:
        coded = code_column(column)
        codes, bad = coded.index, coded.index < 0
    if bad.any():
        raise DesignFault(
            f"design.{setting}, column {name!r}",
            f"{int(bad.sum())} firms without a value: {_rows(wave, bad)}",
            "a value for each firm",
            "fill it in, or give these firms a stratum of their own",
        )
    return codes


def _in_one_place(raw: NDArray[np.int64], stratum: NDArray[np.int64], name: str) -> None:
    last = np.zeros(int(raw.max(initial=-1)) + 1, dtype=np.int64)
    last[raw] = stratum
    if (odd := last[raw] != stratum).any():
        raise DesignFault(
            f"design.clusters, column {name!r}",
            f"{len(np.unique(raw[odd]))} ids stand in more than one stratum",
            "under `unnested` an id stands for one cluster",
            "leave unnested out if ids begin anew in each stratum",
        )


def _population(wave: Wave, design: Design, s: int, stratum: NDArray[np.int64]) -> NDArray[np.float64]:
    given = design.population[s]
    if not isinstance(given, str):
        return np.full(len(wave), float(given))
    number = code_column(_column(wave, given, "population"), texts=False).number
    bad = ~(number > 0)
    if bad.any():
        raise DesignFault(
            f"design.population, column {given!r}",
            f"{int(bad.sum())} firms without a positive number: {_rows(wave, bad)}",
            "how many units there are in the stratum",
            "fill it in",
        )
    last = np.zeros(int(stratum.max(initial=-1)) + 1)
    last[stratum] = number
    if (odd := last[stratum] != number).any():
        raise DesignFault(
            f"design.population, column {given!r}",
            f"{len(np.unique(stratum[odd]))} strata with more than one population",
            "one number for all firms of a stratum",
            "name the column that counts units of this stage in its stratum or parent",
        )
    return number


def _enough(wave: Wave, design: Design, s: int, population: NDArray[np.float64], drawn: NDArray[Any]) -> None:
    bad = population < drawn * (1 - 1e-9)
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise DesignFault(
            f"design.population, stage {s + 1}",
            f"a population of {population[row]:g} with {drawn[row]} sampled: {_rows(wave, bad)}",
            "at least as many units as were sampled (a count, not a fraction)",
            "name the column that counts units of this stage in its stratum or parent",
        )
