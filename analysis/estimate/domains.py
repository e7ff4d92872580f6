"""All firms, and groups of firms: the domains of a table as masks over rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.estimate.bases import Base
from analysis.estimate.breaks import break_of
from analysis.estimate.compiled import arrays_of
from analysis.estimate.design_arrays import DesignArrays
from survey import Design, QuestionFault, Wave, select

__all__ = ["Domain", "Setting", "concerned", "settle"]


@dataclass(frozen=True, slots=True)
class Domain:
    """One group of firms.

    Attributes
    ----------
    by, group : str
        Break question and code; both "" for all firms.
    member, perhaps : NDArray[np.bool_]
        Shape (rows,): firms in the group; those and the firms whose group is not known.
    is_whole : bool
        Whether this is every firm of the wave.
    """

    by: str
    group: str
    member: NDArray[np.bool_]
    perhaps: NDArray[np.bool_]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Setting:
    """What a table is made in: wave, compiled design, domains and confidence level."""

    wave: Wave
    arrays: DesignArrays
    domains: tuple[Domain, ...]
    level: float

    def members(self) -> NDArray[np.bool_]:
        """Shape (rows, domains): firms with a weight in each domain."""
        live = self.arrays.weight != 0
        return np.column_stack([d.member & live for d in self.domains])


def settle(
    wave: Wave, design: Design, *, by: Sequence[str] | str = (), where: str = "", level: float = 0.95
) -> Setting:
    """Compile the design and the domains once for a whole table.

    Domains: all firms (of `where`) first, then each group of each break question, in codebook order.

    Raises
    ------
    QuestionFault
        Unknown question or expression; a break that is no question of codes; a level outside (0, 1).
    DesignFault
        See `compile_design`.
    """
    if not 0 < level < 1:
        raise QuestionFault("level", f"{level:g}", "a number between 0 and 1", "0.95 is usual")
    arrays = arrays_of(wave, design)
    everybody = np.ones(len(wave), dtype=bool)
    inside, perhaps = everybody, everybody
    if where:
        inside = np.asarray(select(wave, where, where="where"), dtype=bool)
        perhaps = ~np.asarray(select(wave, f"not ({where})", where="where"), dtype=bool)
    domains = [Domain("", "", inside, perhaps, not where)]
    for name in (by,) if isinstance(by, str) else by:
        one = break_of(wave, name)
        domains += [
            Domain(one.by, group, inside & one.member[:, j], perhaps & one.perhaps[:, j], False)
            for j, group in enumerate(one.groups)
        ]
    return Setting(wave, arrays, tuple(domains), level)


def concerned(
    base: Base, setting: Setting
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Firms a base rule concerns in each domain, those that returned nothing included.

    Returns
    -------
    tuple of arrays, each of shape (domains,)
        Fewest and most firms concerned (nan where the population is unknown), and the returned
        questionnaires surely concerned.
    """
    member = np.column_stack([d.member for d in setting.domains])
    perhaps = np.column_stack([d.perhaps for d in setting.domains])
    whole = np.array([d.is_whole for d in setting.domains])
    unreturned = setting.arrays.population - len(setting.arrays)
    drawn = (member & base.surely[:, None]).sum(axis=0).astype(float)
    fewest = drawn + np.where(whole & base.reaches_all, unreturned, 0.0 * unreturned)
    most = (perhaps & base.perhaps[:, None]).sum(axis=0) + unreturned
    return fewest, most, drawn
