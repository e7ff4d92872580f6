"""Tables of everything: every question of a wave by every break, with tests of who differs from whom."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.estimate.adjust import adjusted
from analysis.estimate.blocks import Block, blocks_of, columns_of_blocks
from analysis.estimate.columntests import Comparison, Verdicts, compare_columns
from analysis.estimate.items import items_of
from analysis.estimate.layout import Layout, lay_out
from analysis.estimate.letters import column_letters, letters_of
from analysis.estimate.record import EstimateTable
from analysis.estimate.spread import Rivals, rivals_of
from survey import Design, Wave

__all__ = ["PAIR_COLUMNS", "Book", "banner", "banner_book"]

PAIR_COLUMNS = (
    *("question", "option", "by", "group", "other", "stat", "base_rule", "n", "n_other", "estimate", "se"),
    *("df", "p", "p_adjusted", "letter", "letter_other", "method", "flag", "wave"),
)
"""Columns of the table of pairs: `estimate` is the first group less the other, `p` is before, `p_adjusted`
after the correction; `letter` and `letter_other` name the two columns."""


@dataclass(frozen=True, slots=True)
class Book:
    """A banner book: all estimates, and every pair of groups that was compared.

    Attributes
    ----------
    estimates : EstimateTable
        Columns of the contract; `p` compares a group with the others of its span, `letters` names the
        groups it exceeds.
    comparison : Comparison or None
        How columns were compared; None where they were not.
    letters : dict[tuple[str, str], str]
        Break and group to the letter of the column.
    """

    estimates: EstimateTable
    comparison: Comparison | None
    letters: dict[tuple[str, str], str]
    _made: "_Made | None" = None

    def pairs(self) -> pd.DataFrame:
        """Every pair of groups of a span, row by row, with the columns `PAIR_COLUMNS`."""
        if self._made is None:
            return pd.DataFrame({name: [] for name in PAIR_COLUMNS})
        return _pair_frame(self._made)


@dataclass(frozen=True, slots=True)
class _Made:
    blocks: list[Block]
    verdicts: list[Verdicts]
    adjusted: list[NDArray[np.float64]]
    layout: Layout
    rivals: Rivals
    comparison: Comparison


def banner(
    wave: Wave,
    design: Design,
    rows: Sequence[str] | None = None,
    by: Sequence[str] | str = (),
    base_rule: str = "answered",
    *,
    where: str = "",
    level: float = 0.95,
) -> EstimateTable:
    """Shares of all options (nets after them) and means of numbers, question by question.

    Parameters
    ----------
    rows : sequence of str or None
        Question ids; None takes all but ids, weights, design columns, dates and free text.
    by : sequence of str
        Break questions, `a>b` for groups of b within those of a.
    base_rule : str
        Rule of the shares; means are always of the firms that answered, and say so.
    where, level : str, float
        As in `analysis.share`.

    Returns
    -------
    EstimateTable
        Per question: all firms, then the groups of each break question.

    Raises
    ------
    QuestionFault, DesignFault
        A question that does not exist or is text or a date; a design that carries no estimate.
    """
    return banner_book(wave, design, rows, by, base_rule, where=where, level=level).estimates


def banner_book(
    wave: Wave,
    design: Design,
    rows: Sequence[str] | None = None,
    by: Sequence[str] | str = (),
    base_rule: str = "answered",
    *,
    where: str = "",
    level: float = 0.95,
    means: Sequence[str] = (),
    boxes: int = 0,
    of_responses: bool = False,
    comparison: Comparison | None = None,
) -> Book:
    """As `banner`, with means and boxes of scales, shares of responses, and tests of all columns.

    Parameters
    ----------
    means : sequence of str
        Scales, questions whose codes are numbers: the mean code follows their shares.
    boxes : int
        Nets of that many options at the top and at the bottom of those scales.
    of_responses : bool
        Shares of multiple-response questions are of all answers given (base rule `responses`).
    comparison : Comparison or None
        How the groups of each span are compared; None for no tests.

    Raises
    ------
    QuestionFault, DesignFault
        As `banner`; a scale whose codes are no numbers.
    """
    layout = lay_out(wave, design, by, where, level)
    items = items_of(wave, rows, base_rule, means=means, boxes=boxes, of_responses=of_responses)
    rivals = rivals_of(layout)
    blocks = blocks_of(items, layout, rivals if comparison else None)
    columns = columns_of_blocks(blocks, layout)
    letters = column_letters(layout.span)
    named = {
        key: letter
        for key, letter in zip(zip(layout.by, layout.group, strict=True), letters, strict=True)
        if letter
    }
    if comparison is None or not blocks or not len(rivals.one):
        return Book(EstimateTable(columns), comparison, named)
    verdicts = [
        compare_columns(block.compared, rivals, block.item.values is None, comparison, layout.span)
        for block in blocks
        if block.compared is not None
    ]
    made = _Made(
        blocks, verdicts, _corrected(verdicts, layout, rivals, comparison), layout, rivals, comparison
    )
    columns["p"], columns["letters"] = _marks(made, letters)
    return Book(EstimateTable(columns), comparison, named, made)


def _corrected(
    verdicts: Sequence[Verdicts], layout: Layout, rivals: Rivals, comparison: Comparison
) -> list[NDArray[np.float64]]:
    """p-values of the pairs after correction within each row and span; shape (pairs, k) each."""
    raw = np.concatenate([v.p[: rivals.pairs] for v in verdicts], axis=1)
    found = raw.copy()
    span = layout.span[layout.pairs[:, 0]]
    for one in np.unique(span):
        places = np.flatnonzero(span == one)
        found[places] = adjusted(raw[places].T, comparison.correction).T
    return np.split(found, np.cumsum([v.p.shape[1] for v in verdicts])[:-1], axis=1)


def _marks(made: _Made, letters: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.object_]]:
    """p against the rest of the span, and letters, in the order of the estimates."""
    rivals, comparison = made.rivals, made.comparison
    one, other = made.layout.pairs.T
    many = [block.value.shape[1] for block in made.blocks]
    ends = np.cumsum(many)[:-1]
    alone = rivals.one[rivals.pairs :]
    enough = np.concatenate(
        [np.repeat(b.n[:, None], k, axis=1) for b, k in zip(made.blocks, many, strict=True)], axis=1
    )
    enough = enough >= comparison.fewest
    against = np.full(enough.shape, np.nan)
    against[alone] = np.concatenate([v.p[rivals.pairs :] for v in made.verdicts], axis=1)
    gap = np.concatenate([v.difference for v in made.verdicts], axis=1)
    if comparison.test == "displayr_exceptions":
        above = np.zeros(enough.shape, dtype=bool)
        above[alone] = gap[rivals.pairs :] > 0
        words = np.where((against < comparison.alpha) & enough, np.where(above, "↑", "↓"), "").astype(object)
    else:
        different = (np.concatenate(made.adjusted, axis=1) < comparison.alpha) & enough[one] & enough[other]
        words = letters_of((gap[: rivals.pairs] > 0).T, made.layout.pairs, different.T, letters).T
    return _in_order(against, ends), _in_order(words, ends)


def _in_order(values: NDArray, ends: NDArray[np.intp]) -> NDArray:
    """Values of shape (columns, options of all blocks) in the order of the estimates."""
    return np.concatenate([part.reshape(-1) for part in np.split(values, ends, axis=1)])


def _pair_frame(made: _Made) -> pd.DataFrame:
    """The pairs of all blocks as a table: options of a question outermost, then pairs."""
    layout, pairs = made.layout, made.layout.pairs
    one, other = pairs.T
    letters = np.array(column_letters(layout.span), dtype=object)
    by, group = (np.array(words, dtype=object) for words in (layout.by, layout.group))
    parts = []
    for block, verdict, p in zip(made.blocks, made.verdicts, made.adjusted, strict=True):
        k, m = block.value.shape[1], len(pairs)
        parts.append(
            {
                "question": np.full(k * m, block.item.base.question, dtype=object),
                "option": np.repeat(np.array(block.item.codes, dtype=object), m),
                "by": np.tile(by[one], k),
                "group": np.tile(group[one], k),
                "other": np.tile(group[other], k),
                "stat": np.full(k * m, block.item.stat, dtype=object),
                "base_rule": np.full(k * m, block.item.rule, dtype=object),
                "n": np.tile(block.n[one].astype(np.int64), k),
                "n_other": np.tile(block.n[other].astype(np.int64), k),
                "estimate": verdict.difference[:m].T.reshape(-1),
                "se": verdict.se[:m].T.reshape(-1),
                "df": verdict.df[:m].T.reshape(-1),
                "p": verdict.p[:m].T.reshape(-1),
                "p_adjusted": p.T.reshape(-1),
                "letter": np.tile(letters[one], k),
                "letter_other": np.tile(letters[other], k),
                "method": np.tile(verdict.method[:m], k),
            }
        )  # fmt: skip
    frame = pd.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})
    few = (frame["n"] < made.comparison.fewest) | (frame["n_other"] < made.comparison.fewest)
    frame["flag"] = np.select([frame["p"].isna(), few], ["no test", "low base"], "")
    frame["method"] += f", {made.comparison.correction}"
    return frame.assign(wave=layout.wave.name)[list(PAIR_COLUMNS)]
