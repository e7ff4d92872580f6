"""A scenario applied: pure functions from a scene to another scene, one change after the other."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from analysis.pressure.scene import Scene
from analysis.rules.catalogue import Catalogue
from analysis.rules.validity import check_tables
from analysis.scenario.adding import ADDING_CHANGES, add_rules
from analysis.scenario.dates import DATE_CHANGES, change_dates
from analysis.scenario.differing import scene_differences
from analysis.scenario.listing import LIST_CHANGES, change_lists
from analysis.scenario.record import CHANGES_COLUMNS, Change
from analysis.scenario.thresholds import TEST_CHANGES, change_tests
from analysis.scenario.trade import TRADE_CHANGES, change_trade
from survey import FileFault

__all__ = ["apply_changes"]


def apply_changes(
    scene: Scene, changes: Sequence[Change], *, is_known: bool = False
) -> tuple[Scene, pd.DataFrame]:
    """The scene as changes leave it, and what they changed; the scene given stays as it is.

    Parameters
    ----------
    scene : Scene
    changes : sequence of Change
        Of one scenario or several, in order; each sees what those before it made.
    is_known : bool
        Whether the same changes have been applied before: they are neither checked nor told again.

    Returns
    -------
    scene : Scene
    changed : pandas.DataFrame
        `CHANGES_COLUMNS`.

    Raises
    ------
    StudyFault
        A change that does not fit the rules, lists or links as they stand then.
    FileFault
        A rule that cannot be true.
    """
    parts, ruled = [], []
    for change in changes:
        after = _changed(scene, change)
        if not is_known:
            if after.catalogue is not scene.catalogue:
                ruled.append((after.catalogue, change))
            parts.append(scene_differences(scene, after, change))
        scene = after
    _hold_all(ruled)
    if not parts:
        return scene, pd.DataFrame(columns=list(CHANGES_COLUMNS))
    return scene, pd.concat(parts, ignore_index=True)


def _changed(scene: Scene, change: Change) -> Scene:
    if change.do in LIST_CHANGES:
        return change_lists(scene, change)
    if change.do in TRADE_CHANGES:
        return change_trade(scene, change)
    return replace(scene, catalogue=_changed_rules(scene.catalogue, change))


def _changed_rules(catalogue: Catalogue, change: Change) -> Catalogue:
    if change.do in DATE_CHANGES:
        return change_dates(catalogue, change)
    if change.do in TEST_CHANGES:
        return change_tests(catalogue, change)
    if change.do in ADDING_CHANGES:
        return add_rules(catalogue, change)
    raise change.fault("do", repr(change.do), "a change that is known", "correct it")


def _hold_all(ruled: Sequence[tuple[Catalogue, Change]]) -> None:
    """The rules hold together as those of a catalogue must; what does not is told at its change.

    They are held once, as the last change leaves them; one by one only where something does not hold.
    """
    if not ruled:
        return
    try:
        _hold(ruled[-1][0], [change for _, change in ruled])
    except FileFault:
        for catalogue, change in ruled:
            _hold(catalogue, [change])
        raise


def _hold(catalogue: Catalogue, changes: Sequence[Change]) -> None:
    names = (
        "instruments",
        "in_force",
        "gates",
        "collisions",
        "particulars",
        "aligned",
        "technologies",
        "owner_sets",
    )
    tables = {name: getattr(catalogue, name) for name in names}
    ids = catalogue.instruments["id"]
    named = {word for change in changes for word in (*change.words("instrument"), change.text("id"))}
    mine = set(ids[ids.isin(named) | ids.str.partition("+")[0].isin(named)])
    pairs = tables["collisions"]
    is_touched = pairs["duty"].isin(mine) | pairs["clause"].isin(mine)
    adds = any(change.do in ADDING_CHANGES for change in changes)
    tables["collisions"] = pairs[is_touched] if adds else pairs.head(0)
    mine |= set(tables["collisions"]["clause"])
    for name in ("in_force", "gates", "aligned"):  # only rows of its own, and of who punishes it
        tables[name] = tables[name][tables[name]["instrument"].isin(mine)]
    change = changes[-1]
    line = change.lines.get(change.at, 0)
    check_tables(
        {
            name: table.astype("str").assign(_file=f"{change.path}, change {change.number}", _line=line)
            for name, table in tables.items()
        }
    )
