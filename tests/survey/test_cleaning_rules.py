"""Each rule of [[clean]] changes what it says, writes it down, and changes nothing else."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey import (
    STEP_RULES,
    Choice,
    CleanStep,
    Fault,
    MissingCode,
    Question,
    State,
    StudyFault,
    answers_to,
    clean_source,
    clean_wave,
    latest_wave,
    load_study,
)
from tests.survey.small_waves import STUDY, dichotomies, single, study_folder, wave_of

NUMBER = Question("n", "number", ("n",), missing=(MissingCode(-9.0, -9.0, "refused"),))


def done(wave, rule, where="", id="", who="", **own):
    """The cleaned wave and what the Ledger says: (rule, column, rows, before, after)."""
    own = own | ({"id": id} if rule in ("drop", "correct", "merge_duplicates") else {})
    step = CleanStep(rule, "because", who, where, (), "here", own)
    cleaned, ledger = clean_wave(wave, (step,), id=id)
    assert all(c.reason == "because" and c.rule == rule and c.who == who for c in ledger.changes)
    return cleaned, [
        (c.column, c.rows.tolist(), [None if pd.isna(v) else v for v in c.before],
         [None if pd.isna(v) else v for v in c.after]) for c in ledger.changes
    ]  # fmt: skip


def test_recode_of_numbers_texts_and_blanks():
    wave = wave_of({"q": [1.0, 9.0, np.nan], "t": ["a", "b", "a"]}, single("q", "1", "2"))
    cleaned, made = done(wave, "recode", question="q", codes={"9": "2", "": "1"})
    assert cleaned.frame["q"].tolist() == [1, 2, 1] and cleaned.frame["q"].dtype == float
    assert made == [("q", [1, 2], [9.0, None], [2.0, 1.0])]
    cleaned, made = done(wave, "recode", question="t", codes={"b": "c"}, where="q == 9")
    assert cleaned.frame["t"].tolist() == ["a", "c", "a"] and made == [("t", [1], ["b"], ["c"])]
    assert wave.frame["t"].tolist() == ["a", "b", "a"], "the wave itself is untouched"
    with pytest.raises(StudyFault, match="no code '7'"):
        done(wave, "recode", question="q", codes={"9": "7"})


def test_set_missing_declares_codes_and_puts_them():
    wave = wave_of({"q": [1, 9, 2], "n": [5.0, -9.0, 7.0]}, single("q", "1", "2", "9"), NUMBER)
    cleaned, made = done(wave, "set_missing", question="q", codes=["9"], missing="refused")
    assert answers_to(cleaned, "q").state.tolist() == [State.ANSWERED, State.REFUSED, State.ANSWERED]
    assert answers_to(cleaned, "q").options == ("1", "2"), "it is no answer any more"
    assert made == [("q", [1], [9], [9])]
    cleaned, made = done(wave, "set_missing", where="n > 6", question="n", missing="refused")
    assert cleaned.frame["n"].tolist() == [5, -9, -9] and made == [("n", [2], [7.0], [-9.0])]
    cleaned, made = done(wave, "set_missing", where="q == 1", question="n", missing="no_answer")
    assert made == [("n", [0], [5.0], [None])]
    with pytest.raises(StudyFault, match="no code for withheld"):
        done(wave, "set_missing", where="q == 1", question="n", missing="withheld")
    cleaned, _ = done(wave, "set_missing", where="q == 1", question="n", missing="withheld", code=-7)
    assert answers_to(cleaned, "n").state.tolist() == [State.WITHHELD, State.REFUSED, State.ANSWERED]


def test_merging_keeps_every_answer_in_the_ledger():
    frame = {"id": ["a", "b", "a", "a"], "x": [1.0, 5.0, 2.0, 1.0], "y": [np.nan, 6.0, 3.0, np.nan]}
    wave = wave_of(frame, NUMBER)
    cleaned, made = done(wave, "merge_duplicates", id="id")
    assert cleaned.frame["id"].tolist() == ["a", "b"] and cleaned.frame["y"].tolist() == [3, 6]
    assert cleaned.frame["x"].tolist() == [1, 5] and list(cleaned.frame.index) == [0, 1]
    assert ("x", [2], [2.0], [1.0]) in made and ("y", [0, 3], [None, None], [3.0, 3.0]) in made
    assert made[-1] == ("", [2, 3], ["a", "a"], [None, None])
    assert "1 answers of 1 firms with several rows contradict" in cleaned.findings[0].found
    assert done(wave, "merge_duplicates", id="id", keep="last")[0].frame["x"].tolist() == [5, 1]
    assert done(wave, "merge_duplicates", id="id", keep="fullest")[0].frame["x"].tolist() == [5, 2]
    blank = wave_of({"id": ["", "", None, None], "n": [1.0, 2.0, 3.0, 4.0]}, NUMBER)
    assert done(blank, "merge_duplicates", id="id")[1] == [], "firms without an id are not one firm"
    with pytest.raises(StudyFault, match="no column of ids"):
        done(wave, "merge_duplicates")


def test_countries_in_any_spelling():
    wave = wave_of({"c": ["Viet Nam", "日本", "US", "Nowhereland", None]}, Question("c", "single", ("c",)))
    cleaned, made = done(wave, "harmonise_country", question="c")
    assert cleaned.frame["c"].tolist()[:4] == ["VN", "JP", "US", "Nowhereland"]
    assert made == [("c", [0, 1], ["Viet Nam", "日本"], ["VN", "JP"])]
    assert "'Nowhereland'" in cleaned.findings[0].found
    labels = {c.code: c.label for c in cleaned.codebook.question("c").choices}
    assert labels["VN"]["en"] == "Vietnam" and labels["JP"]["ja"] == "日本"


def test_sectors_by_label_and_by_table(tmp_path):
    choices = (Choice("1", {"en": "Electronics", "ja": "電機"}), Choice("2", {"en": "Trading"}))
    wave = wave_of(
        {"s": ["electronics", "電機", "2", "Sogo shosha"]}, Question("s", "single", ("s",), choices=choices)
    )
    assert done(wave, "harmonise_sector", question="s")[0].frame["s"].tolist() == [
        "1",
        "1",
        "2",
        "Sogo shosha",
    ]
    (tmp_path / "t.csv").write_text("spelling,code\nsogo-shosha,2\n", encoding="utf-8")
    cleaned, _ = done(wave, "harmonise_sector", question="s", table=tmp_path / "t.csv")
    assert cleaned.frame["s"].tolist() == ["1", "1", "2", "2"] and cleaned.findings == ()


def test_amounts_in_one_currency(tmp_path):
    (tmp_path / "r.csv").write_text("currency,rate,date,source\nUSD,150,2025-12-31,bank\n", encoding="utf-8")
    frame = {"n": [10.0, 20.0, -9.0, np.nan], "cur": ["US$", "円", "", ""]}
    own = {"question": "n", "currency": "cur", "to": "JPY", "rates": tmp_path / "r.csv"}
    cleaned, made = done(wave_of(frame, NUMBER), "harmonise_currency", **own)
    assert cleaned.frame["n"].tolist()[:3] == [1500, 20, -9], "a refusal is no amount"
    assert cleaned.frame["cur"].tolist() == ["JPY", "JPY", "", ""]
    assert cleaned.codebook.question("n").unit == "JPY"
    assert made == [("n", [0], [10.0], [1500.0]), ("cur", [0, 1], ["US$", "円"], ["JPY", "JPY"])]
    for other, said in (("EUR", "1 amounts of n in EUR"), ("$", r"in \$"), ("", "blank")):
        with pytest.raises(StudyFault, match=said):
            done(wave_of(frame | {"cur": [other, "円", "", ""]}, NUMBER), "harmonise_currency", **own)


def test_winsorising_puts_numbers_on_values_that_were_given():
    numbers = [*range(1, 101), -9]
    cleaned, made = done(wave_of({"n": numbers}, NUMBER), "winsorise", question="n", low=0.02, high=0.98)
    assert cleaned.frame["n"].tolist() == [2, *range(2, 99), 98, 98, -9], "the refusal stays"
    assert cleaned.frame["n"].dtype == np.int64
    assert made == [("n", [0, 98, 99], [1, 99, 100], [2, 98, 98])]
    cleaned, made = done(wave_of({"n": numbers}, NUMBER), "winsorise", question="n", max=50, where="n > 98")
    assert made == [("n", [98, 99], [99, 100], [50, 50])]
    with pytest.raises(StudyFault, match="low below high"):
        done(wave_of({"n": numbers}, NUMBER), "winsorise", question="n", min=5, max=2)


def test_rows_are_dropped_with_their_ids_and_later_rules_name_rows_of_the_file():
    wave = wave_of({"id": ["a", "b", "c"], "n": [1.0, 2.0, 3.0]}, NUMBER)
    steps = (
        CleanStep("drop", "test entry", own={"firms": ["a"], "id": "id"}),
        CleanStep("winsorise", "cap", own={"question": "n", "max": 2}),
    )
    cleaned, ledger = clean_wave(wave, steps, id="id")
    assert cleaned.frame["id"].tolist() == ["b", "c"] and cleaned.frame["n"].tolist() == [2, 2]
    assert [(c.rows.tolist(), c.before.tolist()) for c in ledger.changes] == [([0], ["a"]), ([2], [3.0])]
    with pytest.raises(StudyFault, match="every row"):
        done(wave, "drop", where="n > 0")
    with pytest.raises(StudyFault, match="no firm 'z'"):
        done(wave, "drop", firms=["z"], id="id")


def test_corrections_say_who_and_stop_where_the_cell_holds_something_else(tmp_path):
    wave = wave_of({"id": ["a", "b"], "n": [1.0, 2000.0]}, NUMBER, dichotomies("m", "x", "y"))
    own = {"firm": "b", "question": "n", "before": "2000", "value": 20}
    cleaned, made = done(wave, "correct", id="id", who="K. Sato", **own)
    assert cleaned.frame["n"].tolist() == [1, 20] and made == [("n", [1], [2000.0], [20.0])]
    with pytest.raises(StudyFault, match=r"firm 'b' holds '2000'"):
        done(wave, "correct", id="id", who="K. Sato", **own | {"before": "30"})
    with pytest.raises(StudyFault, match="2 columns: m_x, m_y"):
        done(wave, "correct", id="id", who="K. Sato", **own | {"question": "m"})
    (tmp_path / "c.csv").write_text(
        "firm,question,before,value,who,reason\nb,n,2000,20,L. Mori,typed in yen\na,n,1,,,\n",
        encoding="utf-8",
    )
    step = CleanStep("correct", "asked the firm", "K. Sato", own={"table": tmp_path / "c.csv", "id": "id"})
    cleaned, ledger = clean_wave(wave, (step,))
    assert cleaned.frame["n"].isna().tolist() == [True, False]
    assert [(c.who, c.reason) for c in ledger.changes] == [
        ("L. Mori", "typed in yen"),
        ("K. Sato", "asked the firm"),
    ]


def test_a_rule_that_changes_nothing_is_told():
    cleaned, made = done(wave_of({"n": [1.0]}, NUMBER), "winsorise", question="n", max=5)
    assert made == [] and cleaned.findings[0].found == "the rule changed nothing"


RULE = '\n[[clean]]\nrule = "winsorise"\nreason = "typing"\nquestion = "sales"\nmax = 20\n'


def test_every_command_sees_the_rules_of_the_study(tmp_path):
    study = load_study(study_folder(tmp_path, STUDY + RULE))
    assert latest_wave(study).frame["sales"].max() == 20
    _, ledger = clean_source(study)
    assert ledger.counts().loc[0, ["rule", "cells", "reason"]].tolist() == ["winsorise", 1, "typing"]
    assert list(ledger.ids) == ["a", "b", "c", "d"] and ledger.rows == 4
    other = load_study(study_folder(tmp_path, STUDY + RULE + 'waves = ["2021"]\n'))
    assert latest_wave(other).frame["sales"].max() == 20


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (RULE.replace("winsorise", "winsorize"), "did you mean winsorise"),
        (RULE + 'maxx = 1\n', "unknown key 'maxx'"),
        (RULE.replace('reason = "typing"\n', ""), "without reason"),
        (RULE.replace("max = 20", 'max = "20"'), "a number"),
        (RULE.replace("max = 20", "high = 20"), "from 0 to 1"),
        (RULE + 'waves = "1999"\n', "no wave '1999'"),
        (RULE.replace('"sales"', '"salse"'), "did you mean sales"),
        ('\n[[clean]]\nrule = "correct"\nreason = "x"\nfirm = "a"\n', "without who"),
        ('\n[[clean]]\nrule = "set_missing"\nreason = "x"\nquestion = "sales"\nmissing = "lost"\n', "'lost'"),
        ('\n[[clean]]\nrule = "correct"\nreason = "x"\nwho = "y"\ntable = "no.csv"\n', "no file 'no.csv'"),
    ],
)  # fmt: skip
def test_rules_at_fault_name_their_line(tmp_path, text, said):
    with pytest.raises(Fault) as caught:
        latest_wave(load_study(study_folder(tmp_path, STUDY + text)))
    assert said in str(caught.value)
    assert "study.toml, line" in caught.value.where


def test_every_rule_and_key_is_documented():
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "cleaning.md").read_text(encoding="utf-8")
    words = {*STEP_RULES, *(key for needed, may in STEP_RULES.values() for key in (*needed, *may))}
    words |= {"rule", "reason", "who", "where", "waves"}
    assert [word for word in sorted(words) if f"`{word}`" not in page] == []
