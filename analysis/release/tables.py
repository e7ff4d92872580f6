"""The tables of estimates of a Release: all of them for the internal audience, protected ones for others."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.disclosure.oneway import Hidden, protect_table
from analysis.disclosure.problems import is_unsafe
from survey import Answers, Codebook, Design, Question, State, Wave, answers_to, names_in, parse_expression

__all__ = ["SUPPRESSED", "internal_tables", "protected_tables", "wording_table"]

SUPPRESSED = "suppressed"
"""Flag of a hidden row; primary and secondary cells look the same."""

_BASE_RULES = ("answered", "routed", "returned")

_SHOWN = ("question", "option", "by", "group", "stat", "base_rule", "wave", "level")
"""What stays in a hidden row; every other column could give the count away."""

_NESTED = (("pressure.us", "pressure.squeeze"), ("pressure.cn", "pressure.squeeze"))
"""A firm without the first has none of the second: the difference of their `0` cells is a count too."""


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


def protected_tables(estimates: pd.DataFrame, wave: Wave, floor: int) -> pd.DataFrame:
    """One-way tables of shares on the base `answered`, with every cell hidden that must be.

    Parameters
    ----------
    estimates : pandas.DataFrame
        What `internal_tables` made of the same wave.
    wave : Wave
        The answers, from which unweighted counts are taken.
    floor : int
        Smallest count of firms that may be known.

    Returns
    -------
    pandas.DataFrame
        Same columns; hidden rows have the flag `suppressed` and no number, n and base included.
        A follow-up is hidden whole where its gate has a hidden cell, or lets through or stops fewer
        firms than the floor: its base is a count of the gate. An answer that stands in no questionnaire
        but was found in the file has no row where it is hidden: the word itself could name a firm.
    """
    keep = (estimates["stat"] == "share") & (estimates["base_rule"] == "answered") & (estimates["by"] == "")
    shown = estimates[keep].reset_index(drop=True)
    wave = _in_use(wave)
    given = {q.id: answers_to(wave, q.id) for q in wave.codebook.tabulated() if q.kind != "number"}
    hidden = {
        name: _protect(answers, wave.codebook.question(name), floor, _forced(name, given, floor))
        for name, answers in given.items()
    }
    gates = {q.id: _gates(wave.codebook, q.asked_if) for q in wave.codebook.questions if q.asked_if}
    hide = np.zeros(len(shown), dtype=bool)
    for name, rows in shown.groupby("question", sort=False, observed=True).groups.items():
        places = np.asarray(rows)
        found = hidden.get(str(name))
        whole = found is None or found.whole
        whole = whole or any(_has_hidden(hidden.get(gate)) for gate in gates.get(str(name), ()))
        whole = whole or (str(name) in gates and _is_narrow(given[str(name)], floor))
        if whole or found is None:
            hide[places] = True
            continue
        options = dict(zip(given[str(name)].options, found.options, strict=True)) | found.nets
        hide[places] = [bool(options.get(option, True)) for option in shown["option"].iloc[places]]
    said = {(q.id, option) for q in wave.codebook.tabulated() for option in _declared(q)}
    unsaid = np.array(
        [pair not in said for pair in zip(shown["question"], shown["option"], strict=True)], bool
    )
    return _blank(shown, hide)[~(hide & unsaid)].reset_index(drop=True)


def _in_use(wave: Wave) -> Wave:
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


def _protect(answers: Answers, question: Question, floor: int, forced: NDArray[np.bool_] | None) -> Hidden:
    """Which cells of one question are hidden."""
    ticks = answers.ticks
    did = np.isin(answers.state, [State.ANSWERED, State.ANSWERED_NOT_ROUTED])
    if answers.kind == "binary":
        # one printed option, the counted one; its complement is in `is_unsafe`
        hidden = protect_table(ticks[did].sum(axis=0), int(did.sum()), floor, adds_up=False)
        return Hidden(np.full(len(answers.options), hidden.options.any()), hidden.nets, hidden.whole)
    adds_up = bool((ticks[did].sum(axis=1) == 1).all())
    nets = {
        name: (np.isin(answers.options, question.nets[name]), int(net[did].sum()))
        for name, net in answers.nets.items()
    }
    return protect_table(
        ticks[did].sum(axis=0), int(did.sum()), floor, adds_up=adds_up, nets=nets, forced=forced
    )


def _forced(name: str, given: dict[str, Answers], floor: int) -> NDArray[np.bool_] | None:
    """Cells that differ from a cell of another table, in which they are contained, by under the floor."""
    for inner, outer in _NESTED:
        if name != inner or outer not in given:
            continue
        zero = given[inner].options.index("0")
        counts = [int(given[table].ticks[:, zero].sum()) for table in (inner, outer)]
        if 0 < abs(counts[1] - counts[0]) < floor:
            force = np.zeros(len(given[inner].options), dtype=bool)
            force[zero] = True
            return force
    return None


def _gates(codebook: Codebook, asked_if: str) -> tuple[str, ...]:
    """Questions that decide who is asked."""
    known = set(codebook.ids())
    return tuple(name.id for name in names_in(parse_expression(asked_if)) if name.id in known)


def _declared(question: Question) -> set[str]:
    """Options the questionnaire names: with a wording or a column of their own, and nets."""
    named = {choice.code for choice in question.choices if choice.column or any(choice.label.values())}
    return named | set(question.nets)


def _is_narrow(answers: Answers, floor: int) -> bool:
    """Whether a gate lets through, or stops, fewer firms than the floor."""
    asked = np.array([int((answers.asked == 1).sum())])
    return bool(is_unsafe(asked, int((answers.asked >= 0).sum()), floor)[0])


def _has_hidden(hidden: Hidden | None) -> bool:
    """Whether anything of a table is hidden."""
    return hidden is not None and (hidden.whole or bool(hidden.options.any()))


def _blank(table: pd.DataFrame, hide: NDArray[np.bool_]) -> pd.DataFrame:
    """The table with all that could tell a count taken out of hidden rows."""
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
