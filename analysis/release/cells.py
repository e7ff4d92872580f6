"""Which cells of a wave's questions others may see: each table safe, and safe beside all the others."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.disclosure.audiences import MINIMUM_TABLE
from analysis.disclosure.breakdowns import Broken, protect_breaks
from analysis.disclosure.holdings import of_few_holdings
from analysis.disclosure.oneway import Hidden, protect_table
from analysis.disclosure.problems import is_unsafe
from analysis.release.withheld import Withheld, is_withheld, withheld_cells
from survey import Answers, Codebook, Question, State, names_in, parse_expression

__all__ = ["counted_cells", "hidden_over_all", "shown_cells"]

Cell = tuple[str, str, str, str]

_NESTED = (("pressure.us", "pressure.squeeze"), ("pressure.cn", "pressure.squeeze"))
"""A firm without the first has none of the second: the difference of their `0` cells is a count too."""


def shown_cells(
    codebook: Codebook,
    given: Mapping[str, Answers],
    floor: int,
    open_by: Sequence[str] = (),
    holding: NDArray[np.object_] | None = None,
    withheld: Sequence[Withheld] = (),
) -> set[Cell]:
    """Cells that may be shown, as (question, break, group, option or net); break and group empty for all.

    Parameters
    ----------
    codebook : Codebook
        Questions, their gates and nets.
    given : mapping
        Question id to answers, of all questions with options.
    floor : int
        Smallest count of firms that may be known.
    open_by : sequence of str
        Questions whose groups are shown too.
    holding : array, optional
        Shape (firms,): the holding of each; members of one are one under the floor.
    withheld : sequence of Withheld, optional
        Cells hidden whatever they hold, and with them what would give them away.
    """
    hidden = hidden_over_all(codebook, given, floor, holding, withheld)
    broken = {
        name: _broken(
            given,
            codebook.question(name),
            floor,
            [by for by in open_by if not is_withheld(withheld, name, by)],
            hidden,
            holding,
            withheld,
        )
        for name in (given if open_by else ())
    }
    gates = _gates(codebook)
    shown: set[Cell] = set()
    for name, answers in given.items():
        found = broken[name].hidden if name in broken else hidden[name]
        if found.whole or any(_has_hidden(_of(hidden, broken, gate)) for gate in gates.get(name, ())):
            continue
        cells = np.r_[found.options, list(found.nets.values())].astype(bool)
        codes = (*answers.options, *found.nets)
        shown |= {(name, "", "", code) for code, hide in zip(codes, cells, strict=True) if not hide}
        for by, groups in broken[name].groups.items() if name in broken else ():
            known = [broken[gate].groups.get(by, {}) for gate in gates.get(name, ()) if gate in broken]
            if by == name or any(cells.any() for gate in known for cells in gate.values()):
                continue
            shown |= {
                (name, by, group, code)
                for group, cells in groups.items()
                for code, hide in zip(codes, cells, strict=True)
                if not hide
            }
    return shown


def hidden_over_all(
    codebook: Codebook,
    given: Mapping[str, Answers],
    floor: int,
    holding: NDArray[np.object_] | None = None,
    withheld: Sequence[Withheld] = (),
) -> dict[str, Hidden]:
    """What the table of each question over all firms hides; a follow-up of too few, or all but few, whole."""
    gates = _gates(codebook)
    hidden = {}
    for name, answers in given.items():
        forced = withheld_cells(withheld, name, (*answers.options, *answers.nets))
        nested = _forced(name, given, floor)
        if nested is not None:
            forced[: len(nested)] |= nested
        found = _protect(answers, codebook.question(name), floor, forced, holding)
        is_narrow = is_withheld(withheld, name) or (name in gates and _is_narrow(answers, floor))
        hidden[name] = replace(found, whole=True) if is_narrow else found
    return hidden


def _of(hidden: Mapping[str, Hidden], broken: Mapping[str, Broken], name: str) -> Hidden | None:
    return broken[name].hidden if name in broken else hidden.get(name)


def _protect(
    answers: Answers,
    question: Question,
    floor: int,
    forced: NDArray[np.bool_] | None,
    holding: NDArray[np.object_] | None,
) -> Hidden:
    """Which cells of one question are hidden."""
    did = _did(answers)
    ticks = answers.ticks[did]
    if holding is not None:
        few = of_few_holdings(ticks, [net[did] for net in answers.nets.values()], holding[did], floor)
        if few is None:
            return Hidden(np.ones(ticks.shape[1], dtype=bool), dict.fromkeys(answers.nets, True), True)
        if forced is not None:
            few[: len(forced)] |= forced
        forced = few
    if answers.kind == "binary":
        # one printed option, the counted one; its complement is in `is_unsafe`
        own = None if forced is None else forced[: ticks.shape[1]]
        hidden = protect_table(ticks.sum(axis=0), int(did.sum()), floor, adds_up=False, forced=own)
        return Hidden(np.full(len(answers.options), hidden.options.any()), hidden.nets, hidden.whole)
    nets = {
        name: (np.isin(answers.options, question.nets[name]), int(net[did].sum()))
        for name, net in answers.nets.items()
    }
    return protect_table(
        ticks.sum(axis=0), int(did.sum()), floor, adds_up=_adds_up(ticks), nets=nets, forced=forced
    )


def _broken(
    given: Mapping[str, Answers],
    question: Question,
    floor: int,
    open_by: Sequence[str],
    hidden: Mapping[str, Hidden],
    holding: NDArray[np.object_] | None,
    withheld: Sequence[Withheld] = (),
) -> Broken:
    """One question by all breaks; a group that the break's own table hides is hidden in every other."""
    answers = given[question.id]
    did = _did(answers)
    breaks = {
        by: {
            code: given[by].ticks[did, place]
            for place, code in enumerate(given[by].options)
            if given[by].ticks[:, place].any()
        }
        for by in open_by
        if by != question.id
    }
    many = len(answers.options) + len(answers.nets)
    forced = {
        (by, group): np.r_[cells, np.zeros(many - len(cells), dtype=bool)]
        for by, groups in breaks.items()
        for group in groups
        for cells in [_forced(question.id, given, floor, given[by].ticks[:, given[by].options.index(group)])]
        if cells is not None
    }
    for by, groups in breaks.items():
        for group, inside in groups.items() if holding is not None else ():
            few = of_few_holdings(
                answers.ticks[did][inside],
                [net[did][inside] for net in answers.nets.values()],
                np.asarray(holding)[did][inside],
                floor,
                smallest=MINIMUM_TABLE,
            )
            few = np.ones(many, dtype=bool) if few is None else few
            forced[by, group] = forced.get((by, group), np.zeros(many, dtype=bool)) | few
    for by, groups in breaks.items() if withheld else ():
        for group in groups:
            named = withheld_cells(withheld, question.id, (*answers.options, *answers.nets), by, group)
            forced[by, group] = forced.get((by, group), np.zeros(many, dtype=bool)) | named
    for by, groups in breaks.items():
        own = dict(zip(given[by].options, hidden[by].options, strict=True))
        forced |= {
            (by, group): np.ones(many, dtype=bool) for group in groups if hidden[by].whole or own[group]
        }
    found = protect_breaks(
        answers.ticks[did],
        {name: net[did] for name, net in answers.nets.items()},
        {name: np.isin(answers.options, question.nets[name]) for name in answers.nets},
        breaks,
        floor,
        adds_up=answers.kind != "binary" and _adds_up(answers.ticks[did]),
        hidden=hidden[question.id],
        forced=forced,
    )
    if answers.kind != "binary":
        return found
    # yes and no of one question are one cell
    groups = {
        by: {group: np.full(len(cells), cells.any()) for group, cells in part.items()}
        for by, part in found.groups.items()
    }
    over_all = replace(found.hidden, options=np.full(len(answers.options), found.hidden.options.any()))
    return Broken(over_all, groups, found.method)


def counted_cells(
    codebook: Codebook, given: Mapping[str, Answers], open_by: Sequence[str] = ()
) -> pd.DataFrame:
    """Every cell there is, shown or not: `question,by,group,option,count,n`, n the firms of its base."""
    parts = []
    for name, answers in given.items():
        did = _did(answers)
        member = np.column_stack([answers.ticks[did], *(net[did] for net in answers.nets.values())])
        codes = (*answers.options, *answers.nets)
        groups = {("", ""): np.ones(int(did.sum()), dtype=bool)}
        for by in open_by:
            for place, code in enumerate(given[by].options if by != name else ()):
                groups[by, code] = given[by].ticks[did, place]
        if not codes:
            continue
        inside = np.column_stack(list(groups.values())).astype(np.int64)
        parts.append(
            pd.DataFrame(
                {
                    "question": name,
                    "by": np.repeat([by for by, _ in groups], len(codes)),
                    "group": np.repeat([group for _, group in groups], len(codes)),
                    "option": np.tile(codes, len(groups)),
                    "count": (inside.T @ member.astype(np.int64)).ravel(),
                    "n": np.repeat(inside.sum(axis=0), len(codes)),
                }
            )
        )
    columns = ["question", "by", "group", "option", "count", "n"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _did(answers: Answers) -> NDArray[np.bool_]:
    return np.isin(answers.state, [State.ANSWERED, State.ANSWERED_NOT_ROUTED])


def _adds_up(ticks: NDArray[np.bool_]) -> bool:
    return bool((ticks.sum(axis=1) == 1).all())


def _forced(
    name: str, given: Mapping[str, Answers], floor: int, group: NDArray[np.bool_] | None = None
) -> NDArray[np.bool_] | None:
    """Cells that differ from a cell of another table, in which they are contained, by under the floor."""
    for inner, outer in _NESTED:
        if name != inner or outer not in given:
            continue
        zero = given[inner].options.index("0")
        among = slice(None) if group is None else group
        counts = [int(given[table].ticks[among, zero].sum()) for table in (inner, outer)]
        if 0 < abs(counts[1] - counts[0]) < floor:
            force = np.zeros(len(given[inner].options), dtype=bool)
            force[zero] = True
            return force
    return None


def _gates(codebook: Codebook) -> dict[str, tuple[str, ...]]:
    """Question to the questions that decide who is asked it."""
    known = set(codebook.ids())
    return {
        q.id: tuple(name.id for name in names_in(parse_expression(q.asked_if)) if name.id in known)
        for q in codebook.questions
        if q.asked_if
    }


def _is_narrow(answers: Answers, floor: int) -> bool:
    """Whether a gate lets through, or stops, fewer firms than the floor."""
    asked = np.array([int((answers.asked == 1).sum())])
    return bool(is_unsafe(asked, int((answers.asked >= 0).sum()), floor)[0])


def _has_hidden(hidden: Hidden | None) -> bool:
    """Whether anything of a table is hidden."""
    return hidden is not None and (hidden.whole or bool(hidden.options.any()))
