"""One question's answers as arrays: what the floors above compute with."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Answers"]


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers of n firms to one question.

    Attributes
    ----------
    question : str
        Question id.
    kind : str
        Kind of the question.
    options : tuple[str, ...]
        Codes of all choices, chosen or not; empty for numbers.
    ticks : NDArray[np.bool_]
        Shape (n, options): which choices were given. Shape (n, 0) for numbers.
    values : NDArray[np.float64]
        Shape (n,): number given, 0/1 for `binary`, code for `single` where all codes are
        numeric; nan elsewhere and where not answered.
    state : NDArray[np.int8]
        Shape (n,): `survey.State` of each firm.
    asked : NDArray[np.int8]
        Shape (n,): routing, 1 asked, 0 not asked, -1 unknown (the gate itself is blank).
    nets : dict[str, NDArray[np.bool_]]
        Net name to ticks, shape (n,).
    """

    question: str
    kind: str
    options: tuple[str, ...]
    ticks: NDArray[np.bool_]
    values: NDArray[np.float64]
    state: NDArray[np.int8]
    asked: NDArray[np.int8]
    nets: dict[str, NDArray[np.bool_]]
