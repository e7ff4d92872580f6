"""A changed scene met with its rules at the cost of what the change touches."""

from dataclasses import dataclass, replace

from analysis.pressure.day import Day, day_from, flows_in, standing_in
from analysis.pressure.scene import Scene
from analysis.rules.again import contact_again
from analysis.rules.reach import Reached, reach_flows
from analysis.rules.standing import Standing

__all__ = ["Met", "meet_again", "meet_first"]


@dataclass(frozen=True, slots=True)
class Met:
    """A scene met with its rules, kept so that a changed one can be met from it.

    Attributes
    ----------
    scene : Scene
    day : Day
        As `meet_scene` makes it.
    reached : Reached
        Contacts before chains of ownership are told.
    standing : Standing
        Who stands on which list.
    """

    scene: Scene
    day: Day
    reached: Reached
    standing: Standing


def meet_first(scene: Scene, *, every: bool = False) -> Met:
    """Meet a scene; the same numbers as `meet_scene`.

    Raises
    ------
    Fault
        As `meet_scene`.
    """
    standing = standing_in(scene)
    flows = flows_in(scene, standing)
    return _met(scene, reach_flows(flows, scene.catalogue, scene.day, every=every), standing)


def meet_again(before: Met, scene: Scene) -> Met:
    """Meet a scene that a scenario made of another: only instruments that changed are asked again.

    Where links changed the flows are new, and all instruments are asked.

    Parameters
    ----------
    before : Met
        Of the scene that was changed.
    scene : Scene
        What it was changed to.

    Raises
    ------
    Fault
        As `meet_scene`.
    """
    old = before.scene
    if scene.links is not old.links or scene.stated is not old.stated:
        return meet_first(scene, every=before.reached.every)
    same_rules, same_lists = scene.catalogue is old.catalogue, scene.given is old.given
    if same_rules and same_lists:
        return replace(before, scene=scene)
    standing = before.standing
    if not same_lists or (scene.given.holdings is not None and not _same_owners(old, scene)):
        standing = standing_in(scene)
    reached = contact_again(
        before.reached, old.catalogue, scene.catalogue, scene.day, before.standing.listings, standing.listings
    )
    return _met(scene, reached, standing)


def _same_owners(old: Scene, new: Scene) -> bool:
    """Whether the 50 per cent rules of two scenes are the same, and in the same state on the day."""
    before, after = old.catalogue, new.catalogue
    if before.owner_sets is not after.owner_sets:
        return False
    rules = before.owner_sets[["rule", "during"]].to_numpy().ravel()
    was, now = (
        catalogue.on(new.day).loc[lambda rows: rows["instrument"].isin(rules), ["instrument", "state"]]
        for catalogue in (before, after)
    )
    return was.reset_index(drop=True).equals(now.reset_index(drop=True))


def _met(scene: Scene, reached: Reached, standing: Standing) -> Met:
    day = day_from(scene, reached.flows, reached.table, standing, every=reached.every)
    return Met(scene, day, reached, standing)
