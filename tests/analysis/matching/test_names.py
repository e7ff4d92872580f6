"""Names in any script come to forms that meet; identifiers hold their check digits."""

import numpy as np
import pandas as pd
import pytest

from analysis.matching.alignment import lay_side_by_side
from analysis.matching.blocking import candidate_pairs
from analysis.matching.forms import normal_forms
from analysis.matching.identifiers import is_valid, tidy_identifiers
from analysis.matching.rarity import word_weights
from analysis.matching.scripts import read_in_latin
from analysis.matching.sounds import sound_keys


def texts(name: str) -> set[str]:
    return set(normal_forms(pd.Series([name])).frame["text"])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("華為技術有限公司", "huawei technology"),
        ("华为技术有限公司", "huawei technology"),
        ("東京エレクトロン株式会社", "tokyo electronics"),
        ("삼성전자 주식회사", "samsung electronics"),
        ("ОАО Сбербанк", "sberbank"),
        ("Société Générale S.A.", "societe generale"),
        ("EVENTOS LA MORA, S.A. DE C.V.", "evento mora"),
        ("Toyota Motor Corp.", "toyota motor"),
        ("ＡＢＣ Intl. Mfg.　Co., Ltd.", "abc international manufacturing"),
    ],
)
def test_a_name_is_read_in_its_script_without_its_legal_form(name: str, text: str) -> None:
    assert text in texts(name)


def test_kanji_are_read_as_japanese_and_as_chinese() -> None:
    assert {"mitsubishi heavy industry", "sanling heavy industry"} <= {
        text.removesuffix(" ye") for text in texts("三菱重工業")
    }
    assert len(read_in_latin(pd.Series(["日本電気", "NEC"]))) == 4


def test_legal_forms_stay_where_nothing_else_is_left() -> None:
    assert texts("AG & Co. KG") == {"and"} or texts("SA") == {"sa"}
    assert texts("SA") == {"sa"}


def test_names_without_letters_match_nothing() -> None:
    forms = normal_forms(pd.Series(["", None, "---", "SMC"]))
    assert forms.frame["text"].tolist() == ["", "", "", "smc"]
    rows, columns = candidate_pairs(forms, forms)
    assert rows.tolist() == [3] and columns.tolist() == [3]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("electron", "erekutoron"),
        ("huawei", "fawei"),
        ("semiconductor", "semikondakuta"),
        ("victor", "bikuta"),
    ],
)
def test_words_that_sound_alike_in_kana_share_a_key(one: str, other: str) -> None:
    keys = sound_keys(pd.Series([one, other]))
    assert keys[0] == keys[1]


def test_words_that_sound_different_do_not() -> None:
    assert sound_keys(pd.Series(["tokyo", "osaka", "kobe", "toyota"])).is_unique


def test_side_by_side_says_what_is_shared_and_what_is_left() -> None:
    asked = normal_forms(pd.Series(["Tokyo Electron Ltd", "Tokyo Electric Power", "Electron Tokio"]))
    listed = normal_forms(pd.Series(["Tokyo Electron Limited"]))
    told = lay_side_by_side(asked, listed, np.arange(3), np.zeros(3, dtype=int))
    assert told["is_same"].tolist() == [True, False, False]
    assert told["asked_lost"].tolist()[0] == 0 and told["asked_lost"].tolist()[1] > 0.3
    assert told["asked_alone"].tolist()[1] == "power"
    assert told["asked_lost"].tolist()[2] == 0 and 0 < told["asked_slack"].tolist()[2] < 0.5


def test_rare_words_weigh_more_and_a_short_list_makes_no_word_rare() -> None:
    weights = word_weights(
        pd.Series(["technology", "huawei"]), 2, pd.Series(["technology", "huawei", "zzyzx"])
    )
    assert weights[0] < 4 < weights[1] < weights[2]


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("lei", "529900T8BM49AURSDO55", "529900T8BM49AURSDO56"),
        ("lei", "HWUPKR0MPOU8FGXBT394", "HWUPKR0MPOU8FGXBT349"),
        ("corporate_number", "1180301018771", "2180301018771"),
        ("uscc", "914403001922038216", "914403001922038217"),
        ("duns", "690566997", "69056699"),
    ],
)
def test_identifiers_carry_check_digits(kind: str, good: str, bad: str) -> None:
    """LEIs of Deutsche-Boerse's and Apple's registration, Toyota's and Huawei's public numbers."""
    given = tidy_identifiers(pd.Series([good, bad, "", None, f" {good[:4]}-{good[4:]} "]))
    assert is_valid(given, kind).tolist() == [True, False, True, True, True]
