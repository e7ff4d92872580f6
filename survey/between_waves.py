"""What is odd between the waves of a study: questions that changed unsaid, firms that do not meet."""

from collections.abc import Sequence

from survey.concepts import concept_findings, follow_concepts
from survey.faults import DesignFault, Finding
from survey.panels import decisions_of, follow_firms
from survey.study import Study
from survey.wave import Wave

__all__ = ["findings_between"]


def findings_between(study: Study, waves: Sequence[Wave]) -> tuple[Finding, ...]:
    """Findings that only several waves together show; none for one wave.

    Found are: breaks nobody declared, options that changed within a version, decisions on firms that
    meet nothing, absorbed firms that still answer, and neighbouring waves without a firm in common.

    Raises
    ------
    QuestionFault
        Two questions of one wave that claim the same concept.
    FileFault, StudyFault
        The file of decisions is at fault.
    """
    if len(waves) < 2:
        return ()
    findings = list(concept_findings(follow_concepts(waves)))
    decisions = decisions_of(study)
    try:
        panel = follow_firms(waves, id=study.design.id, decisions=decisions)
    except DesignFault as fault:
        if decisions.path:
            findings.append(Finding(fault.where, fault.found, "Firms cannot be followed.", fault.do))
        return tuple(findings)
    findings += panel.findings
    names = panel.names()
    for line in panel.overlap.itertuples():
        if line.both == 0 and names.index(line.later) == names.index(line.earlier) + 1:
            findings.append(
                Finding(
                    f"waves {line.earlier} and {line.later}",
                    f"no firm in common ({line.firms_earlier} and {line.firms_later} firms)",
                    "Changes between them are not paired.",
                    "Check that both waves number firms alike.",
                )
            )
    return tuple(findings)
