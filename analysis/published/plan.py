"""The base and the counts that each question of a published wave is given, edition by edition."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.published.choosing import choose_counts
from analysis.published.counting import count_bounds
from analysis.published.editions import EDITION_MODELS, Reading, could_follow, simplest_model
from analysis.published.figures import Figures
from analysis.published.gates import Gate
from analysis.published.grouping import QUESTION
from analysis.published.questions import Questions, digits_of, read_questions
from analysis.published.rounding import compact

__all__ = ["Clash", "Planned", "plan_questions", "respondents_of"]

_TRIED = 512
_SHOWN = 12

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Planned:
    """One question with the bases and counts it is given.

    Attributes
    ----------
    id : str
        Its name: the question's, or question and option where a figure stands by itself.
    figures : pandas.DataFrame
        Its figures (rows of `Questions.leads`), one an edition and option.
    options : tuple[str, ...]
        Options with figures, in file order.
    is_single : bool
        Whether a firm gives one answer.
    editions : tuple[tuple[str, int, tuple[int, ...]], ...]
        Edition, base, and counts of the options, -1 where it does not print one; earliest first.
    notes : tuple[str, ...]
        What was decided.
    """

    id: str
    figures: pd.DataFrame
    options: tuple[str, ...]
    is_single: bool
    editions: tuple[tuple[str, int, tuple[int, ...]], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clash:
    """A question that no respondents can reproduce: its name, its figures, and why."""

    id: str
    figures: pd.DataFrame
    why: str


def respondents_of(questions: Questions, firms: int | None) -> dict[str, int]:
    """Respondents of each edition, fewest first; empty where neither the file nor the caller tells.

    Parameters
    ----------
    firms : int or None
        Respondents of the last edition, if the caller tells; else as printed, else the largest base stated.
    """
    leads = questions.leads
    known = leads[leads["bound"].isin(["respondents", "respondents of another edition"])]
    told = [known["most"].max(), leads["stated"].max()]
    total = firms if firms is not None else next((int(n) for n in told if pd.notna(n)), None)
    if total is None:
        return {}
    own = leads[leads["bound"] == "respondents"].groupby("edition")["most"].max()
    order = leads.drop_duplicates("edition")["edition"]
    there = {str(name): min(int(own.get(name, total)), total) for name in order}
    there = dict(sorted(there.items(), key=lambda item: item[1]))
    if there:
        there[list(there)[-1]] = total
    return there


def plan_questions(
    figures: Figures, gates: tuple[Gate, ...], firms: int | None, model: str
) -> tuple[list[Planned], list[Clash], dict[str, int]]:
    """Give each question of one wave its bases and counts, under a model of editions.

    Of the bases that fit, those are taken that leave the fewest firms silent and that the model allows from
    one edition to the next; all of them are tried.

    Parameters
    ----------
    figures : Figures
        Of one survey and wave.
    gates : tuple[Gate, ...]
        Follow-ups.
    firms : int or None
        Respondents of the last edition, where the caller tells.
    model : str
        One of `EDITION_MODELS`, or `auto`: the simplest for each question.

    Returns
    -------
    tuple
        Questions planned, questions that cannot be, respondents by edition (empty, and nothing planned, where
        nobody tells how many there are).
    """
    questions = read_questions(figures, gates, most=firms)
    there = respondents_of(questions, firms)
    if not there:
        return [], [], there
    planned: list[Planned] = []
    clashes: list[Clash] = []
    for name, rows in _by_name(questions.leads).items():
        made = _plan(name, rows, questions, there, model)
        if isinstance(made, Planned):
            planned.append(made)
        else:
            clashes.append(made)
    return planned, clashes, there


def _by_name(leads: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Figures by question; a figure with a base of its own is a question of its own."""
    plain = leads[QUESTION].agg("\x1f".join, axis=1) == leads["key"]
    names = leads["question_id"].where(plain, leads["question_id"] + "_" + leads["option_id"])
    return {str(name): rows for name, rows in leads.groupby(names, sort=False)}


def _plan(
    name: str, rows: pd.DataFrame, questions: Questions, there: dict[str, int], model: str
) -> Planned | Clash:
    """One question planned, or why it cannot be."""
    options = tuple(rows["option_id"].drop_duplicates())
    is_single = bool((rows["multi_response"].str.lower() == "no").all())
    readings = []
    for edition in sorted(rows["edition"].unique(), key=list(there).index):
        part = rows[rows["edition"] == edition]
        reading = _read(part, options, questions, edition, there[edition])
        stated = part["stated"].max()
        if pd.notna(stated) and stated > there[edition]:
            said = f"their stated base is {stated}, and there are {there[edition]} firms"
            return Clash(name, part, said + (f" (edition {edition})" if edition else ""))
        if not len(reading.bases):
            said = f"no base up to {there[edition]} prints all of them"
            return Clash(name, part, said + (f" (edition {edition})" if edition else ""))
        readings.append(reading)
    allowed = "edits" if model == "auto" else model
    banned: set[tuple[int, int, int]] = set()
    for _ in range(_TRIED):
        at = _choose(readings, is_single, allowed, banned)
        if at is None:
            break
        counts, notes, late = _stepped(name, readings, at, is_single, allowed)
        if late is None:
            pairs = zip(readings, at, strict=True)
            told = [note for r, j in pairs for note in _told(name, r, j, rows, questions)]
            editions = tuple(
                (r.edition, int(r.bases[j]), tuple(int(c) for c in count))
                for r, j, count in zip(readings, at, counts, strict=True)
            )
            return Planned(name, rows, options, is_single, editions, (*told, *notes))
        banned.add((late, at[late - 1], at[late]))
    tried = " then ".join(f"{_short(r.bases)} of {r.firms} ({r.edition})" for r in readings)
    return Clash(name, rows, f"no bases of {tried} follow each other under {model!r}")


def _stepped(
    name: str, readings: Sequence[Reading], at: Sequence[int], is_single: bool, allowed: str
) -> tuple[list[Ints], list[str], int | None]:
    """Counts on the chosen bases, what happened between editions, and the first step not allowed."""
    counts: list[Ints] = []
    notes: list[str] = []
    for step, (reading, j) in enumerate(zip(readings, at, strict=True)):
        before = (readings[step - 1], at[step - 1], counts[-1]) if step else None
        after = (readings[step + 1], at[step + 1]) if step + 1 < len(readings) else None
        counts.append(choose_counts(reading, j, is_single, before, after))
        if before is None:
            continue
        first = (before[0].firms, int(before[0].bases[before[1]]), before[2])
        second = (reading.firms, int(reading.bases[j]), counts[-1])
        way, changes = simplest_model(first, second, is_single)
        if EDITION_MODELS.index(way) > EDITION_MODELS.index(allowed):
            return counts, notes, step
        many = f"{changes} answer{'s' if changes > 1 else ''} changed at the least"
        steps = f"base {first[1]} ({before[0].edition}) to {second[1]} ({reading.edition})"
        notes.append(f"{name}: {steps}: {way}{f', {many}' if changes else ''}")
    return counts, notes, None


def _read(
    part: pd.DataFrame, options: tuple[str, ...], questions: Questions, edition: str, firms: int
) -> Reading:
    """One question in one edition on each base it can have; the largest first, at most `_TRIED`."""
    key = str(part["key"].iloc[0])
    settled, found = questions.settled[key], questions.found[key]
    bases = found.bases if settled.base is None else np.array([settled.base])
    bases = np.sort(bases[bases <= firms])[::-1][:_TRIED]
    way = settled.way or found.way
    place = np.array([options.index(o) for o in part["option_id"]], dtype=np.int64)
    low, high = (np.full((len(bases), len(options)), -1, dtype=np.int64) for _ in range(2))
    if len(bases):
        units, scale, printed = (np.tile(a, len(bases)) for a in digits_of(part))
        many = np.repeat(bases, len(part))
        ways = np.full(len(many), way, dtype=object)
        least, most, _ = count_bounds(units, scale, printed, many, ways)
        low[:, place] = least.reshape(len(bases), -1)
        high[:, place] = most.reshape(len(bases), -1)
    target = np.full(len(options), np.nan)
    target[place] = part["units"].to_numpy(dtype=float) / 10.0 ** part["decimals"].to_numpy(dtype=float) / 100
    return Reading(edition, firms, bases, low, high, target)


def _choose(
    readings: Sequence[Reading], is_single: bool, model: str, banned: set[tuple[int, int, int]]
) -> list[int] | None:
    """The place of a base in each edition: as many answers as possible, none withdrawn if that can be."""
    best = readings[0].bases.astype(np.float64)
    came: list[NDArray[np.intp]] = []
    for step, (first, second) in enumerate(pairwise(readings), start=1):
        total = np.where(could_follow(first, second, is_single, model), best[:, None], -np.inf)
        withdrawn = second.bases[None, :] < first.bases[:, None]
        total = total - 1e9 * withdrawn
        total[[a for s, a, _ in banned if s == step], [b for s, _, b in banned if s == step]] = -np.inf
        came.append(total.argmax(axis=0))
        best = total.max(axis=0) + second.bases
    if not np.isfinite(best).any():
        return None
    at = [int(best.argmax())]
    for back in reversed(came):
        at.append(int(back[at[-1]]))
    return at[::-1]


def _told(name: str, reading: Reading, j: int, rows: pd.DataFrame, questions: Questions) -> list[str]:
    """What was decided about the base of one edition."""
    part = rows[rows["edition"] == reading.edition]
    settled = questions.settled[str(part["key"].iloc[0])]
    base = int(reading.bases[j])
    where = f"{name} ({reading.edition})" if reading.edition else name
    said = []
    if len(reading.bases) > 1:
        said.append(f"{where}: bases {_short(reading.bases)} fit; {base} taken, the fewest firms silent")
    if settled.stated is not None and settled.stated != base:
        said.append(f"{where}: the stated base {settled.stated} cannot be; {base} taken")
    if bool(part["is_past"].any()):
        said.append(f"{where}: adds past 100 beside other answers, so it is a question of its own")
    elif name != part["question_id"].iloc[0]:
        said.append(f"{where}: a base of its own among the answers, so it is a question of its own")
    return said


def _short(bases: Ints) -> str:
    """Bases as text, only ends where they are many."""
    if len(bases) <= _SHOWN:
        return compact(np.sort(bases))
    return f"{len(bases)} from {bases.min()} to {bases.max()}"
