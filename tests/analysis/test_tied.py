"""Mean ranks against scipy's, ties and all."""

import numpy as np
from scipy.stats import rankdata

from analysis.pressure.tied import mean_ranks


def test_ranks_are_those_of_scipy():
    values = np.random.default_rng(3).integers(0, 5, (7, 11)).astype(float)
    np.testing.assert_array_equal(mean_ranks(values[0]), rankdata(values[0]))
    np.testing.assert_array_equal(mean_ranks(values), rankdata(values, axis=1))
    np.testing.assert_array_equal(mean_ranks(values, axis=0), rankdata(values, axis=0))
