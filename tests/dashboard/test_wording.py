"""Sentences and number formats: equal in both languages, and never more exact than the print rules allow."""

import re
from pathlib import Path

import pytest

from dashboard import wording
from dashboard.wording import (
    LANGUAGES,
    as_amount,
    as_claim,
    as_date,
    as_index,
    as_interval,
    as_share,
    as_whole,
    catalogue,
    dated,
    placeholders,
    say,
)

PRODUCT = Path(wording.__file__).parent


def test_catalogues_have_the_same_keys_and_placeholders() -> None:
    english, japanese = (catalogue(lang) for lang in LANGUAGES)
    assert set(english) == set(japanese)
    differing = {key for key in english if placeholders(english[key]) ^ placeholders(japanese[key])}
    allowed = {"interval.census"}
    assert differing - allowed == set()
    assert all(text.strip() for lang in LANGUAGES for text in catalogue(lang).values())


def test_every_key_the_code_names_exists() -> None:
    named = set()
    for path in PRODUCT.rglob("*.py"):
        if "command" not in path.parts:
            named |= set(re.findall(r'say\(\s*[\w.]+,\s*"([\w.]+)"', path.read_text(encoding="utf-8")))
    assert len(named) > 60
    assert named - set(catalogue("en")) == set()


def test_no_sentence_lies_unused() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in PRODUCT.rglob("*.py"))
    made = tuple(re.findall(r"""f["']([a-z_]+\.\w*)\{""", code))
    looked_up = {"audit_reason", "status", "channel", "term", "side", "outcome", "method", "flag", "grid"}
    looked_up |= {
        "aggregation",
        "confidence",
        "gate",
        "jurisdiction",
        "pair_kind",
        "rule_field",
        "rule_state",
    }
    looked_up |= {"rule_extraterritorial", "rule_mechanism", "product", "evidence"}
    assert len(made) > 5
    unused = [
        key
        for key in catalogue("en")
        if f'"{key}"' not in code
        and f"'{key}'" not in code
        and not key.startswith(made)
        and key.split(".")[0] not in looked_up
    ]
    assert unused == []


def test_japanese_uses_the_terms_of_the_glossary() -> None:
    text = "\n".join(catalogue("ja").values())
    for term in (
        "信頼区間",
        "有効回答（n）",
        "非表示（秘匿のため）",
        "合成データ（架空の回答）",
        "参考値（回答数が少ない）",
        "順位の幅",
        "集計対象",
    ):
        assert term in text
    assert not re.search(r"[0-9}]\s*(個|名)", text)
    assert catalogue("en")["state.suppressed"] == "not shown: confidentiality"


@pytest.mark.parametrize(
    ("n", "english", "japanese"),
    [
        (9, "fewer than 10 answers: not printed", "回答10社未満のため掲載しない"),
        (24, "3 of 24", "24社中3社"),
        (96, "13%", "13％"),
        (400, "12.5%", "12.5％"),
    ],
)
def test_print_rules(n: int, english: str, japanese: str) -> None:
    assert as_share("en", 0.125, n) == english
    assert as_share("ja", 0.125, n) == japanese


def test_claim_says_count_n_and_percent() -> None:
    claim = as_claim("en", "had_to_choose", "Q", "Yes", 12 / 96, 96)
    assert claim.startswith("12 of 96 firms (13%) say they have had to choose")
    assert as_claim("ja", "had_to_choose", "Q", "はい", 12 / 96, 96).startswith("96社中12社（13％）が")
    small = as_claim("en", "had_to_choose", "Q", "Yes", 3 / 24, 24)
    assert "%" not in small and "3 of 24" in small
    other = as_claim("en", "anything", "Colour", "Red", 0.5, 60, is_weighted=True)
    assert other == "50% of 60 firms answered “Red” to “Colour”."
    assert "not printed" in as_claim("en", "anything", "Colour", "Red", 0.5, 6)


@pytest.mark.parametrize(
    ("method", "n", "english"),
    [
        ("korn-graubard", 96, "95% interval 6% to 19%"),
        ("hypergeometric", 96, "95% interval 6% to 19%, if silence were random"),
        ("bounds", 96, "range 6% to 19% over what silent firms could have said"),
        ("census", 96, "all firms counted"),
        ("korn-graubard", 24, "95% interval 2 to 5 firms"),
        ("korn-graubard", 8, "fewer than 10 answers: not printed"),
        ("draws", None, "95% interval 0.06 to 0.19"),
    ],
)
def test_interval_names_its_kind(method: str, n: int | None, english: str) -> None:
    assert as_interval("en", 0.0646, 0.1909, 0.95, method, n=n) == english


def test_interval_without_width_does_not_pretend() -> None:
    assert (
        as_interval("en", 0.0401, 0.0402, 0.9, "draws", digits=3)
        == "90% interval narrower than the last digit"
    )


def test_interval_that_does_not_exist_says_so() -> None:
    assert as_interval("en", float("nan"), 0.2, 0.9, "draws") == "no interval"


def test_small_formats() -> None:
    assert as_index(-0.0001) == "0.00"
    assert as_index(-0.021, 3) == "−0.021"
    assert as_whole(1234567.0) == "1,234,567" and as_whole(999) == "999"
    assert say("en", "unit.firms", n=1) == "1 firm"
    assert say("en", "unit.firms", n=1000) == "1,000 firms" and say("ja", "unit.firms", n=2995) == "2,995社"
    assert as_index(0.0582, 3) == "0.058"
    assert as_date("en", "2026-01-15") == "15 January 2026"
    assert as_date("ja", "2026-01-15") == "2026年1月15日"
    assert as_date("en", "not stated") == "not stated"


@pytest.mark.parametrize(
    ("value", "en", "ja"),
    [  # Babel 2.18.0: format_compact_decimal(value, locale="en_GB" and "ja", fraction_digits=1)
        (12345.0, "12.3K", "1.2万"),
        (999949.0, "999.9K", "100万"),
        (1.25e6, "1.2M", "125万"),
        (9.99e7, "99.9M", "9,990万"),
        (123456789.0, "123.5M", "1.2億"),
        (9.5e8, "950M", "9.5億"),
        (9.9999e11, "1T", "9,999.9億"),  # Babel: 1000B
        (2.34e16, "23,400T", "2.3京"),
        (-12345.0, "-12.3K", "-1.2万"),
    ],
)
def test_amounts_are_short_in_the_units_of_the_language(value: float, en: str, ja: str) -> None:
    assert (as_amount("en", value), as_amount("ja", value)) == (en, ja)


def test_months_of_a_year() -> None:
    days = [f"2024-{month:02d}-29" for month in range(1, 13)]
    assert [as_date("en", day).split()[1][:3] for day in days] == (
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    )
    assert as_date("ja", days[10]) == "2024年11月29日"


def test_missing_word_is_an_error_not_a_gap() -> None:
    with pytest.raises(KeyError):
        say("en", "pressure.shown", n=1)


def test_days_in_a_sentence_are_said_as_readers_write_them() -> None:
    assert (
        dated("ja", "リスト：US-EL（2026-01-10取得、5日前）") == "リスト：US-EL（2026年1月10日取得、5日前）"
    )
    assert dated("en", "taken on 2026-01-10.") == "taken on 10 January 2026."
    for kept in ("list_2026-01-10.csv", "2026-01-10.csv", "a/2026-01-10", "2026-13-40", "12026-01-10"):
        assert dated("ja", kept) == kept
