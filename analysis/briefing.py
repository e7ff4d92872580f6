"""Claims a briefing can make, as records of finished numbers; what they say in words is the dashboard's."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.disclosure.changing import Changing
from analysis.estimate.describe import mean
from analysis.estimate.differences import paired_limits
from survey import Design, Question, State, Wave, answers_to

__all__ = ["CLAIM_COLUMNS", "claims", "paired_difference"]

CLAIM_COLUMNS = (
    "claim",
    "stat",
    "question",
    "option",
    "against",
    "base_rule",
    "n",
    "count",
    "base",
    "estimate",
    "low",
    "high",
    "level",
    "method",
    "flag",
    "wave",
)
"""Columns of the table of claims; `against` is the other option of a contrast, else empty."""

_COPIED = (
    "question",
    "option",
    "base_rule",
    "n",
    "base",
    "estimate",
    "low",
    "high",
    "level",
    "method",
    "flag",
    "wave",
)


def claims(
    wave: Wave,
    design: Design,
    estimates: pd.DataFrame,
    headline: Sequence[str],
    contrasts: Sequence[tuple[str, str, str]],
    *,
    floor: int = 0,
    level: float = 0.95,
    changing: Changing | None = None,
) -> pd.DataFrame:
    """The numbers a briefing speaks of, one row a claim.

    Parameters
    ----------
    wave : Wave
        The answers, from which both-ticks of a contrast are counted.
    design : Design
        How firms were drawn.
    estimates : pandas.DataFrame
        The Release's table of estimates, already protected for its audience.
    headline : sequence of str
        Questions spoken of, in order.
    contrasts : sequence of (question, option, option)
        Paired comparisons of two options of one multiple-response question, on the firms that answered.
    floor : int
        A contrast gives away how many firms ticked both, either and neither: all four counts must
        reach the floor, and both shares must be shown, else the row is `suppressed`.
    level : float
        Confidence level of contrasts.
    changing : Changing, optional
        How the counts of `estimates` were changed: contrasts are then worked out from them alone.

    Returns
    -------
    pandas.DataFrame
        Columns `CLAIM_COLUMNS`. `claim` is `share:question:option` or `contrast:question:option:against`;
        `stat` is `share` or `difference`; `count` is the number of firms (for a contrast, the firms that
        ticked the first less those that ticked the second), whole, or empty where weights make the share.
    """
    rows = []
    keep = (estimates["stat"] == "share") & (estimates["by"] == "") & (estimates["base_rule"] == "answered")
    whole = estimates[keep]
    for name in headline:
        for row in whole[whole["question"] == name].to_dict(orient="records"):
            claim = {key: row[key] for key in _COPIED}
            claim |= {"claim": f"share:{name}:{row['option']}", "stat": "share", "against": ""}
            claim["count"] = _whole_count(row)
            rows.append(claim)
    for question, option, against in contrasts:
        contrast = (question, option, against)
        if changing is not None:
            rows.append(_changed_contrast(wave.name, whole, contrast, changing, level))
            continue
        rows.append(_contrast(wave, design, whole, contrast, floor, level))
    table = pd.DataFrame(rows, columns=list(CLAIM_COLUMNS))
    return table.astype({"n": "Int64", "count": "Int64"})


def paired_difference(
    first_only: float, second_only: float, n: float, *, level: float = 0.95
) -> tuple[float, float, float]:
    """Difference of two shares on the same n firms, with score limits (Tango 1998).

    Parameters
    ----------
    first_only, second_only : float
        Firms with the first answer and not the second, and the reverse; not negative.
    n : float
        All firms, positive.
    level : float
        Confidence level.

    Returns
    -------
    tuple of float
        Estimate (first_only - second_only) / n, low, high (see `paired_limits`).
    """
    low, high = paired_limits(first_only, second_only, n, level)
    return (float(first_only) - float(second_only)) / n, float(low), float(high)


def _contrast(
    wave: Wave,
    design: Design,
    whole: pd.DataFrame,
    contrast: tuple[str, str, str],
    floor: int,
    level: float,
) -> dict[str, object]:
    """One paired comparison as a claim."""
    question, option, against = contrast
    answers = answers_to(wave, question)
    did = np.isin(answers.state, [State.ANSWERED, State.ANSWERED_NOT_ROUTED])
    did = did if wave.weighted is None else did & (wave.weighted.weight != 0)
    one, two = (answers.ticks[:, answers.options.index(code)] for code in (option, against))
    cells = [int((a & b & did).sum()) for a in (one, ~one) for b in (two, ~two)]
    n = sum(cells)
    rows = whole[(whole["question"] == question) & whole["option"].isin([option, against])]
    claim: dict[str, object] = {
        "claim": f"contrast:{question}:{option}:{against}",
        "stat": "difference",
        "question": question,
        "option": option,
        "against": against,
        "base_rule": "answered",
        "level": level,
        "wave": wave.name,
    }
    is_hidden = rows["estimate"].isna().any() or len(rows) < 2 or min(cells) < floor
    if is_hidden or n == 0:
        return claim | {"method": "", "flag": "suppressed" if n else "no answers"}
    is_simple = not (design.weight or design.strata or design.clusters or design.replicates or wave.weighted)
    if is_simple:
        first_only, second_only, size = float(cells[1]), float(cells[2]), float(n)
    else:
        first_only, second_only, size = _effective(wave, design, one & ~two, two & ~one, did)
    estimate, low, high = paired_difference(first_only, second_only, size, level=level)
    return claim | {
        "n": n,
        "count": cells[1] - cells[2] if is_simple else None,
        "base": rows["base"].iloc[0],
        "estimate": estimate,
        "low": low,
        "high": high,
        "method": "paired score" if is_simple else "paired score on effective n",
        "flag": "",
    }


def _changed_contrast(
    wave: str, whole: pd.DataFrame, contrast: tuple[str, str, str], changing: Changing, level: float
) -> dict[str, object]:
    """One paired comparison from two changed counts and nothing else.

    How many ticked both is not known: as few as can be, for then the difference is least certain; and either
    count may be off by what the change allows.
    """
    question, option, against = contrast
    rows = whole[whole["question"] == question].set_index("option")
    claim: dict[str, object] = {
        "claim": f"contrast:{question}:{option}:{against}", "stat": "difference", "question": question,
        "option": option, "against": against, "base_rule": "answered", "level": level, "wave": wave,
    }  # fmt: skip
    if not {option, against} <= set(rows.index) or rows.loc[[option, against], "estimate"].isna().any():
        return claim | {"method": "", "flag": "suppressed"}
    n = float(rows["n"][option])
    one, two = (round(float(rows["estimate"][code]) * n) for code in (option, against))
    both = max(0.0, one + two - n)
    within = level if changing.way == "round" else (1 + level) / 2
    estimate, low, high = paired_difference(one - both, two - both, n, level=within)
    away = 2 * changing.likely(1 - (1 - level) / 4) / n
    return claim | {
        "n": round(n), "count": one - two, "base": n, "estimate": estimate, "low": max(low - away, -1.0),
        "high": min(high + away, 1.0), "method": "counts changed", "flag": "",
    }  # fmt: skip


def _effective(
    wave: Wave,
    design: Design,
    first_only: NDArray[np.bool_],
    second_only: NDArray[np.bool_],
    did: NDArray[np.bool_],
) -> tuple[float, float, float]:
    """Effective counts of both discordant cells, and effective n of their difference.

    Effective n is what a simple random sample would need for the design's variance of the
    difference (the reasoning of Korn and Graubard, 1998, carried to pairs); no fpc.
    """
    names = ("difference", "first only", "second only")
    values = (first_only.astype(float) - second_only, first_only.astype(float), second_only.astype(float))
    columns = {f" {name}": np.where(did, value, np.nan) for name, value in zip(names, values, strict=True)}
    questions = tuple(Question(name, "number", (name,)) for name in columns)
    wide = replace(
        wave,
        frame=pd.concat([wave.frame, pd.DataFrame(columns, index=wave.frame.index)], axis=1),
        codebook=replace(wave.codebook, questions=wave.codebook.questions + questions),
    )
    found = mean(wide, replace(design, target="mechanism"), tuple(columns))
    size = found[0].n_eff if np.isfinite(found[0].n_eff) else float(did.sum())
    return found[1].estimate * size, found[2].estimate * size, size


def _whole_count(row: dict[object, object]) -> int | None:
    """Firms behind a share, where it is one of whole firms; None where weights make it, or it is hidden."""
    numbers = [row[key] for key in ("n", "estimate", "base")]
    if any(pd.isna(number) for number in numbers):  # type: ignore[call-overload]
        return None
    n, estimate, base = (float(number) for number in numbers)  # type: ignore[arg-type]
    if not (np.isfinite(n) and np.isfinite(estimate)) or base != n:
        return None
    count = round(n * estimate)
    return count if abs(count - n * estimate) < 1e-6 else None
