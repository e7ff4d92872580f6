"""A compiled design is shared by tables, and never outlives the columns it was made from."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis import mean
from analysis.estimate.compiled import arrays_of
from survey import Creation, Design
from tests.analysis.waves_by_hand import only, question, wave_of


def made():
    frame = pd.DataFrame({"h": [1, 1, 1, 2, 2, 2], "w": [1.0, 2, 3, 4, 5, 6], "y": [1.0, 5, 2, 8, 3, 1]})
    return wave_of(frame, question("y", "number"))


DESIGN = Design(weight="w", strata=("h",))


def test_the_same_wave_and_design_are_compiled_once():
    wave = made()
    assert arrays_of(wave, DESIGN) is arrays_of(wave, replace(DESIGN))
    assert arrays_of(replace(wave, name="other"), DESIGN) is arrays_of(wave, DESIGN)


@pytest.mark.parametrize(
    "change",
    [
        lambda frame: frame.__setitem__("w", [6.0, 5, 4, 3, 2, 1]),
        lambda frame: frame.loc.__setitem__((0, "w"), 60.0),
        lambda frame: frame.iloc.__setitem__((3, 0), 1),
        lambda frame: frame.__setitem__("h", frame["h"] * 0),
    ],
)
def test_a_changed_column_is_seen(change):
    wave = made()
    before = arrays_of(wave, DESIGN)
    weight = before.weight.copy()
    change(wave.frame)
    after = arrays_of(wave, DESIGN)
    assert after is not before
    fresh = arrays_of(wave_of(wave.frame.copy(), question("y", "number")), DESIGN)
    np.testing.assert_array_equal(after.weight, fresh.weight)
    np.testing.assert_array_equal(after.stages[0].stratum, fresh.stages[0].stratum)
    np.testing.assert_array_equal(before.weight, weight)


def test_other_designs_rows_and_texts_are_compiled_anew():
    wave = made()
    first = arrays_of(wave, DESIGN)
    assert arrays_of(wave, Design(weight="w")) is not first
    assert len(arrays_of(replace(wave, frame=wave.frame.iloc[:5]), DESIGN)) == 5
    texts = replace(wave, frame=wave.frame.assign(h=list("aabbaa")))
    assert arrays_of(texts, DESIGN) is not arrays_of(texts, DESIGN)


def test_seeds_make_other_replicates():
    wave = made()
    one, two = (replace(DESIGN, create=Creation("rao-wu", 50, seed)) for seed in (1, 2))
    ses = [only(mean(wave, design, "y"), by="").se for design in (one, two, one)]
    assert ses[0] == ses[2] != ses[1]
