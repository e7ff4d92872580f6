"""What changed between two waves: every concept both asked, each with its interval and its caveats."""

from collections.abc import Sequence
from dataclasses import replace

from analysis.estimate.bases import BASE_RULES
from analysis.waves.alignment import align
from analysis.waves.mean_changes import changes_of_means
from analysis.waves.meeting import meet
from analysis.waves.record import Change
from analysis.waves.share_changes import changes_of_shares
from survey import (
    Design,
    DesignFault,
    Finding,
    Panel,
    QuestionFault,
    Study,
    StudyFault,
    Wave,
    follow_firms,
    nearest,
    study_wave,
)
from survey import panel as panel_of

__all__ = ["changes", "changes_of_panel", "study_changes"]


def changes(
    earlier: Wave,
    later: Wave,
    design: Design,
    questions: Sequence[str] = (),
    *,
    base_rule: str = "answered",
    across_breaks: bool = False,
    level: float = 0.95,
) -> tuple[tuple[Change, ...], tuple[Finding, ...]]:
    """Changes between two waves, firms followed by the id of the design or of the codebooks.

    Parameters
    ----------
    questions : sequence of str
        Concepts or ids of questions; empty for all that both waves asked.
    base_rule : str
        Rule of shares; means are of the firms that answered.
    across_breaks : bool
        Whether to compare over a break all the same.

    Returns
    -------
    tuple
        Changes: for each option the panel's, then everybody's; without ids everybody's only, with
        limits over any overlap. Findings: what was left out, options that differ, no ids.

    Raises
    ------
    QuestionFault, DesignFault
        See `align`, `meet`.
    """
    try:
        followed: Panel | None = follow_firms([earlier, later], id=design.id)
        findings: tuple[Finding, ...] = followed.findings if followed else ()
    except DesignFault as fault:
        followed, findings = None, (_unfollowed(fault),)
    found, more = changes_of_panel(
        (earlier, later), followed, design, questions,
        base_rule=base_rule, across_breaks=across_breaks, level=level,
    )  # fmt: skip
    return found, (*findings, *more)


def changes_of_panel(
    waves: Sequence[Wave],
    followed: Panel | None,
    design: Design,
    questions: Sequence[str] = (),
    *,
    base_rule: str = "answered",
    across_breaks: bool = False,
    level: float = 0.95,
) -> tuple[tuple[Change, ...], tuple[Finding, ...]]:
    """Changes from the first to the last of several waves, of a panel that was followed before.

    Parameters
    ----------
    waves : sequence of Wave
        Oldest first; those between are looked through for breaks.
    followed : Panel or None
        What `survey.panel` returns; None where firms cannot be followed.

    Other parameters, result and faults as in `changes`.
    """
    if base_rule not in BASE_RULES:
        raise QuestionFault(
            "base rule",
            repr(base_rule),
            f"one of {', '.join(BASE_RULES)}",
            nearest(base_rule, list(BASE_RULES)),
        )
    earlier, later = waves[0], waves[-1]
    aligned, findings = align(waves, earlier.name, later.name, questions, across_breaks=across_breaks)
    rows = None if followed is None else followed.pairs(earlier.name, later.name)
    meeting = meet(earlier, later, design, rows, level)
    found: list[Change] = []
    for one in aligned:
        if one.codes:
            found += changes_of_shares(meeting, one, base_rule)
        else:
            found += changes_of_means(meeting, one)
    return tuple(found), findings


def study_changes(
    study: Study,
    earlier: str,
    later: str,
    questions: Sequence[str] = (),
    *,
    base_rule: str = "answered",
    across_breaks: bool = False,
    target: str = "",
    level: float = 0.95,
) -> tuple[tuple[Change, ...], tuple[Finding, ...]]:
    """Changes between two waves of a study, cleaned and weighed, its renames and mergers followed.

    Parameters
    ----------
    earlier, later : str
        Names of waves.
    target : str
        `firms` or `mechanism`; the design's where "".

    Other parameters and result as in `changes`.

    Raises
    ------
    StudyFault
        No wave of that name.
    QuestionFault
        The waves stand the wrong way round; see `align`.
    """
    names = [source.name for source in study.waves]
    for name in (earlier, later):
        if name not in names:
            raise StudyFault(
                f"--waves, wave {name!r}", "no such wave",
                f"waves of the study: {', '.join(names) or 'none'}",
                nearest(name, names),
            )  # fmt: skip
    if names.index(earlier) >= names.index(later):
        raise QuestionFault(
            "--waves",
            f"{earlier},{later}",
            "two waves, the earlier first",
            "the study has " + ", ".join(names),
        )
    findings: tuple[Finding, ...] = ()
    try:
        followed: Panel | None = panel_of(study)
        between = followed.waves[names.index(earlier) : names.index(later) + 1] if followed else ()
    except DesignFault as fault:
        followed, findings = None, (_unfollowed(fault),)
        between = tuple(study_wave(study, n) for n in names[names.index(earlier) : names.index(later) + 1])
    design = replace(study.design, target=target) if target else study.design
    found, more = changes_of_panel(
        between, followed, design, questions, base_rule=base_rule, across_breaks=across_breaks, level=level
    )
    return found, (*findings, *more)


def _unfollowed(fault: DesignFault) -> Finding:
    return Finding(
        fault.where, fault.found, "Nobody knows which firms are in both waves: limits hold for any overlap.",
        fault.do[0].upper() + fault.do[1:] + ".",
    )  # fmt: skip
