"""The cheapest change after which a refused Release withstands: priced by what it hides, and tried."""

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import pandas as pd

from analysis.attack.record import Attack
from analysis.attack.refusing import Change, known_changes
from analysis.release.edits import edits_of
from analysis.release.tables import SUPPRESSED
from analysis.release.withheld import Edit
from survey import Codebook

__all__ = ["Made", "Means", "proposals"]

Made = Mapping[str, tuple[Mapping[str, pd.DataFrame], dict[str, Any]]]

_TRIES = 6
"""Changes that are attacked before the search ends."""
_PARTS = 4
"""Questions up to which each is mended by itself; beyond, all of them in the same way."""
_BESIDE = 2
"""Dearer changes that are named too."""

_CELL = ["question", "by", "group", "option"]


@dataclass(frozen=True, slots=True)
class Means:
    """What a refused build can still do with the numbers it has.

    Attributes
    ----------
    codebook : Codebook
        Of the wave released.
    open_by : tuple[str, ...]
        Breaks that others see.
    floors : Mapping[str, int]
        Floor of each audience.
    truth : callable
        An edit to every cell: `question, by, group, option, count`, nets of the edit among them.
    seen : callable
        Audience and edit to the estimates it would see.
    made : callable
        An edit to tables and manifests of all audiences but the internal one.
    """

    codebook: Codebook
    open_by: tuple[str, ...]
    floors: Mapping[str, int]
    truth: Callable[[Edit], pd.DataFrame]
    seen: Callable[[str, Edit], pd.DataFrame]
    made: Callable[[Edit], Made]


def proposals(
    attack: Attack, audience: str, means: Means, tried: Callable[[Edit], pd.DataFrame]
) -> list[Change]:
    """Changes that make a refused Release withstand, cheapest first, the first of them tried.

    Parameters
    ----------
    attack : Attack
        What broke it.
    audience : str
        Whose Release it is.
    means : Means
    tried : callable
        An edit to what an attack on the Releases made so still breaks.

    Returns
    -------
    list of Change
        What is lost is the cost that protecting itself has (`COSTS`, counts): the true counts of cells that
        would have been shown and no longer are, those hidden beside them included; of answers shown as one,
        all but the largest. Each question is mended by the cheapest of its own changes (hiding the cells,
        merging, leaving a break or the question out), all of them together are held against closing breaks
        and raising floors, and the cheapest is attacked; what is still broken moves on to its next change.
        That is greedy over questions, exact of one, and stops at the first that withstands, or after six.
        Late firms have to wait; then nothing is tried.
    """
    broken = attack.broken
    between = broken[broken["way"] == "editions"]
    if ((between["firms_high"] < between["floor"]) & (between["firms_high"] > 0)).any():
        return known_changes(broken)  # late firms tell in nearly every cell: they have to wait
    mended = broken[broken["question"].isin(means.codebook.ids())]
    by_word = known_changes(broken.drop(mended.index))
    if mended.empty:
        return by_word
    price = _Price(audience, means)
    parts = [sorted(edits, key=lambda edit: price(edit)[0]) for edits in _parts(mended, means, price.before)]
    number = count()
    heap: list[tuple[float, int, Edit, list[int]]] = []

    def push(edit: Edit, places: list[int]) -> None:
        if not places and price(edit)[1].empty:
            return  # nothing less would be shown
        heapq.heappush(heap, (price(edit)[0], next(number), edit, places))

    def at_places(places: list[int]) -> Edit:
        return _together([edits[at] for edits, at in zip(parts, places, strict=True)])

    for edit in _whole(mended, means) if len(parts) > 1 else [*parts[0], *_whole(mended, means)]:
        push(edit, [])
    if len(parts) > 1:
        push(at_places([0] * len(parts)), [0] * len(parts))
    found: list[Change] = []
    failed = 0
    while heap and not found and failed < _TRIES:
        _, _, edit, places = heapq.heappop(heap)
        left = tried(edit)
        if left.empty:
            found.append(price.said(edit, "tried_many" if len(parts) > 1 else "tried_one", failed))
            continue
        failed += 1
        still = set(left["question"])
        step = (
            [at + int(edits[0].hide[0].question in still) for edits, at in zip(parts, places, strict=True)]
            if places
            else []
        )
        if step != places and all(at < len(edits) for edits, at in zip(parts, step, strict=True)):
            push(at_places(step), step)
    beside = [price.said(edit) for _, _, edit, _ in heapq.nsmallest(_BESIDE, heap)]
    return [*found, *by_word, *beside]


class _Price:
    """What edits lose: the counts of cells that one audience would have seen and no longer does."""

    def __init__(self, audience: str, means: Means) -> None:
        self._audience, self._means = audience, means
        self._known: dict[str, tuple[float, pd.Series]] = {}
        self._held = self._true(Edit())
        self.before = self._shown(Edit())
        self._of = float(self.before.sum())

    def __call__(self, edit: Edit) -> tuple[float, pd.Series]:
        """Counts lost, and the cells no longer shown with what they hold."""
        if repr(edit) not in self._known:
            self._known[repr(edit)] = self._of_edit(edit)
        return self._known[repr(edit)]

    def _of_edit(self, edit: Edit) -> tuple[float, pd.Series]:
        after = self._shown(edit)
        gone = self.before[~self.before.index.isin(after.index)]
        lost = float(gone.sum())
        for question, codes in edit.nets.items():
            name = "+".join(codes)
            for key in after.index[after.index.get_level_values("option") == name]:
                if key[0] != question:
                    continue
                cells = [(question, key[1], key[2], code) for code in codes]
                parts = [float(self._held[cell]) for cell in cells]
                lost += sum(parts) - max(parts) - sum(float(gone.get(cell, 0.0)) for cell in cells)
        return lost, gone

    def said(self, edit: Edit, state: str = "not_tried", failed: int = 0) -> Change:
        """The change, with what it loses cell by cell."""
        lost, gone = self(edit)
        return Change(_steps(edit, self._means), lost, self._of, state, failed, _cells(gone))

    def _shown(self, edit: Edit) -> pd.Series:
        table = self._means.seen(self._audience, edit)
        seen = pd.MultiIndex.from_frame(table.loc[table["flag"] != SUPPRESSED, _CELL].astype("str"))
        held = self._true(edit) if edit.nets else self._held
        return held[held.index.isin(seen)]

    def _true(self, edit: Edit) -> pd.Series:
        truth = self._means.truth(edit).drop_duplicates(_CELL)
        return truth.astype(dict.fromkeys(_CELL, "str")).set_index(_CELL)["count"].astype(float)


def _parts(mended: pd.DataFrame, means: Means, shown: pd.Series) -> list[list[Edit]]:
    """Of each question what would mend it; beyond `_PARTS` questions all alike."""
    parts = [
        edits_of(means.codebook.question(str(question)), rows, shown)
        for question, rows in mended.groupby("question", sort=False)
    ]
    if len(parts) <= _PARTS:
        return parts
    return [[_together([edits[at] for edits in parts]) for at in (0, -1)]]


def _together(edits: Sequence[Edit]) -> Edit:
    whole = Edit()
    for edit in edits:
        whole = whole.and_also(edit)
    return whole


def _whole(mended: pd.DataFrame, means: Means) -> list[Edit]:
    """Changes of the whole Release: breaks closed, floors raised where something printed is under one."""
    breaks = tuple(by for by in means.open_by if by in set(mended["by"]))
    found = [Edit(closed=breaks)] if breaks and not (mended["by"] == "").any() else []
    is_margin = bool(mended["way"].isin(["percents", "margins", "second base"]).all())
    return found + [Edit(raised=step) for step in (1, 2, 3) if is_margin]


def _steps(edit: Edit, means: Means) -> tuple[tuple[str, dict[str, str]], ...]:
    """What to write where: keys of `WORDS` with their values."""
    said: list[tuple[str, dict[str, str]]] = []
    for question, codes in edit.nets.items():
        named = {"answers": ", ".join(codes), "question": question, "net": "+".join(codes)}
        said.append(("merge", named | {"codes": ", ".join(f'"{code}"' for code in codes)}))
    if edit.hide:
        said.append(("hide", {"cells": ", ".join(one.written() for one in edit.hide)}))
    if edit.closed:
        left = ", ".join(f'"{by}"' for by in means.open_by if by not in edit.closed)
        said.append(("close", {"breaks": ", ".join(edit.closed), "left": left}))
    if edit.raised:
        raised = [f"[release.{a}] floor = {floor + edit.raised}" for a, floor in means.floors.items()]
        said.append(("raise", {"floors": ", ".join(raised)}))
    return tuple(said)


def _cells(gone: pd.Series) -> tuple[tuple[str, float], ...]:
    """Cells with the firms they hold."""
    keys = gone.index.to_frame(index=False)[["question", "option", "by", "group"]].to_numpy()
    return tuple(
        (" ".join(part for part in key if part), float(held)) for key, held in zip(keys, gone, strict=True)
    )
