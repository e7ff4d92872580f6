"""A published wave as whole firms, ready to be made into respondents, or the figures that rule it out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.published.editions import EDITION_MODELS
from analysis.published.figures import Figures
from analysis.published.gates import Gate
from analysis.published.plan import Clash, Planned, plan_questions
from analysis.supply.tables import place_rows
from survey import PrintedOption, PrintedQuestion, PrintedWave, Printing, QuestionFault, nearest

__all__ = ["plan_wave"]

_FEW = 24

Words = Mapping[str, Mapping[tuple[str, str], str]]


def plan_wave(
    figures: Figures,
    gates: tuple[Gate, ...] = (),
    *,
    firms: int | None = None,
    model: str = "auto",
    wordings: Words | None = None,
) -> PrintedWave:
    """Bases and counts of every question of a published wave, so that respondents can be made to them.

    Parameters
    ----------
    figures : Figures
        Of one survey and wave (see `wave_figures`).
    gates : tuple[Gate, ...]
        Follow-ups.
    firms : int or None
        Respondents of the last edition; None: as printed, else the largest base stated.
    model : str
        What may have happened between editions: `auto` or one of `EDITION_MODELS`.
    wordings : Mapping or None
        Language (`en`, `ja`) to wording by question and option id (option "": the question); where a
        wording is missing the gist of the file stands in, else the id.

    Raises
    ------
    QuestionFault
        Nobody tells how many firms answered; or no respondents reproduce the figures under this model: the
        fault is the certificate. It names the model and, for each question that cannot be, a set of
        figures none of which can be left out without the rest becoming possible.
    """
    if model not in ("auto", *EDITION_MODELS):
        known = ("auto", *EDITION_MODELS)
        raise QuestionFault("edition model", repr(model), ", ".join(known), nearest(model, list(known)))
    planned, clashes, there = plan_questions(figures, gates, firms, model)
    if not there:
        raise QuestionFault(
            f"{figures.file}, wave {figures.frame['wave'].iloc[0]}",
            "no number of respondents, and no base",
            "how many firms answered",
            "name it with --firms, or add a row with statistic base",
        )
    if clashes:
        raise _certificate(figures, gates, max(there.values()), model, clashes)
    ordered = _gates_first([_question(p, planned, gates, wordings or {}) for p in planned])
    notes = [f"edition model: {model}"] if len(there) > 1 else []
    notes += [f"edition {name}: {many} firms" for name, many in there.items() if len(there) > 1]
    notes += [note for p in planned for note in p.notes]
    notes += [
        f"{q.id}: printed in the edition {q.printings[-1].edition} only"
        for q in ordered
        if q.printings[-1].edition != list(there)[-1]
    ]
    notes += _leaks(ordered)
    return PrintedWave(str(figures.frame["wave"].iloc[0]), there, tuple(ordered), tuple(notes))


def _question(
    planned: Planned, every: Sequence[Planned], gates: tuple[Gate, ...], wordings: Words
) -> PrintedQuestion:
    """One question with its wordings and its gate."""
    figures = planned.figures
    first = figures.drop_duplicates("option_id").set_index("option_id")
    asked = str(figures["question_id"].iloc[0])
    label = _words((asked, ""), str(figures["question_gist"].iloc[0]) or asked, wordings)
    options = []
    for option in planned.options:
        row = first.loc[option]
        words = _words((asked, option), str(row["option_gist"]) or option, wordings)
        options.append(PrintedOption(option, words, str(row["side"]) or "none"))
    if planned.id != asked:
        label = {lang: f"{label[lang]}: {options[0].label[lang]}" for lang in label}
    printings = tuple(
        Printing(edition, base, tuple(None if c < 0 else c for c in counts))
        for edition, base, counts in planned.editions
    )
    told = {p.id: p.options for p in every}
    gate = next(
        (
            (g.asked_of, g.option)
            for g in gates
            if g.question == planned.id and g.asked_of != g.question and g.option in told.get(g.asked_of, ())
        ),
        None,
    )
    return PrintedQuestion(planned.id, label, tuple(options), planned.is_single, printings, gate)


def _words(key: tuple[str, str], gist: str, wordings: Words) -> dict[str, str]:
    """Wording of a question or option in both languages."""
    return {lang: wordings.get(lang, {}).get(key) or gist for lang in ("en", "ja")}


def _gates_first(questions: Sequence[PrintedQuestion]) -> list[PrintedQuestion]:
    """Questions with every gate before its follow-ups, else in the order of the file."""
    gate = {q.id: q.gate[0] if q.gate else "" for q in questions}
    depth = {}
    for name in gate:
        steps, at = 0, name
        while gate.get(at) and steps <= len(gate):
            at, steps = gate[at], steps + 1
        if steps > len(gate):
            raise QuestionFault(
                f"question {name!r}", "gates that lead in a circle", "a first question", "mend the gates"
            )
        depth[name] = steps
    return sorted(questions, key=lambda q: depth[q.id])


def _leaks(questions: Sequence[PrintedQuestion]) -> list[str]:
    """Follow-ups that more firms answered than their gate led on."""
    by_id = {q.id: q for q in questions}
    said = []
    for question in questions:
        if question.gate is None:
            continue
        asked = by_id[question.gate[0]]
        place = [o.id for o in asked.options].index(question.gate[1])
        led = {p.edition: p.counts[place] for p in asked.printings}
        for printing in question.printings:
            many = led.get(printing.edition)
            if many is not None and printing.base > many:
                where = f"{question.id} ({printing.edition})" if printing.edition else question.id
                gate = f"{asked.id} = {question.gate[1]}"
                said.append(f"{where}: {printing.base} firms answered, {many} had answered {gate}: a leak")
    return said


def _certificate(
    figures: Figures, gates: tuple[Gate, ...], firms: int, model: str, clashes: Sequence[Clash]
) -> QuestionFault:
    """Why no respondents can be made: for each question the fewest figures that clash."""
    rows, said = [], []
    for clash in clashes:
        part = _fewest(figures, gates, firms, model, clash)
        rows += list(part["row"])
        shown = ", ".join(
            f"{o} {v}" + (f" ({e})" if e else "")
            for o, v, e in part[["option_id", "value", "edition"]].itertuples(index=False, name=None)
        )
        said.append(f"{clash.id}: {shown}; {clash.why}")
    is_edited = any(clash.figures["edition"].nunique() > 1 for clash in clashes)
    todo = "look with `crosspressure audit`; a misprint is left out with no under usable"
    if is_edited and model not in ("auto", "edits"):
        todo = f"allow more: --editions {' or '.join(EDITION_MODELS[EDITION_MODELS.index(model) + 1 :])}"
    return QuestionFault(
        f"{figures.file}, {place_rows(np.array(sorted(set(rows))))}",
        f"no {firms} respondents reproduce these figures under the edition model {model!r}: "
        + "; ".join(said),
        "figures that some firms could have given",
        todo,
    )


def _fewest(figures: Figures, gates: tuple[Gate, ...], firms: int, model: str, clash: Clash) -> pd.DataFrame:
    """Figures of a clash of which none can be left out."""
    part = clash.figures
    if len(part) > _FEW:
        return part
    kept = list(part["row"])
    others = figures.frame["statistic"] != "percent"
    for row in list(kept):
        fewer = [r for r in kept if r != row]
        frame = figures.frame[others | figures.frame["row"].isin(fewer)]
        if fewer and plan_questions(replace(figures, frame=frame), gates, firms, model)[1]:
            kept = fewer
    return part[part["row"].isin(kept)]
