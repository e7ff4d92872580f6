"""The `quote` command: sentences in two languages, a card that fits its frame, and nothing thin or hidden."""

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from dashboard.colours import DARK, LIGHT
from dashboard.command import main
from dashboard.command.printing import find_browser
from dashboard.lines import even_lines, fit_lines, text_width
from dashboard.quote_card import CARD_WIDTH, card_height, draw_card
from dashboard.quote_words import quote_text
from survey import data_folder

DEMO = str(data_folder() / "demo")
SERIES = str(data_folder() / "reference" / "published" / "published_waves.csv")
TEXT = "{http://www.w3.org/2000/svg}text"


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "en",
            (
                "12 of 96 firms (13%)",
                "96 firms that answered",
                "95% interval 12% to 14%",
                "invented",
                "SHA-256",
            ),
        ),
        ("ja", ("96社中12社（13％）", "回答した96社", "95％信頼区間", "架空", "出典")),
    ],
)
def test_the_sentences_say_number_base_interval_caveat_and_source(capsys, lang, words) -> None:
    assert main(["quote", DEMO, "--of", "had_to_choose.1", "--lang", lang]) == 0
    said = capsys.readouterr().out
    assert all(word in said for word in words)
    assert all(line.endswith(("。", ".")) for line in said.splitlines())


@pytest.mark.parametrize(("lang", "value", "bases"), [("en", "47%", "32, 64"), ("ja", "47％", "32、64")])
def test_a_printed_figure_of_an_open_base_is_whole_and_keeps_its_digits_in_words(lang, value, bases) -> None:
    from analysis import quote_file

    text = quote_text(quote_file(Path(SERIES), "us_sales_plan.increase", wave="2024"), lang)
    assert text.value == value and "46.9" in text.claim and bases in text.base
    assert text.points is not None and text.points[1] < text.points[0] == 0.469 < text.points[2]


def test_a_release_speaks_under_the_print_rules(capsys, internal, public) -> None:
    assert main(["quote", str(public), "--of", "us_china_impact.1", "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "not been tested against attempts" in said and "release for: Public" in said
    assert main(["quote", str(public), "--of", "us_china_impact.1", "--wave", "1999"]) == 2
    assert "leave --wave out" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["quote", "nowhere.csv", "--of", "a.b"], "no such file"),
        (["quote", DEMO, "--of", "had_to_choose.1", "--out", "card.gif"], ".png, .svg"),
        (["quote", SERIES, "--of", "impact_type.us_regulation_cost"], "--wave 2021"),
        (["quote", SERIES, "--of", "impact_type.us_regulation_cost", "--base", "routed"], "leave --base out"),
        (["quote", DEMO, "--of", "had_to_choose.1", "--edition", "final"], "leave --edition out"),
        (["quote", DEMO, "--of", "had_to_choose.1", "--wave", "1999"], "no such wave"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_left(tmp_path, monkeypatch, capsys, words, said) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    assert said in capsys.readouterr().err and not list(tmp_path.iterdir())


def _cards(folder: Path) -> dict[str, str]:
    """Cards of a study and of printed figures, in both languages."""
    made = {}
    for lang in ("en", "ja"):
        for name, words in (
            ("study", [DEMO, "--of", "impact_type.us_regulation_cost", "--base", "returned"]),
            ("open", [SERIES, "--of", "us_sales_plan.increase", "--wave", "2024"]),
        ):
            out = folder / f"{name}.svg"
            ground = ["--ground", "dark"] if lang == "ja" else []
            assert main(["quote", *words, "--lang", lang, *ground, "--out", str(out)]) == 0
            made[f"{name} {lang}"] = out.read_text(encoding="utf-8")
    return made


def test_cards_are_sound_and_nothing_leaves_the_frame(tmp_path) -> None:
    for name, card in _cards(tmp_path).items():
        tree = ElementTree.fromstring(card)
        tall = float(tree.attrib["height"])
        lines = [
            (float(t.attrib["x"]), float(t.attrib["y"]), float(t.attrib["font-size"]), t)
            for t in tree.iter(TEXT)
        ]
        assert len(lines) > 6 and "http" not in card.replace("http://www.w3.org/2000/svg", "")
        for x, y, size, t in lines:
            assert 0 < y <= tall - 8 and size >= 17
            if t.attrib.get("text-anchor") != "end":
                assert x + text_width(t.text or "", size) <= CARD_WIDTH - 32, (name, t.text)
        left = sorted((y, size) for x, y, size, t in lines if t.attrib.get("text-anchor") != "end")
        for (above, _), (below, size) in pairwise(left):
            assert below - above >= size * 1.1, name
        assert ("架空" in card or "invented" in card) == name.startswith("study")
        sides = {getattr(ink, side) for ink in (LIGHT, DARK) for side in ("us", "cn", "both")}
        assert not [colour for colour in sides if colour in card], "a quote knows no side"
        assert not re.search(r"\{\w+\}|\bnan\b|None|<NA>", card)


def test_a_page_holds_the_card_and_its_words(tmp_path) -> None:
    out = tmp_path / "card.html"
    assert main(["quote", DEMO, "--of", "had_to_choose.1", "--out", str(out)]) == 0
    page = out.read_text(encoding="utf-8")
    assert page.count("12 of 96 firms (13%)") >= 3 and "<svg" in page and "Base: the 96 firms" in page


@pytest.mark.skipif(find_browser() is None, reason="no Chromium, Chrome or Edge on this machine")
def test_a_picture_has_the_size_of_the_card(tmp_path) -> None:
    from analysis import quote_study
    from survey import load_study

    out = tmp_path / "card.png"
    assert main(["quote", DEMO, "--of", "had_to_choose.1", "--lang", "ja", "--out", str(out), "--quiet"]) == 0
    head = out.read_bytes()[:24]
    tall = card_height(quote_text(quote_study(load_study(DEMO), "had_to_choose.1"), "ja"))
    assert head.startswith(b"\x89PNG")
    assert (int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")) == (
        2 * CARD_WIDTH,
        2 * tall,
    )


def test_lines_fit_and_follow_the_rules_of_japanese() -> None:
    text = "「米中対立の影響」に「規制（強化）」と答えたのは、74社中44社（59％）。ファイルを見る。"
    for width in range(80, 400, 7):
        lines = fit_lines(text, 20, width)
        assert "".join(lines) == text and all(text_width(line, 20) <= width for line in lines)
        if width > 160:
            assert not any(line[0] in "、。」）ァ" or line[-1] in "「（" for line in lines)
    english = fit_lines("Twelve of ninety-six firms", 20, 150)
    assert english == ["Twelve of", "ninety-six", "firms"]
    assert fit_lines("", 20, 100) == [""]
    even = even_lines("one two three four five six seven", 20, 300)
    assert len(even) == len(fit_lines("one two three four five six seven", 20, 300))
    assert max(map(len, even)) - min(map(len, even)) <= 5


def test_a_card_escapes_what_stands_in_a_codebook() -> None:
    from dataclasses import replace

    from analysis import quote_study
    from survey import load_study

    quote = replace(quote_study(load_study(DEMO), "us_china_impact.1"), wording={"": ("<b>&", "</svg>")})
    card = draw_card(quote_text(quote, "en"))
    assert "&lt;b&gt;&amp;" in card and "</svg>" not in card.rstrip()[:-6]
    ElementTree.fromstring(card)
