"""Where pairs of a firm and a flow stand among flows laid out, found by whole numbers instead of words."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["FlowKeys"]

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class FlowKeys:
    """f flows by firm and id. A pair may stand there twice, as a flow of a firm to itself does.

    Attributes
    ----------
    firms, flows : pandas.Index
        Words of both, each once.
    known : shape (u,) int
        The pairs as whole numbers, each once, rising.
    first : shape (u,) int
        Place of the first flow of each pair.
    pair : shape (f,) int
        Which of `known` each flow is.
    """

    firms: pd.Index
    flows: pd.Index
    known: Places
    first: Places
    pair: Places

    @classmethod
    def of(cls, firm: Any, flow: Any) -> "FlowKeys":
        """Keys of f flows from their firms and ids, each of shape (f,)."""
        of_firm, firms = pd.factorize(pd.Index(firm))
        of_flow, flows = pd.factorize(pd.Index(flow))
        words = of_firm.astype(np.int64) * max(1, len(flows)) + of_flow
        known, first, pair = np.unique(words, return_index=True, return_inverse=True)
        return cls(pd.Index(firms), pd.Index(flows), known, first, np.ravel(pair))

    def __len__(self) -> int:
        return len(self.pair)

    def find(self, firm: Any, flow: Any) -> Places:
        """Place of the first flow of each of r pairs, -1 where there is none; shape (r,)."""
        a, b = _places(self.firms, firm), _places(self.flows, flow)
        words = a * max(1, len(self.flows)) + b
        at = np.minimum(np.searchsorted(self.known, words), max(0, len(self.known) - 1))
        if not self.known.size:
            return np.full(len(words), -1, dtype=np.int64)
        return np.where((a >= 0) & (b >= 0) & (self.known[at] == words), self.first[at], -1)

    def most(self, found: Places, values: Floats) -> Floats:
        """Largest of the values found at each flow, shape (f,); 0 where none is, blanks left aside."""
        made, here = np.zeros(len(self)), found >= 0
        np.fmax.at(made, found[here], values[here])
        return made[self.first[self.pair]]

    def __getitem__(self, at: Places) -> "FlowKeys":
        """Keys of some of the flows, in the order given."""
        known, first, pair = np.unique(self.known[self.pair[at]], return_index=True, return_inverse=True)
        return FlowKeys(self.firms, self.flows, known, first, np.ravel(pair))


def _places(index: pd.Index, words: Any) -> Places:
    """Place of each word in an index, -1 where it is not there."""
    if isinstance(words.dtype, pd.CategoricalDtype):
        codes = words.cat.codes.to_numpy()
        of_word = np.r_[index.get_indexer(words.cat.categories), -1]
        return np.asarray(of_word[codes], dtype=np.int64)
    return index.get_indexer(pd.Index(words)).astype(np.int64)
