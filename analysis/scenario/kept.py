"""What an internal Release keeps so that scenarios of one's own can be held against it: scene and model."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.pressure.choice import Abstained, ChoiceModel
from analysis.pressure.composite import Composite
from analysis.pressure.day import meet_scene
from analysis.pressure.declared import Declared
from analysis.pressure.firth import FirthFit
from analysis.pressure.fitting import Fitted
from analysis.pressure.graded import Graded
from analysis.pressure.jeffreys import Logits
from analysis.pressure.noting import Note
from analysis.pressure.openday import OpenDay, channels_in
from analysis.pressure.priors import Prior
from analysis.pressure.reading import Calibrated, read_firms
from analysis.pressure.scene import Scene
from analysis.pressure.settings import PressureSettings
from analysis.pressure.thresholds import OpenThreshold
from analysis.rules.bills import Bills
from analysis.rules.catalogue import Catalogue
from analysis.rules.standing import Given
from analysis.rules.stated import Stated
from analysis.scenario.comparing import Baseline
from analysis.scenario.meeting import meet_first
from analysis.scenario.packing import pack, unpack
from analysis.supply.links import Links
from survey import FileFault, Finding

__all__ = ["MOST_LINKS", "kept_baseline", "kept_day", "kept_table"]

MOST_LINKS = 200_000
"""Most links of a study whose scene a Release keeps; beyond, a page would wait too long."""

_KNOWN: Mapping[str, type] = {
    one.__name__: one
    for one in (
        Abstained, Bills, Calibrated, Catalogue, ChoiceModel, Composite, Declared, Finding, FirthFit, Fitted,
        Given, Graded, Links, Logits, Note, OpenThreshold, PressureSettings, Prior, Scene, Stated,
    )
}  # fmt: skip
"""Records that are made again."""


def kept_table(baseline: Baseline) -> pd.DataFrame | None:
    """The world as it is and its model, as one table; None where it is too large, or leans on averages.

    Names of files lose their folders, and findings are left out, so that a Release does not hang on where it
    was made.

    Returns
    -------
    pandas.DataFrame or None
        `PACKED_COLUMNS`.
    """
    scene = baseline.met.scene
    if len(scene.links.frame) > MOST_LINKS or scene.averages is not None:
        return None
    given = replace(scene.given, where=Path(scene.given.where).name, findings=())
    stated = scene.stated
    if stated is not None:
        bills = stated.bills
        bills = None if bills is None else replace(bills, where=Path(bills.where).name)
        stated = replace(stated, where=Path(stated.where).name, bills=bills)
    scene = replace(scene, links=replace(scene.links, findings=()), given=given, stated=stated)
    return pack(
        {
            "day": baseline.day,
            "scene": scene,
            "calibrated": replace(baseline.calibrated, findings=(), agreement=None),
            "firms": baseline.firms,
            "groups": dict(baseline.groups),
        }
    )


def kept_baseline(table: pd.DataFrame, where: str) -> Baseline:
    """The baseline again, met and read anew; the model is as it was frozen.

    Parameters
    ----------
    table : pandas.DataFrame
        From `kept_table`.
    where : str
        The Release, for messages.

    Raises
    ------
    FileFault
        A table of another version of the product.
    """
    held = _held(table, where)
    met = meet_first(held["scene"])
    read = read_firms(held["calibrated"], met.day, held["firms"])
    return Baseline(None, held["day"], met, held["calibrated"], held["firms"], read, held["groups"])


def kept_day(table: pd.DataFrame, where: str) -> OpenDay:
    """The day with all that is open about it, met anew; nothing is read of it yet.

    Parameters
    ----------
    table, where : pandas.DataFrame, str
        As `kept_baseline`.

    Raises
    ------
    FileFault
        A table of another version of the product.
    """
    held = _held(table, where)
    day, settings = meet_scene(held["scene"]), held["calibrated"].settings
    return OpenDay(day, settings.open, settings.dormant, channels_in(day.flows, held["firms"]))


def _held(table: pd.DataFrame, where: str) -> Mapping[str, Any]:
    try:
        held: Mapping[str, Any] = unpack(table, _KNOWN)
        return {name: held[name] for name in ("day", "scene", "calibrated", "firms", "groups")}
    except (KeyError, TypeError, ValueError) as error:
        raise FileFault(
            where, f"what it keeps cannot be read ({error})", "a Release of this version", "build it again"
        ) from error
