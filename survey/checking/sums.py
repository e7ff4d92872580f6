"""Answers that contradict each other in size: shares past a whole, a band against the exact value."""

import numpy as np
from numpy.typing import NDArray

from survey.checking.seen import Seen, rows_said
from survey.checking.settings import CheckSettings
from survey.codebook import Question
from survey.faults import Finding

__all__ = ["bands_against_exact", "shares_past_whole"]

SLACK = 0.005
"""Share by which parts may pass the whole: they were rounded."""


def shares_past_whole(seen: Seen, settings: CheckSettings) -> list[Finding]:
    """Firms whose shares of one whole add up to more than it.

    Parts are the questions of `sums` in `[check]`, and else those with the same unit, such as
    `percent of sales` or `share of sales`. Of a share in bands the lower end counts. A bare percent
    says of nothing what it is a share of, so such questions must be named in `sums`.
    """
    groups = [list(names) for names in settings.sums]
    by_unit: dict[str, list[str]] = {}
    for question in seen.questions("number", "single"):
        unit = question.unit.strip().casefold()
        if " of " in unit or "に占める" in unit:
            by_unit.setdefault(unit, []).append(question.id)
    named = {name for names in groups for name in names}
    groups += [names for names in by_unit.values() if len(names) > 1 and not named & set(names)]
    findings: list[Finding] = []
    for names in groups:
        parts = [seen.wave.codebook.question(name) for name in names]
        least = np.column_stack([_least(seen, part) for part in parts])
        whole = _whole(parts, least)
        total = np.nansum(least, axis=1)
        past = total > whole * (1 + SLACK)
        if past.any():
            findings.append(
                Finding(
                    f"questions {', '.join(names)}",
                    f"shares of {int(past.sum())} firms add up to more than {whole:g}, "
                    f"as far as {total.max():g} ({rows_said(past)})",
                    "At least one share of each is wrong.",
                    "Ask these firms, or set the shares missing.",
                )
            )
    return findings


def _least(seen: Seen, question: Question) -> NDArray[np.float64]:
    """The smallest share an answer allows, shape (n,); nan where there is none."""
    answers = seen.answers(question)
    if question.kind == "number":
        return answers.values
    low = {c.code: c.low for c in question.choices}
    ends = np.array([np.nan if low.get(o) is None else low[o] for o in answers.options], dtype=float)
    given = answers.ticks.any(axis=1)
    return np.where(given, ends[answers.ticks.argmax(axis=1)] if len(ends) else np.nan, np.nan)


def _whole(parts: list[Question], least: NDArray[np.float64]) -> float:
    """100 or 1, by the unit of the parts, else by their size."""
    units = " ".join(part.unit.casefold() for part in parts)
    if "%" in units or "percent" in units or "％" in units:
        return 100.0
    if "share" in units or "fraction" in units or "proportion" in units:
        return 1.0
    largest = float(np.nanmax(least)) if np.isfinite(least).any() else 0.0
    return 1.0 if largest <= 1 else 100.0


def bands_against_exact(seen: Seen, settings: CheckSettings) -> list[Finding]:
    """Firms whose exact number lies outside the band they chose.

    Pairs are those of `exact` in `[check]`, and questions of this wave with the same concept and unit,
    one in bands and one a number.
    """
    pairs = dict(settings.exact)
    numbers = {(q.concept, q.unit): q.id for q in seen.questions("number") if q.concept}
    for question in seen.questions("single"):
        if any(c.low is not None for c in question.choices) and (question.concept, question.unit) in numbers:
            pairs.setdefault(question.id, numbers[(question.concept, question.unit)])
    findings: list[Finding] = []
    for band, exact in pairs.items():
        question = seen.wave.codebook.question(band)
        ticks = seen.answers(question)
        values = seen.answers(seen.wave.codebook.question(exact)).values
        ends = {c.code: (c.low, c.high) for c in question.choices}
        low = _ends(ticks.options, {k: v[0] for k, v in ends.items()}, -np.inf)
        high = _ends(ticks.options, {k: v[1] for k, v in ends.items()}, np.inf)
        at = ticks.ticks.argmax(axis=1) if ticks.options else np.zeros(len(values), dtype=int)
        chosen = ticks.ticks.any(axis=1) & ~np.isnan(values)
        with np.errstate(invalid="ignore"):
            out = chosen & ((values < low[at]) | (values > high[at]))
        if out.any():
            findings.append(
                Finding(
                    f"questions {band}, {exact}",
                    f"{int(out.sum())} firms gave a number outside the band they chose ({rows_said(out)})",
                    "One of the two answers is wrong.",
                    "Ask these firms, or decide which of the two stands.",
                )
            )
    return findings


def _ends(options: tuple[str, ...], known: dict[str, float | None], otherwise: float) -> NDArray[np.float64]:
    found = [known.get(option) for option in options]
    return np.array([otherwise if end is None else end for end in found] or [otherwise], dtype=float)
