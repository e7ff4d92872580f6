"""What a user should know about a study before trusting a table of it."""

from survey.between_waves import findings_between
from survey.checking.codes import (
    band_order,
    labels_without_codes,
    numbers_out_of_range,
    sentinels,
    undeclared_codes,
)
from survey.checking.days import events_outside_window
from survey.checking.firms import firms_twice, groups_twice
from survey.checking.formats_named import labels_in_a_catalogue
from survey.checking.mojibake import garbled_texts
from survey.checking.offered import answers_that_may_be_reasons
from survey.checking.options import options_moved
from survey.checking.patterns import followups_without_gate, straight_lines
from survey.checking.seen import Seen
from survey.checking.settings import CheckSettings, check_settings
from survey.checking.sums import bands_against_exact, shares_past_whole
from survey.codebook import Question
from survey.design_columns import design_frame
from survey.faults import Finding
from survey.latest import weigh_source
from survey.missing import State
from survey.routing import answers_to
from survey.study import Study
from survey.wave import Wave

__all__ = ["SILENCE", "check_study"]

SILENCE = 0.1
"""Share of the firms asked that gave no answer, from which a question is named."""


def check_study(study: Study) -> tuple[Finding, ...]:
    """Look over all waves of a study, and weigh those that `[weights]` reaches; nothing is written.

    Found are: what the reader saw (a suffix that lies, a guessed encoding, ragged rows, cells of number
    questions that are no numbers) and what cleaning met (exclusive options with others beside); firms and
    groups that answer twice; texts in the wrong encoding; codes nobody declared, labels without codes,
    bands out of order; numbers out of range, shares past a whole, bands against exact values, events
    outside their window; follow-ups without a gate, or answered by firms not routed to them; the same
    answer down a grid; silence of a tenth or more; strata with one unit; what weighing met, and waves
    that are not weighed; and between waves options in another order and what `findings_between` tells.

    Raises
    ------
    Fault
        A wave that cannot be read, a design that cannot carry an estimate, broken routing.
    """
    findings: list[Finding] = []
    waves: list[Wave] = []
    settings = check_settings(study)
    for source in study.waves:
        wave, _ = weigh_source(study, source)
        waves.append(wave)
        found = [*wave.findings, *_design_findings(wave, study), *_doubts(Seen(wave), study, settings)]
        for question in wave.codebook.questions:
            if question.role == "question":
                found += _question_findings(wave, question)
        many = len(study.waves) > 1
        findings += [_of_wave(f, wave.name) if many else f for f in found]
    findings += _not_weighed(study, waves)
    return (*findings, *options_moved(waves), *findings_between(study, waves))


def _not_weighed(study: Study, waves: list[Wave]) -> list[Finding]:
    """A finding where some waves are weighed and others are not."""
    left = [wave.name for wave in waves if wave.weighted is None]
    if not left or len(left) == len(waves):
        return []
    return [
        Finding(
            study.place("weights"),
            f"waves without these weights: {', '.join(left)}",
            "They keep the weights of the design; a change between waves may come from the weights.",
            "Give margins for each wave (column wave), or name the waves under waves in [weights].",
        )
    ]


def _of_wave(finding: Finding, name: str) -> Finding:
    return Finding(f"wave {name}, {finding.where}", finding.found, finding.meaning, finding.do)


def _design_findings(wave: Wave, study: Study) -> list[Finding]:
    findings: list[Finding] = []
    frame = design_frame(wave, study.design)
    if study.design.strata and not study.design.replicates and study.design.singletons == "fault":
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


def _doubts(seen: Seen, study: Study, settings: CheckSettings) -> list[Finding]:
    """All checks of the answers of one wave, in the order of how much they change."""
    return [
        *firms_twice(seen, study.design),
        *groups_twice(seen, settings),
        *garbled_texts(seen),
        *labels_in_a_catalogue(seen),
        *undeclared_codes(seen),
        *sentinels(seen),
        *answers_that_may_be_reasons(seen),
        *labels_without_codes(seen),
        *band_order(seen),
        *numbers_out_of_range(seen, settings),
        *followups_without_gate(seen),
        *shares_past_whole(seen, settings),
        *bands_against_exact(seen, settings),
        *events_outside_window(seen, settings),
        *straight_lines(seen),
    ]
