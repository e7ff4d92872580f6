"""Colours: the same in Python and in the style sheet, readable on their ground; charts send nothing away."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from dashboard import theme
from dashboard.colours import DARK, LIGHT, Palette
from dashboard.theme import chart_config, chart_template

SHEET = (Path(theme.__file__).parent / "assets" / "look.css").read_text(encoding="utf-8")


def _light_of(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2.2, 1.4.3."""
    low, high = sorted((_light_of(one), _light_of(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("ground", [LIGHT, DARK])
def test_text_and_sides_are_readable(ground: Palette) -> None:
    for name in ("ink", "quiet", "us", "cn", "both"):
        for under in (ground.ground, ground.raised):
            assert _contrast(getattr(ground, name), under) >= 4.5, name


def test_contrast_formula() -> None:
    assert _contrast("#000000", "#ffffff") == pytest.approx(21.0)


def test_colours_of_the_three_meanings_are_those_agreed() -> None:
    assert (LIGHT.us, LIGHT.cn, LIGHT.both) == ("#1F5FA8", "#B0482B", "#5A2B72")
    assert (DARK.us, DARK.cn, DARK.both) == ("#7FB2F0", "#F0A184", "#AD7DC0")


@pytest.mark.parametrize(
    ("selector", "ground"),
    [(":root {", LIGHT), (':root[data-theme="dark"]', DARK), (':root[data-theme="system"] {', DARK)],
)
def test_style_sheet_has_the_same_colours(selector: str, ground: Palette) -> None:
    block = SHEET[SHEET.index(selector) :].split("}")[0]
    held = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block))
    for field in fields(Palette):
        assert held[field.name] == getattr(ground, field.name).lower(), field.name


def test_nothing_is_fetched_by_style_or_script() -> None:
    for path in (Path(theme.__file__).parent / "assets").glob("*.*"):
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?:|//cdn|@import|url\(", text), path.name


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_charts_offer_no_way_out(lang: str) -> None:
    config = chart_config(lang)
    assert config["showSendToCloud"] is False
    assert config["displaylogo"] is False
    assert config["displayModeBar"] is False
    assert config["plotlyServerURL"] == ""
    assert config["locale"] == lang


def test_templates_differ_only_in_colour() -> None:
    light, dark = (chart_template(ground)["layout"] for ground in ("light", "dark"))
    assert light["font"]["family"] == dark["font"]["family"]
    assert light["font"]["color"] != dark["font"]["color"]
