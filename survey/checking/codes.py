"""Codes and numbers that the codebook does not know, and bands out of order."""

import re

import numpy as np
from numpy.typing import NDArray

from survey.checking.seen import Seen, rows_said
from survey.checking.settings import CheckSettings
from survey.codebook import Question
from survey.coding import NUMBER, code_order
from survey.faults import Finding

__all__ = ["band_order", "labels_without_codes", "numbers_out_of_range", "sentinels", "undeclared_codes"]

_NINES = re.compile(r"-\d+|([789])\1*|[79][6-9]|99[6-9]|999[6-9]|8+")
"""Codes that often stand for a reason: negative ones, repeated 7, 8 or 9, and 96 to 99."""

_SENTINELS = (-1.0, -6.0, -7.0, -8.0, -9.0, -77.0, -88.0, -98.0, -99.0, -998.0, -999.0, -9999.0)
_HIGH = (99.0, 999.0, 9999.0, 99999.0, 999999.0, 9999999.0, 998.0, 9998.0)


def undeclared_codes(seen: Seen) -> list[Finding]:
    """Codes in the answers that no choice and no missing code declares, with how many rows hold each."""
    findings: list[Finding] = []
    for question in seen.questions("single", "multiple", "binary"):
        if question.is_dichotomies:
            findings += _odd_ticks(seen, question)
            continue
        if not any(text for c in question.choices for text in c.label.values()):
            continue
        known = {c.code for c in question.choices if any(c.label.values())}
        many: dict[str, int] = {}
        for name in question.columns:
            coded = seen.coded(question, name)
            counts = np.bincount(coded.index[coded.index >= 0], minlength=len(coded.found))
            for code, count in zip(coded.found, counts.tolist(), strict=True):
                if code not in known:
                    many[code] = many.get(code, 0) + count
        findings += _bare(question, many, known)
    return findings


def _bare(question: Question, many: dict[str, int], known: set[str]) -> list[Finding]:
    """Unknown codes of one question: those that look like a reason apart from the others."""
    if not many:
        return []
    where = f"question {question.id}"
    top = max((float(c) for c in known if NUMBER.fullmatch(c)), default=np.inf)
    likely = [c for c in many if _NINES.fullmatch(c) and (float(c) < 0 or float(c) > top)]
    findings = [
        Finding(
            where,
            f"{code} in {_rows(many[code])} looks like a missing code, and is not declared",
            "It counts as an answer.",
            "Declare it under missing in codebook.toml with its reason, or by a rule set_missing.",
        )
        for code in code_order(likely)
    ]
    rest = code_order([c for c in many if c not in likely])
    if rest:
        shown = ", ".join(f"{c} ({_rows(many[c])})" for c in rest[:8]) + (" ..." if len(rest) > 8 else "")
        findings.append(
            Finding(
                where,
                f"codes without a label: {shown}",
                "They count as answers of their own.",
                "Label them in codebook.toml, or declare them missing with a reason.",
            )
        )
    return findings


def _rows(count: int) -> str:
    return f"{count} row" if count == 1 else f"{count} rows"


def _odd_ticks(seen: Seen, question: Question) -> list[Finding]:
    """Cells of a tick box that hold neither a tick nor its absence."""
    many: dict[str, int] = {}
    for name in question.columns:
        coded = seen.coded(question, name)
        counts = np.bincount(coded.index[coded.index >= 0], minlength=len(coded.found))
        for code, count in zip(coded.found, counts.tolist(), strict=True):
            if NUMBER.fullmatch(code) and _NINES.fullmatch(code) and code not in (question.counted, "0"):
                many[code] = many.get(code, 0) + count
    return _bare(question, {c: k for c, k in many.items() if float(c) < 0 or float(c) > 2}, {"0", "1", "2"})


def sentinels(seen: Seen) -> list[Finding]:
    """Numbers that look like a missing code: -9 where nothing else is negative, 999 far above the rest."""
    findings: list[Finding] = []
    for question in seen.questions("number"):
        numbers = seen.numbers(question)
        given = numbers[~np.isnan(numbers)]
        if len(given) < 2:
            continue
        values, counts = np.unique(given, return_counts=True)
        others = values[values >= 0]
        odd = [v for v in values[values < 0] if v in _SENTINELS] if len(others) else []
        if len(odd) < int((values < 0).sum()):
            odd = []
        high = values[-1]
        if (
            len(values) > 1
            and high in _HIGH
            and counts[-1] > 1
            and high > 2 * values[-2]
            and high > 5 * np.median(given)
        ):
            odd.append(high)
        for value in odd:
            count = int(counts[values == value][0])
            findings.append(
                Finding(
                    f"question {question.id}",
                    f"{value:g} in {_rows(count)} looks like a missing code, and is not declared",
                    "It counts as a number: means and totals are wrong.",
                    "Declare it under missing in codebook.toml with its reason, or by a rule set_missing.",
                )
            )
    return findings


def labels_without_codes(seen: Seen) -> list[Finding]:
    """Labels in none of whose codes an answer was given, where the answers use other codes instead.

    That nobody chose an option is no finding; that a question has labels and no labelled code is
    found at all is one: the labels belong to other codes.
    """
    findings: list[Finding] = []
    for question in seen.questions("single", "multiple", "binary"):
        known = {c.code for c in question.choices if any(c.label.values())}
        if question.is_dichotomies or not known:
            continue
        found = {code for name in question.columns for code in seen.coded(question, name).found}
        if found and not found & known:
            shown, there = ", ".join(code_order(list(known))[:5]), ", ".join(code_order(list(found))[:5])
            findings.append(
                Finding(
                    f"question {question.id}",
                    f"labels without codes: labelled are {shown}, answered is {there}",
                    "Every labelled answer is counted as never chosen.",
                    "Mend the codes of its choices in codebook.toml.",
                )
            )
    return findings


def numbers_out_of_range(seen: Seen, settings: CheckSettings) -> list[Finding]:
    """Numbers outside `ranges`, or outside what their unit allows (percent 0 to 100, shares 0 to 1)."""
    findings: list[Finding] = []
    for question in seen.questions("number"):
        low, high = settings.ranges.get(question.id) or _by_unit(question.unit)
        numbers = seen.numbers(question)
        with np.errstate(invalid="ignore"):
            out = (numbers < low) | (numbers > high)
        if out.any():
            worst = numbers[out][np.argmax(np.abs(numbers[out]))]
            findings.append(
                Finding(
                    f"question {question.id}",
                    f"{_rows(int(out.sum()))} outside {low:g} to {high:g}, "
                    f"such as {worst:g} ({rows_said(out)})",
                    "These answers cannot be right.",
                    "Correct them, or set them missing with a reason.",
                )
            )
    return findings


def _by_unit(unit: str) -> tuple[float, float]:
    word = unit.strip().casefold()
    if word.startswith(("%", "percent", "per cent", "％", "パーセント")):
        return 0.0, 100.0
    return (0.0, 1.0) if word.startswith(("share of", "fraction", "proportion")) else (-np.inf, np.inf)


def band_order(seen: Seen) -> list[Finding]:
    """Choices in bands that do not rise in the order of the questionnaire, or overlap."""
    findings: list[Finding] = []
    for question in seen.questions("single"):
        bands = [(c.code, c.low, c.high) for c in question.choices if c.low is not None or c.high is not None]
        low = _ends([b[1] for b in bands], -np.inf)
        high = _ends([b[2] for b in bands], np.inf)
        if len(bands) < 2:
            continue
        falls, rises = bool((np.diff(low) < 0).any()), bool((np.diff(low) > 0).any())
        order = np.argsort(low, kind="stable")
        overlap = high[order][:-1] > low[order][1:]
        if falls and rises:
            said = f"option order: bands run {', '.join(f'{b[0]} from {b[1]}' for b in bands[:6])}"
        elif overlap.any():
            i = int(np.flatnonzero(overlap)[0])
            pair = [bands[order[i]], bands[order[i + 1]]]
            said = f"bands {pair[0][0]} and {pair[1][0]} overlap ({pair[0][2]:g} lies above {pair[1][1]:g})"
        elif bool((high < low).any()):
            said = f"band {bands[int(np.argmax(high < low))][0]} ends below its beginning"
        else:
            continue
        findings.append(
            Finding(
                f"question {question.id}",
                said,
                "Nets and bounds made of these bands mislead.",
                "Mend low and high, or the order of its choices, in codebook.toml.",
            )
        )
    return findings


def _ends(values: list[float | None], otherwise: float) -> NDArray[np.float64]:
    return np.array([otherwise if v is None else v for v in values], dtype=float)
