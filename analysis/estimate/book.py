"""Tables of everything: every question of a wave, for all firms and each group."""

from collections.abc import Sequence

from analysis.estimate.amounts import mean_rows
from analysis.estimate.bases import amounts_of, base_of
from analysis.estimate.domains import settle
from analysis.estimate.record import Estimate
from analysis.estimate.shares import share_rows
from survey import Design, QuestionFault, Wave

__all__ = ["banner"]


def banner(
    wave: Wave,
    design: Design,
    rows: Sequence[str] | None = None,
    by: Sequence[str] | str = (),
    base_rule: str = "answered",
    *,
    where: str = "",
    level: float = 0.95,
) -> tuple[Estimate, ...]:
    """Shares of all options (nets after them) and means of numbers, question by question.

    Parameters
    ----------
    rows : sequence of str or None
        Question ids; None takes all but ids, weights, design columns, dates and free text.
    by : sequence of str
        Break questions.
    base_rule : str
        Rule of the shares; means are always of the firms that answered, and say so.
    where, level : str, float
        As in `analysis.share`.

    Returns
    -------
    tuple[Estimate, ...]
        Per question: all firms, then the groups of each break question.

    Raises
    ------
    QuestionFault, DesignFault
        A question that does not exist or is text or a date; a design that carries no estimate.
    """
    setting = settle(wave, design, by=by, where=where, level=level)
    asked = wave.codebook.tabulated() if rows is None else [wave.codebook.question(name) for name in rows]
    book: list[Estimate] = []
    for question in asked:
        if question.kind in ("text", "date"):
            raise QuestionFault(
                f"question {question.id!r}",
                f"a question of kind {question.kind!r}",
                "a question of codes or numbers",
                "leave it out of --rows",
            )
        if question.kind == "number":
            book += mean_rows(setting, amounts_of(wave, question.id))
        else:
            book += share_rows(setting, base_of(wave, question.id, base_rule))
    return tuple(book)
