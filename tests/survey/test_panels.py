"""Firms over waves by id, with renames and mergers from a file that is only ever appended to."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey import (
    Codebook,
    DesignFault,
    FileFault,
    Origin,
    Question,
    StudyFault,
    Wave,
    follow_firms,
    load_study,
    panel,
    read_decisions,
)

HEAD = "from,to,kind,date,who,why\n"
TWO = """schema = 1
id = "two"
[[waves]]
name = "2021"
file = "a.csv"
[[waves]]
name = "2022"
file = "b.csv"
[design]
id = "firm"
[panel]
decisions = "firms.csv"
"""


def wave(name: str, ids, role: str = "question") -> Wave:
    frame = pd.DataFrame({"firm": list(ids)})
    return Wave(
        name,
        frame,
        Codebook((Question("firm", "text", ("firm",), role=role),)),
        Origin(name, "", "csv", "", 0),
    )


def decided(folder, *lines: str):
    path = folder / "firms.csv"
    path.write_text(HEAD + "".join(line + "\n" for line in lines), encoding="utf-8")
    return read_decisions(path)


def test_firms_are_followed_by_id_and_overlaps_counted():
    found = follow_firms([wave("2021", "abcd"), wave("2022", "bdx"), wave("2023", "xa")], id="firm")
    assert found.firms["firm"].tolist() == ["a", "b", "c", "d", "x"]
    assert found.firms["waves"].tolist() == [2, 2, 1, 2, 2]
    assert found.rows.tolist() == [[0, -1, 1], [1, 0, -1], [2, -1, -1], [3, 1, -1], [-1, 2, 0]]
    both = found.overlap.set_index(["earlier", "later"])["both"]
    assert both.to_dict() == {("2021", "2022"): 2, ("2021", "2023"): 1, ("2022", "2023"): 1}
    first = found.overlap.iloc[0]
    assert (first["firms_earlier"], first["firms_later"], first["only_earlier"], first["only_later"]) == (
        4,
        3,
        2,
        1,
    )
    earlier, later = found.pairs("2021", "2022")
    assert (earlier.tolist(), later.tolist()) == ([1, 3], [0, 1])
    with pytest.raises(StudyFault, match="no such wave"):
        found.pairs("2021", "2032")


def test_numbers_and_texts_are_the_same_id_and_leading_zeros_are_not_lost():
    found = follow_firms([wave("2021", [7.0, 12.0]), wave("2022", ["12", "007"])], id="firm")
    assert found.firms["firm"].tolist() == ["7", "12", "007"]
    assert found.overlap["both"].tolist() == [1]


def test_a_renamed_firm_is_one_firm_over_chains(tmp_path):
    decisions = decided(
        tmp_path,
        "a,b,rename,2021-05-01,Ito,new registry",
        "b,c,rename,2022-05-01,Ito,new name",
    )
    found = follow_firms([wave("1", "az"), wave("2", "bz"), wave("3", "cz")], id="firm", decisions=decisions)
    assert found.firms["firm"].tolist() == ["c", "z"]
    assert found.firms["ids"].tolist() == ["a b c", "z"]
    assert found.rows.tolist() == [[0, 0, 0], [1, 1, 1]]
    assert found.findings == ()


def test_an_absorbed_firm_is_no_pair_with_the_one_that_absorbed_it(tmp_path):
    decisions = decided(
        tmp_path, "a,b,merger,2021-05-01,Ito,merged", "b,c,rename,2021-06-01,Ito,took a new name"
    )
    found = follow_firms([wave("2021", "ab"), wave("2022", "c")], id="firm", decisions=decisions)
    assert found.firms["firm"].tolist() == ["a", "c"]
    assert found.firms["merged_into"].tolist() == ["c", ""]
    assert found.rows.tolist() == [[0, -1], [1, 0]]
    assert found.overlap[["both", "only_earlier", "merged"]].iloc[0].tolist() == [1, 1, 1]


def test_a_withdrawn_decision_holds_no_longer(tmp_path):
    decisions = decided(
        tmp_path,
        "a,b,rename,2021-05-01,Ito,same address",
        "a,b,withdrawn,2021-06-01,Sato,another firm at that address",
        "a,c,rename,2021-06-01,Sato,registry",
    )
    assert decisions.last_id == {"a": "c"} and len(decisions.table) == 3
    assert decisions.table["line"].tolist() == [2, 3, 4]


def test_an_absorbed_firm_that_still_answers_and_ids_nobody_has_are_findings(tmp_path):
    decisions = decided(tmp_path, "a,b,merger,2021-05-01,Ito,merged", "firm-9,b2,rename,2021-06-01,Ito,new")
    found = follow_firms([wave("2021", ["a", "b"]), wave("2022", ["a", "b"])], id="firm", decisions=decisions)
    said = " ".join(f.found for f in found.findings)
    assert "1 firms that were absorbed still answer (firm a)" in said
    assert "1 ids stand in no wave (firm-9)" in said


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["a,b,rename,2021-05-01,I,w", "a,c,rename,2021-05-02,I,w"], "has a rename to 'b' already"),
        (["a,b,rename,2021-05-01,I,w", "a,c,merger,2021-05-02,I,w"], "has a rename to 'b' already"),
        (["a,c,rename,2021-05-01,I,w", "b,c,rename,2021-05-02,I,w"], "both renamed to 'c'"),
        (
            ["a,b,rename,2021-05-01,I,w", "b,c,merger,2021-05-02,I,w", "c,a,rename,2021-05-03,I,w"],
            "leads back",
        ),
        (["a,a,rename,2021-05-01,I,w"], "becomes itself"),
        (["a,b,renamed,2021-05-01,I,w"], "did you mean rename"),
        (["a,b,rename,1 May 2021,I,w"], "a date such as"),
        (["a,b,rename,2021-05-01,I,w", "c,d,rename,2021-04-30,I,w"], "order they were decided"),
        (["a,b,rename,2021-05-01,,w"], "fill in who"),
        (["a,b,rename,2021-05-01,I"], "5 cells"),
        (["a,b,withdrawn,2021-05-01,I,w"], "was not decided above"),
    ],
)
def test_contradictions_are_faults_with_their_line(tmp_path, lines, said):
    with pytest.raises(StudyFault, match=said) as fault:
        decided(tmp_path, *lines)
    assert f"line {len(lines) + 1}" in fault.value.where


def test_other_columns_are_a_fault(tmp_path):
    (tmp_path / "firms.csv").write_text("old,new\na,b\n", encoding="utf-8")
    with pytest.raises(FileFault, match="old,new"):
        read_decisions(tmp_path / "firms.csv")


def test_a_rename_of_firms_that_answer_side_by_side_is_a_fault(tmp_path):
    decisions = decided(tmp_path, "a,b,rename,2021-05-01,I,w")
    with pytest.raises(StudyFault, match="side by side in wave 2021"):
        follow_firms([wave("2021", "ab")], id="firm", decisions=decisions)


def test_ids_that_stand_twice_or_not_at_all_are_faults():
    with pytest.raises(DesignFault, match="id a"):
        follow_firms([wave("2021", "aab")], id="firm")
    with pytest.raises(DesignFault, match="row 2"):
        follow_firms([wave("2021", ["a", None])], id="firm")
    with pytest.raises(DesignFault, match="no column 'other'"):
        follow_firms([wave("2021", "ab")], id="other")
    assert len(follow_firms([wave("2021", "ab", role="id")]).firms) == 2


def test_a_study_names_its_file_of_decisions(tmp_path):
    (tmp_path / "study.toml").write_text(TWO, encoding="utf-8")
    (tmp_path / "a.csv").write_text("firm,x\nold,1\nb,2\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("firm,x\nnew,3\nb,4\n", encoding="utf-8")
    (tmp_path / "firms.csv").write_text(HEAD + "old,new,rename,2022-01-01,Ito,registry\n", encoding="utf-8")
    found = panel(load_study(tmp_path))
    assert found.names() == ("2021", "2022") and found.overlap["both"].tolist() == [2]
    (tmp_path / "study.toml").write_text(TWO.replace("decisions =", "decision ="), encoding="utf-8")
    with pytest.raises(StudyFault, match="did you mean decisions"):
        panel(load_study(tmp_path))
    (tmp_path / "study.toml").write_text(TWO.replace("firms.csv", "firm.csv"), encoding="utf-8")
    with pytest.raises(StudyFault, match=r"did you mean firms\.csv"):
        panel(load_study(tmp_path))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sets(st.integers(0, 30), min_size=1), min_size=1, max_size=4))
def test_overlap_and_rows_agree_with_sets(ids):
    waves = [wave(str(i), sorted(own)) for i, own in enumerate(ids)]
    found = follow_firms(waves, id="firm")
    assert set(found.firms["firm"]) == {str(i) for own in ids for i in own}
    for line in found.overlap.itertuples():
        assert line.both == len(ids[int(line.earlier)] & ids[int(line.later)])
    for at, own in enumerate(waves):
        there = found.rows[:, at] >= 0
        firms = found.firms["firm"].to_numpy()[there]
        assert (own.frame["firm"].astype(str).to_numpy()[found.rows[there, at]] == firms).all()


def test_many_firms_are_followed_without_a_loop_over_them():
    rng = np.random.default_rng(1)
    waves = [wave(str(i), rng.choice(60_000, 30_000, replace=False)) for i in range(2)]
    found = follow_firms(waves, id="firm")
    shared = len(np.intersect1d(waves[0].frame["firm"], waves[1].frame["firm"]))
    assert found.overlap["both"].tolist() == [shared]
