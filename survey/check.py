"""What a user should know about a study before trusting a table of it."""

import numpy as np
import pandas as pd

from survey.between_waves import findings_between
from survey.clean import clean_wave
from survey.codebook import Question
from survey.coding import code_column
from survey.design_columns import design_frame
from survey.faults import Finding
from survey.latest import latest_wave
from survey.missing import State
from survey.read import read_wave
from survey.routing import answers_to
from survey.study import Study
from survey.wave import Wave

__all__ = ["SILENCE", "check_study"]

SILENCE = 0.1
"""Share of the firms asked that gave no answer, from which a question is named."""


def check_study(study: Study) -> tuple[Finding, ...]:
    """Look over all waves of a study, and weigh its last; nothing is written.

    Found are: what the reader saw (a suffix that lies, a guessed encoding, ragged rows), ids that
    stand twice, strata with one unit, follow-ups answered by firms that were not routed to them,
    exclusive options with others beside, codes without a label, cells of number questions that are
    no numbers, silence of a tenth or more, and between waves what `findings_between` tells.

    Raises
    ------
    Fault
        A wave that cannot be read, a design that cannot carry an estimate, broken routing.
    """
    findings: list[Finding] = []
    waves: list[Wave] = []
    for source in study.waves:
        wave, _ = clean_wave(read_wave(source))
        waves.append(wave)
        found = [*wave.findings, *_design_findings(wave, study)]
        for question in wave.codebook.questions:
            if question.role == "question":
                found += _question_findings(wave, question)
        many = len(study.waves) > 1
        findings += [_of_wave(f, wave.name) if many else f for f in found]
    weighted = latest_wave(study).weighted if study.section("weights") else None
    findings += weighted.findings if weighted is not None else ()
    return (*findings, *findings_between(study, waves))


def _of_wave(finding: Finding, name: str) -> Finding:
    return Finding(f"wave {name}, {finding.where}", finding.found, finding.meaning, finding.do)


def _design_findings(wave: Wave, study: Study) -> list[Finding]:
    findings: list[Finding] = []
    frame = design_frame(wave, study.design)
    twice = frame["id"][frame["id"].duplicated(keep=False)].unique()
    if len(twice):
        shown = ", ".join(twice[:5]) + (" ..." if len(twice) > 5 else "")
        findings.append(
            Finding(
                f"id {study.design.id}",
                f"{len(twice)} ids stand more than once ({shown})",
                "Firms count twice.",
                "Keep one row a firm.",
            )
        )
    if study.design.strata and not study.design.replicates:
        units = frame.groupby("stratum_1")["unit_1"].nunique()
        known = frame.groupby("stratum_1")["population_1"].first()
        alone = units[(units == 1) & ~(known == 1)].index
        if len(alone):
            names = wave.frame.loc[frame.index[frame["stratum_1"].isin(alone)], list(study.design.strata[:1])]
            shown = ", ".join(str(v) for v in names.iloc[:, 0].unique()[:5])
            findings.append(
                Finding(
                    f"strata {study.design.strata[0]}",
                    f"{len(alone)} strata with one unit ({shown})",
                    "No standard error can be made of one unit; estimates will stop.",
                    "Merge them with a neighbour.",
                )
            )
    return findings


def _question_findings(wave: Wave, question: Question) -> list[Finding]:
    findings: list[Finding] = []
    where = f"question {question.id}"
    answers = answers_to(wave, question.id)
    leaks = int((answers.state == State.ANSWERED_NOT_ROUTED).sum())
    answered = leaks + int((answers.state == State.ANSWERED).sum())
    if leaks:
        findings.append(
            Finding(
                where,
                f"{leaks} of {answered} answers are of firms not routed to it ({question.asked_if})",
                "The base is not the firms the routing says.",
                "Compare the base rules answered, routed and returned.",
            )
        )
    findings += _code_findings(wave, question, where)
    asked = answers.asked == 1
    silent = int((asked & (answers.state == State.NO_ANSWER)).sum())
    if question.kind not in ("text", "date") and silent and silent >= SILENCE * asked.sum():
        findings.append(
            Finding(
                where,
                f"{silent} of {int(asked.sum())} firms asked gave no answer",
                "Shares of those who answered may mislead.",
                "Read them with the bounds for silence.",
            )
        )
    return findings


def _code_findings(wave: Wave, question: Question, where: str) -> list[Finding]:
    if question.kind == "number":
        column = wave.frame[question.columns[0]]
        if pd.api.types.is_numeric_dtype(column):
            return []
        coded = code_column(column, question.missing)
        odd = np.unique(coded.index[(coded.index >= 0) & np.isnan(coded.number)])
        if not len(odd):
            return []
        shown = ", ".join(repr(coded.found[i]) for i in odd[:5])
        return [
            Finding(where, f"cells that are no numbers: {shown}", "They count as no answer.", "Mend them.")
        ]
    if question.is_dichotomies or not any(text for c in question.choices for text in c.label.values()):
        return []
    known = {c.code for c in question.choices if any(c.label.values())}
    found = {
        code for name in question.columns for code in code_column(wave.frame[name], question.missing).found
    }
    bare = sorted(found - known)
    if not bare:
        return []
    return [
        Finding(
            where,
            f"codes without a label: {', '.join(bare[:8])}",
            "They count as answers of their own.",
            "Label them in codebook.toml, or declare them missing with a reason.",
        )
    ]
