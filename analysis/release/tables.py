"""The tables of estimates of a Release: all of them for the internal audience, protected ones for others."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.release.cells import shown_cells
from analysis.release.withheld import Withheld
from survey import Codebook, Design, Question, Wave, answers_to

__all__ = [
    "SUPPRESSED",
    "blank_rows",
    "in_use",
    "internal_tables",
    "protected_tables",
    "unsaid_rows",
    "wording_table",
]

SUPPRESSED = "suppressed"
"""Flag of a hidden row; primary and secondary cells look the same."""

_BASE_RULES = ("answered", "routed", "returned")

_SHOWN = ("question", "option", "by", "group", "stat", "base_rule", "wave", "level")
"""What stays in a hidden row; every other column could give the count away."""


def internal_tables(wave: Wave, design: Design, by: Sequence[str]) -> pd.DataFrame:
    """All estimates of all questions under the three base rules, for all firms and by group.

    Returns
    -------
    pandas.DataFrame
        Columns of the contract. Banded pressure has the rule `answered` only: nobody was asked it.
    """
    from analysis.estimate.book import banner
    from analysis.estimate.record import as_frame

    asked = [q.id for q in wave.codebook.tabulated() if not q.id.startswith("pressure.")]
    banded = [q.id for q in wave.codebook.tabulated() if q.id.startswith("pressure.")]
    parts = [as_frame(banner(wave, design, asked, tuple(by), base_rule=rule)) for rule in _BASE_RULES]
    if banded:
        parts.append(as_frame(banner(wave, design, banded, tuple(by), base_rule="answered")))
    return pd.concat([part for part in parts if len(part)], ignore_index=True)


def protected_tables(
    estimates: pd.DataFrame,
    wave: Wave,
    floor: int,
    open_by: Sequence[str] = (),
    *,
    holding: NDArray[np.object_] | None = None,
    withheld: Sequence[Withheld] = (),
) -> pd.DataFrame:
    """Tables of shares on the base `answered`, with every cell hidden that must be.

    Parameters
    ----------
    estimates : pandas.DataFrame
        What `internal_tables` made of the same wave.
    wave : Wave
        The answers, from which unweighted counts are taken.
    floor : int
        Smallest count of firms that may be known.
    open_by : sequence of str, optional
        Questions whose groups are shown too; by default there are tables of one question only.
    holding : array, optional
        Shape (firms,): the holding of each row of the wave; firms of one are one under the floor.
    withheld : sequence of Withheld, optional
        Cells the study names.

    Returns
    -------
    pandas.DataFrame
        Same columns; hidden rows have the flag `suppressed` and no number, n and base included.
        A follow-up is hidden whole where its gate has a hidden cell, or lets through or stops fewer
        firms than the floor: its base is a count of the gate; by a break, where its gate has a hidden cell
        there. An answer that stands in no questionnaire but was found in the file has no row where it is
        hidden: the word itself could name a firm.
    """
    keep = (estimates["stat"] == "share") & (estimates["base_rule"] == "answered")
    shown = estimates[keep & estimates["by"].isin(["", *open_by])].reset_index(drop=True)
    if holding is not None and wave.weighted is not None:
        holding = holding[wave.weighted.weight != 0]
    wave = in_use(wave)
    given = {q.id: answers_to(wave, q.id) for q in wave.codebook.tabulated() if q.kind != "number"}
    cells = shown_cells(wave.codebook, given, floor, open_by, holding, withheld)
    key = zip(*(shown[name] for name in ("question", "by", "group", "option")), strict=True)
    hide = np.array([(question, by, group, option) not in cells for question, by, group, option in key], bool)
    return blank_rows(shown, hide)[~(hide & unsaid_rows(wave.codebook, shown))].reset_index(drop=True)


def unsaid_rows(codebook: Codebook, shown: pd.DataFrame) -> NDArray[np.bool_]:
    """Rows of answers that no questionnaire names, shape (rows,): the word itself could name a firm."""
    said = {(q.id, option) for q in codebook.tabulated() for option in _declared(q)}
    return np.array([pair not in said for pair in zip(shown["question"], shown["option"], strict=True)], bool)


def in_use(wave: Wave) -> Wave:
    """The firms that carry a weight: only they are behind a number."""
    if wave.weighted is None or (wave.weighted.weight != 0).all():
        return wave
    return replace(wave, frame=wave.frame[wave.weighted.weight != 0].reset_index(drop=True), weighted=None)


def wording_table(wave: Wave, languages: Sequence[str], shown: pd.DataFrame | None = None) -> pd.DataFrame:
    """The wording of questions, options and nets.

    Parameters
    ----------
    wave : Wave
        The answers and their codebook.
    languages : sequence of str
        Languages of the study.
    shown : pandas.DataFrame, optional
        Protected estimates: of answers found in the file only, those without a row have no wording.

    Returns
    -------
    pandas.DataFrame
        Columns `kind` (question, option, net), `question`, `option`, `lang`, `text`; a wording that
        exists in one language only stands under every language, so that no page lacks a word.
    """
    from survey import words

    rows = []
    for q in wave.codebook.tabulated():
        labels = {choice.code: choice.label for choice in q.choices}
        options = answers_to(wave, q.id).options
        if shown is not None:
            kept = _declared(q) | set(shown[shown["question"] == q.id]["option"])
            options = tuple(option for option in options if option in kept)
        for lang in languages:
            rows.append(("question", q.id, "", lang, words(q.label, lang, q.id)))
            rows += [("option", q.id, o, lang, words(labels.get(o, {}), lang, o)) for o in options]
            rows += [("net", q.id, net, lang, words(q.net_labels.get(net, {}), lang, net)) for net in q.nets]
    return pd.DataFrame(rows, columns=["kind", "question", "option", "lang", "text"])


def _declared(question: Question) -> set[str]:
    """Options the questionnaire names: with a wording or a column of their own, and nets."""
    named = {choice.code for choice in question.choices if choice.column or any(choice.label.values())}
    return named | set(question.nets)


def blank_rows(table: pd.DataFrame, hide: NDArray[np.bool_]) -> pd.DataFrame:
    """The table with all that could tell a count taken out of hidden rows.

    Parameters
    ----------
    table : pandas.DataFrame
        With the columns of the contract.
    hide : NDArray[np.bool_]
        Shape (rows,).
    """
    out = table.copy()
    for column in out.columns:
        if column in _SHOWN:
            continue
        if pd.api.types.is_numeric_dtype(out[column]):
            out[column] = out[column].astype(float).mask(hide)
        else:
            out[column] = out[column].mask(hide, SUPPRESSED if column == "flag" else "")
    if "n" in out.columns:
        out["n"] = out["n"].astype("Int64")
    return out
