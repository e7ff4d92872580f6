"""Firms that answered since the last release wait until there are enough of them to be told together."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from analysis.release.recorded import Recorded, recorded_releases
from survey import Study, StudyFault, Wave

__all__ = ["late_firms", "released_before", "without_firms"]


def released_before(study: Study) -> list[Recorded]:
    """Releases of the study in its ledger (`[release] ledger`), oldest first; none without one.

    Raises
    ------
    StudyFault
        A ledger that is no path.
    FileFault
        A ledger whose chain is broken.
    """
    named = study.section("release").get("ledger")
    if named is None:
        return []
    if not isinstance(named, str) or not named:
        raise StudyFault(
            study.place("release.ledger"), repr(named), "the folder of a ledger", 'write ledger = "releases"'
        )
    return recorded_releases(study.folder / named, study.id)


def late_firms(study: Study, ids: Sequence[str], earlier: Sequence[Recorded], floor: int) -> tuple[str, ...]:
    """Firms of the last wave that no earlier release of it holds, if fewer than the largest floor.

    From that number on they may be released together: none is held back. Without an earlier release of the
    wave, or one that tells its firms, none is.
    """
    wave = study.waves[-1].name if study.waves else ""
    before = [one for one in earlier if one.wave == wave and one.firms]
    if not before:
        return ()
    known = {firm for one in before for firm in one.firms}
    late = tuple(firm for firm in ids if firm not in known)
    return late if 0 < len(late) < floor else ()


def without_firms(wave: Wave, ids: pd.Series, late: Sequence[str]) -> Wave:
    """The wave without some firms; as it is where weights were made for all firms together."""
    if not late or wave.weighted is not None:
        return wave
    kept = ~ids.isin(list(late)).to_numpy()
    return replace(wave, frame=wave.frame[kept].reset_index(drop=True))
