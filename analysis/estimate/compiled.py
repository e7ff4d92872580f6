"""The compiled design of a wave, remembered while the columns it was made from stay the same."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.estimate.design_arrays import DesignArrays, compile_design
from survey import Design, QuestionFault, Wave, Weighted, design_frame, replicate_columns

__all__ = ["arrays_of"]


@dataclass(frozen=True, slots=True)
class _Made:
    """What a compiled design was made from. Holding the columns makes pandas copy before it writes."""

    design: Design
    weighted: Weighted | None
    columns: tuple[tuple[str, pd.Series], ...]
    rows: int
    arrays: DesignArrays

    def fits(self, wave: Wave, design: Design) -> bool:
        """Whether the same design would be compiled from the same memory."""
        return (
            self.rows == len(wave)
            and self.weighted is wave.weighted
            and self.design == design
            and all(name in wave.frame and _place(wave.frame[name]) == _place(c) for name, c in self.columns)
        )


_last: list[_Made] = []


def arrays_of(wave: Wave, design: Design) -> DesignArrays:
    """Compile the design of a wave of n firms; the last one is kept, so that many tables share it.

    Raises
    ------
    DesignFault
        As `survey.design_frame` and `compile_design`.
    QuestionFault
        A wave without a row: an instrument.
    """
    if not len(wave):
        raise QuestionFault(
            f"wave {wave.name!r}",
            "questions and no answers: an instrument",
            "answers to count",
            "give the file of answers: crosspressure init ANSWERS DIR --instrument FILE",
        )
    for made in _last[:1]:
        if made.fits(wave, design):
            return made.arrays
    _last.clear()
    arrays = compile_design(design_frame(wave, design, ids=False), design, wave.frame, wave.weighted)
    names = dict.fromkeys(
        [design.weight, *design.strata, *design.clusters]
        + [name for name in design.population if isinstance(name, str)]
        + ([] if wave.weighted is not None else list(replicate_columns(wave, design)))
    )
    columns = tuple((name, wave.frame[name]) for name in names if name)
    if all(_place(column) for _, column in columns):
        _last.append(_Made(design, wave.weighted, columns, len(wave), arrays))
    return arrays


def _place(column: "pd.Series | pd.DataFrame") -> int:
    """Where the numbers of a column lie in memory; 0 for columns that are not plain numbers."""
    if (
        not isinstance(column, pd.Series)
        or not isinstance(column.dtype, np.dtype)
        or column.dtype.kind not in "iuf"
    ):
        return 0
    return int(column.to_numpy().__array_interface__["data"][0])
