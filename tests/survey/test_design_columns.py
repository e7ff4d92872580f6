"""Design columns: codes, weights and populations, and the faults at the door."""

import numpy as np
import pandas as pd
import pytest

from survey import Design, DesignFault, design_frame, replicate_columns
from tests.survey.small_waves import wave_of


def frame_of(design: Design, **columns: object) -> pd.DataFrame:
    return design_frame(wave_of(columns), design)


def test_without_a_design_every_firm_counts_once():
    frame = frame_of(Design(), q=[1, 2, 3])
    assert frame["id"].tolist() == ["1", "2", "3"]
    assert frame["weight"].tolist() == [1, 1, 1]
    assert frame["stratum_1"].tolist() == [0, 0, 0]
    assert frame["unit_1"].tolist() == [0, 1, 2]
    assert frame["population_1"].isna().all()


def test_population_gives_the_weights_where_there_are_none():
    design = Design(strata=("s",), population=("N",), id="firm")
    frame = frame_of(design, s=["a", "a", "b"], N=[10, 10, 7], firm=["x", "y", "z"])
    assert frame["weight"].tolist() == [5, 5, 7]
    assert frame["id"].tolist() == ["x", "y", "z"]
    assert frame["stratum_1"].tolist() == [0, 0, 1]
    assert frame_of(Design(population=(6.0,)), q=[1, 2, 3])["weight"].tolist() == [2, 2, 2]


def test_two_stages_nest_and_multiply():
    """As R: svydesign(~d + s, fpc = ~N1 + N2): weights are the product of N/n over the stages."""
    design = Design(clusters=("d", "s"), population=("N1", "N2"))
    frame = frame_of(design, d=[1, 1, 2, 2], s=[1, 2, 1, 1], N1=[8] * 4, N2=[6, 6, 3, 3])
    assert frame["unit_1"].tolist() == [0, 0, 1, 1]
    assert frame["stratum_2"].tolist() == [0, 0, 1, 1]
    assert frame["unit_2"].tolist() == [0, 1, 2, 2], "school 1 of district 2 is another one"
    assert frame["weight"].tolist() == [8 / 2 * 6 / 2, 12, 8 / 2 * 3, 12]


def test_firms_may_be_the_last_stage():
    frame = frame_of(
        Design(clusters=("d",), population=("N1", "N2")), d=[1, 1, 2], N1=[4] * 3, N2=[10, 10, 5]
    )
    assert frame["unit_2"].tolist() == [0, 1, 2]
    assert frame["weight"].tolist() == [10, 10, 10]


def test_ids_are_nested_unless_unnested():
    columns = {"s": [1, 1, 2, 2], "c": [1, 2, 1, 2]}
    assert frame_of(Design(strata=("s",), clusters=("c",)), **columns)["unit_1"].tolist() == [0, 1, 2, 3]
    with pytest.raises(DesignFault, match="2 ids stand in more than one stratum"):
        frame_of(Design(strata=("s",), clusters=("c",), unnested=True), **columns)


def test_replicates_come_in_the_order_of_the_file():
    columns = {f"r{i}": [float(i), 1.0] for i in (1, 2, 10, 3)}
    design = Design(replicates=("r*",), method="brr")
    assert replicate_columns(wave_of(columns), design) == ("r1", "r2", "r10", "r3")
    frame = frame_of(design, **columns)
    assert frame.loc[0, ["replicate_1", "replicate_2", "replicate_3", "replicate_4"]].tolist() == [
        1,
        2,
        10,
        3,
    ]


@pytest.mark.parametrize(
    ("design", "columns", "said"),
    [
        (Design(weight="wieght"), {"weight": [1, 2]}, "did you mean weight?"),
        (Design(weight="w"), {"w": [1, np.nan, 2]}, "1 of 3 weights missing or not a number: row 2"),
        (Design(weight="w"), {"w": [1, -2, -3]}, "2 of 3 weights negative: rows 2, 3"),
        (Design(weight="w", id="i"), {"w": [1, -2], "i": ["a", "b"]}, "row 2 (b)"),
        (Design(weight="w"), {"w": [0, 0]}, "all weights are zero"),
        (Design(weight="w"), {"w": [1, np.inf]}, "not finite"),
        (Design(strata=("s",)), {"s": [1, np.nan]}, "1 firms without a value: row 2"),
        (Design(strata=("z",)), {"s": [1, 2]}, "no column 'z'"),
        (Design(id="i"), {"i": ["a", None]}, "without an id"),
        (Design(population=(2.0,)), {"q": [1, 2, 3]}, "a population of 2 with 3 sampled"),
        (Design(population=("f",)), {"f": [0.5, 0.5]}, "a count, not a fraction"),
        (Design(population=("N",)), {"N": [5, 6]}, "more than one population"),
        (Design(population=("N",)), {"N": [5, np.nan]}, "without a positive number"),
        (Design(strata=("s", "t", "u"), clusters=("c",)), {"s": [1]}, "one column for each stage"),
        (Design(replicates=("rep*",), method="brr"), {"REP1": [1, 1]}, "did you mean REP1?"),
        (Design(replicates=("r*",), method="jkn", rscales=(1.0,)), {"r1": [1], "r2": [1]}, "1 scales for 2"),
        (Design(replicates=("r*",), method="brr"), {"r1": [1, -1]}, "negative"),
    ],
)
def test_a_design_that_cannot_carry_an_estimate_is_a_fault(design, columns, said):
    with pytest.raises(DesignFault) as fault:
        frame_of(design, **columns)
    assert said in str(fault.value)
