"""A house's own template with sizes, margins and bullets of its master: words stay in their places."""

from pathlib import Path

import pytest
from lxml import etree
from pptx import Presentation

from dashboard.export.deck_places import look_of
from dashboard.export.deck_words import height_of
from dashboard.export.making import make_brief
from dashboard.selection import View
from dashboard.shelf import open_shelf

_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_COVER = {
    "Banner": (0.05, 0.02, 0.9, 0.06),
    "Claim": (0.1, 0.2, 0.8, 0.25),
    "Sentence": (0.1, 0.46, 0.8, 0.08),
    "Words": (0.1, 0.56, 0.8, 0.2),
    "Source": (0.1, 0.9, 0.8, 0.06),
}
_CLAIM = {
    "Banner": (0.05, 0.93, 0.9, 0.06),
    "Chapter": (0.05, 0.02, 0.3, 0.06),
    "Claim": (0.05, 0.08, 0.9, 0.15),
    "Sentence": (0.05, 0.23, 0.9, 0.07),
    "Chart": (0.05, 0.32, 0.55, 0.5),
    "Words": (0.62, 0.32, 0.33, 0.5),
    "Source": (0.05, 0.86, 0.9, 0.06),
}


def _house(path: Path) -> Path:
    """A 4:3 template in the library's own theme, whose layouts state places and nothing else."""
    deck = Presentation()
    for layout, places in ((deck.slide_layouts[0], _COVER), (deck.slide_layouts[5], _CLAIM)):
        tree = layout.shapes._spTree
        for shape in list(layout.placeholders):
            tree.remove(shape._element)
        for number, (name, (left, top, wide, tall)) in enumerate(places.items(), start=20):
            kind = 'type="title"' if name == "Claim" else f'type="body" idx="{number}"'
            at = [int(part * edge) for part, edge in zip((left, top), (9144000, 6858000), strict=True)]
            by = [int(part * edge) for part, edge in zip((wide, tall), (9144000, 6858000), strict=True)]
            tree.append(
                etree.fromstring(
                    f'<p:sp xmlns:p="{_P}" xmlns:a="{_A}"><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/>'
                    f"<p:cNvSpPr/><p:nvPr><p:ph {kind}/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm>"
                    f'<a:off x="{at[0]}" y="{at[1]}"/><a:ext cx="{by[0]}" cy="{by[1]}"/></a:xfrm></p:spPr>'
                    "<p:txBody><a:bodyPr/><a:lstStyle/><a:p/></p:txBody></p:sp>"
                )
            )
    deck.slides.add_slide(deck.slide_layouts[1]).shapes.title.text = "an old slide of the house"
    deck.save(str(path))
    return path


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_words_stay_in_the_places_of_a_house(internal: Path, tmp_path: Path, lang: str) -> None:
    house, made = _house(tmp_path / "house.pptx"), tmp_path / "made.pptx"
    made.write_bytes(make_brief(open_shelf(internal), View(lang=lang), "pptx", template=house)[1])
    deck = Presentation(str(made))
    assert (deck.slide_width, deck.slide_height) == (9144000, 6858000)
    assert "an old slide of the house" not in [s.shapes.title.text_frame.text for s in deck.slides]
    for slide in deck.slides:
        for chart in (shape.chart for shape in slide.shapes if shape.has_chart):
            skips = chart._chartSpace.xpath(".//c:catAx/c:tickLblSkip/@val")
            assert skips == ["1"] * len(chart._chartSpace.xpath(".//c:barDir"))
        held = {shape.name: shape for shape in slide.placeholders}
        for name, shape in held.items():
            look = look_of(shape, is_list=name == "Words")
            sizes = {run.font.size.pt for p in shape.text_frame.paragraphs for run in p.runs}
            assert len(sizes) == 1 and min(sizes) >= 9, name
            assert max(sizes) <= (44 if name == "Claim" else 18), name
            lines = shape.text_frame.text.replace("\v", "").split("\n")
            need = height_of(lines, shape.width - look.wide, int(max(sizes)), 0, is_bold=name == "Claim")
            if max(sizes) > 9:
                assert need <= shape.height - look.tall, name
        if "Sentence" in held:
            claim = held["Claim"]
            assert held["Sentence"].top >= claim.top + claim.height, "a title in the middle of its place"
