"""One question over many waves: its number in each, with a mark where a break forbids to join them."""

from collections.abc import Sequence
from dataclasses import replace

from analysis.estimate.describe import mean, share
from analysis.estimate.record import Estimate
from analysis.waves.alignment import concept_of
from survey import Design, QuestionFault, Wave, comparable_items, follow_concepts

__all__ = ["trend"]


def trend(
    waves: Sequence[Wave],
    design: Design,
    questions: str | Sequence[str],
    *,
    by: str | Sequence[str] = (),
    base_rule: str = "answered",
    across_breaks: bool = False,
    level: float = 0.95,
) -> tuple[Estimate, ...]:
    """Shares (means of numbers) of concepts in every wave that asked them, wave after wave.

    Parameters
    ----------
    waves : sequence of Wave
        Oldest first.
    questions : str or sequence of str
        Concepts, or ids of questions of any wave.
    by : str or sequence of str
        Break questions, of the same id in all waves.
    base_rule, level : str, float
        As in `analysis.share`.
    across_breaks : bool
        Whether a trend over a break is wanted all the same.

    Returns
    -------
    tuple[Estimate, ...]
        As of `share` and `mean`; `question` is the concept, `wave` the wave; the flag of every row of a
        wave that a break separates from the one before begins with `break`, or `new option` where
        that wave did not offer the option.

    Raises
    ------
    QuestionFault
        No such concept; a concept of one wave only; a break, unless `across_breaks`.
    """
    items = follow_concepts(waves)
    by_name = {wave.name: wave for wave in waves}
    rows: list[Estimate] = []
    for name in (questions,) if isinstance(questions, str) else questions:
        concept = concept_of(items, name, ())
        try:
            found = comparable_items(items, concept, over_breaks=across_breaks)
        except QuestionFault as fault:
            raise QuestionFault(
                fault.where, fault.found, fault.expected, "add --across-breaks to see it all the same, marked"
            ) from None
        if len(found) < 2:
            raise QuestionFault(
                f"concept {concept!r}",
                f"asked in wave {found[0].wave} only",
                "a concept of at least two waves",
                "give the questions that mean the same one concept in codebook.toml",
            )
        for item in found:
            wave, asked = by_name[item.wave], item.question
            if asked.kind == "number":
                estimates = mean(wave, design, asked.id, by=by, level=level)
            else:
                estimates = share(wave, design, asked.id, by=by, base_rule=base_rule, level=level)
            for estimate in estimates:
                words = ["break"] if item.is_break else []
                words += ["new option"] if estimate.option in item.added and asked.kind != "binary" else []
                flag = ";".join([*words, *([estimate.flag] if estimate.flag else [])])
                rows.append(replace(estimate, question=concept, flag=flag))
    return tuple(rows)
