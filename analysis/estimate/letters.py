"""Letters of a banner: which columns of its span each cell exceeds."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["column_letters", "letters_of"]


def column_letters(span: Sequence[int] | NDArray[np.intp]) -> tuple[str, ...]:
    """Letter of each column, A to Z, then AA, within its span; "" for columns of no span (-1)."""
    seen: dict[int, int] = {}
    letters = []
    for at in (int(s) for s in span):
        letters.append("" if at < 0 else _letter(seen.get(at, 0)))
        seen[at] = seen.get(at, 0) + 1
    return tuple(letters)


def letters_of(
    is_higher: NDArray[np.bool_],
    pairs: NDArray[np.intp],
    is_different: NDArray[np.bool_],
    letters: Sequence[str],
) -> NDArray[np.object_]:
    """Letters in the cell with the larger number: those of the columns it exceeds, in order.

    Parameters
    ----------
    is_higher, is_different : NDArray[np.bool_]
        Shape (rows, pairs): whether the first column of a pair is higher; whether the two differ.
    pairs : NDArray[np.intp]
        Shape (pairs, 2).
    letters : sequence of str
        One for each column.

    Returns
    -------
    NDArray[np.object_]
        Shape (rows, columns): letters with a space between.
    """
    found = np.full((len(is_higher), len(letters)), "", dtype=object)
    order = np.lexsort((pairs[:, 0], pairs[:, 1]))
    for at in range(len(letters)):
        # pairs whose lower cell is column `at`: its letter goes to the other column
        for place in order[(pairs[order] == at).any(axis=1)]:
            first, second = pairs[place]
            winner = second if first == at else first
            wins = is_different[:, place] & (is_higher[:, place] == (winner == first))
            cell = found[:, winner]
            found[wins, winner] = np.where(cell[wins] == "", letters[at], cell[wins] + (" " + letters[at]))
    return found


def _letter(place: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    word = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        word = chr(ord("A") + rest) + word
    return word
