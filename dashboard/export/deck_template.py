"""The template of a deck: ours, or a house's own, found by the names of its placeholders."""

import re
import zipfile
from pathlib import Path
from typing import Any

from dashboard.colours import LIGHT

__all__ = ["CLAIM", "COVER", "PAPERS", "layout_with", "open_template"]

COVER = ("Claim", "Sentence", "Words", "Source", "Banner")
"""Placeholders of the layout of the first slide."""

CLAIM = ("Chapter", "Claim", "Sentence", "Chart", "Words", "Source", "Banner")
"""Placeholders of the layout of every other slide; `Number` may be there for the number of the slide."""

PAPERS = {"wide": (12192000, 6858000), "a4": (10692000, 7560000)}
"""Width and height in EMU: 16:9 (13.33 by 7.5 inches) and A4 across."""

_MOST_BYTES = 64 * 1024 * 1024

_FONT = "Arial"
_JAPANESE = "Noto Sans CJK JP"

_PLACES: dict[str, dict[str, tuple[float, float, float, float, int, str, str]]] = {
    "Crosspressure cover": {
        "Claim": (0.042, 0.22, 0.80, 0.20, 34, "tx1", "b"),
        "Sentence": (0.042, 0.44, 0.80, 0.06, 16, "tx2", "t"),
        "Words": (0.042, 0.56, 0.916, 0.26, 20, "tx1", "t"),
        "Source": (0.042, 0.915, 0.86, 0.05, 10, "tx2", "ctr"),
        "Banner": (0.0, 0.0, 1.0, 0.042, 11, "banner", "ctr"),
    },
    "Crosspressure claim": {
        "Chapter": (0.042, 0.058, 0.60, 0.04, 12, "tx2", "ctr"),
        "Claim": (0.042, 0.098, 0.916, 0.115, 26, "tx1", "t"),
        "Sentence": (0.042, 0.215, 0.916, 0.062, 14, "tx2", "t"),
        "Chart": (0.042, 0.29, 0.60, 0.61, 14, "tx1", "t"),
        "Words": (0.665, 0.29, 0.293, 0.61, 14, "tx1", "t"),
        "Source": (0.042, 0.915, 0.84, 0.05, 10, "tx2", "ctr"),
        "Number": (0.888, 0.915, 0.07, 0.05, 10, "tx2", "ctr"),
        "Banner": (0.0, 0.0, 1.0, 0.042, 11, "banner", "ctr"),
    },
}
"""Of each layout: left, top, width and height as parts of the slide, size in points, colour, anchor."""


def open_template(path: Path | None = None, paper: str = "wide", lang: str = "en") -> Any:
    """A presentation without slides whose layouts have the placeholders of `COVER` and `CLAIM`.

    Parameters
    ----------
    lang : str
        Language of the deck: in Japanese, figures are set in the font of the words.
    path : Path, optional
        A .pptx or .potx of the house; its size is kept. None for ours, in the size of `paper`.

    Raises
    ------
    survey.FileFault
        The file is no presentation, or no layout has the placeholders.
    """
    if path is None:
        return _ours(paper, lang)
    from pptx import Presentation

    from survey import FileFault, check_archive

    if not path.is_file():
        raise FileFault(
            str(path), "no such file", "a presentation (.pptx)", "check the name after --template"
        )
    if path.stat().st_size > _MOST_BYTES:
        raise FileFault(str(path), "more than 64 MB", "a template", "take its pictures and slides out")
    if zipfile.is_zipfile(path):
        check_archive(path)
    try:
        deck: Any = Presentation(str(path))
    except Exception as error:
        raise FileFault(
            str(path),
            f"no presentation ({type(error).__name__})",
            "a .pptx file",
            "save it as .pptx in PowerPoint",
        ) from None
    for slide in list(deck.slides._sldIdLst):
        deck.part.drop_rel(slide.rId)
        deck.slides._sldIdLst.remove(slide)
    for wanted in (COVER, CLAIM):
        if layout_with(deck, wanted) is None:
            there = "; ".join(
                f"{layout.name}: {', '.join(shape.name for shape in layout.placeholders) or 'none'}"
                for layout in deck.slide_layouts
            )
            raise FileFault(
                str(path),
                f"no layout with the placeholders {', '.join(wanted)} (it has {there})",
                "a layout whose placeholders bear these names",
                "name them in PowerPoint (View, Slide Master; Home, Select, Selection Pane), "
                "or begin with a deck that this command wrote",
            )
    return deck


def layout_with(deck: Any, wanted: tuple[str, ...]) -> Any:
    """The layout whose placeholders bear all these names and fewest others; None without one."""
    fits = [one for one in deck.slide_layouts if set(wanted) <= {shape.name for shape in one.placeholders}]
    return min(fits, key=lambda one: len(list(one.placeholders)), default=None)


def _ours(paper: str, lang: str) -> Any:
    from pptx import Presentation

    deck: Any = Presentation()
    deck.slide_width, deck.slide_height = PAPERS[paper]
    kept = [deck.slide_layouts[0], deck.slide_layouts[5]]
    for layout in list(deck.slide_layouts):
        if layout not in kept:
            deck.slide_layouts.remove(layout)
    for layout, (name, places) in zip(kept, _PLACES.items(), strict=True):
        layout._element.cSld.set("name", name)
        _fill(layout, places, *PAPERS[paper])
    _style(deck.slide_master, *PAPERS[paper], _JAPANESE if lang == "ja" else _FONT)
    return deck


def _fill(layout: Any, places: dict[str, Any], width: int, height: int) -> None:
    """Put our placeholders in the place of those of a layout."""
    from lxml import etree

    tree = layout.shapes._spTree
    for shape in list(layout.shapes):
        tree.remove(shape._element)
    for number, (name, (left, top, wide, tall, size, colour, anchor)) in enumerate(places.items(), start=10):
        kind = 'type="title"' if name == "Claim" else f'type="body" sz="quarter" idx="{number}"'
        banner = colour == "banner"
        ink = '<a:srgbClr val="8A2F14"/>' if banner else f'<a:schemeClr val="{colour}"/>'
        ground = '<a:solidFill><a:srgbClr val="FBEDE8"/></a:solidFill>' if banner else "<a:noFill/>"
        bold = ' b="1"' if name == "Claim" or banner else ""
        side = "r" if name == "Number" else "l"
        inset = f'lIns="{int(0.042 * width)}" rIns="{int(0.042 * width)}"' if banner else 'lIns="0" rIns="0"'
        tree.append(
            etree.fromstring(
                f'<p:sp xmlns:p="{_P}" xmlns:a="{_A}"><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/>'
                f'<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph {kind}/></p:nvPr></p:nvSpPr>'
                f'<p:spPr><a:xfrm><a:off x="{int(left * width)}" y="{int(top * height)}"/>'
                f'<a:ext cx="{int(wide * width)}" cy="{int(tall * height)}"/></a:xfrm>'
                f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{ground}</p:spPr>'
                f'<p:txBody><a:bodyPr {inset} tIns="0" bIns="0" anchor="{anchor}"><a:normAutofit/></a:bodyPr>'
                f'<a:lstStyle><a:lvl1pPr marL="0" indent="0" algn="{side}">'
                '<a:spcBef><a:spcPts val="0"/></a:spcBef>'
                f'<a:buNone/><a:defRPr sz="{size * 100}"{bold}><a:solidFill>{ink}</a:solidFill></a:defRPr>'
                f"</a:lvl1pPr></a:lstStyle><a:p><a:r><a:rPr/><a:t>{name}</a:t></a:r></a:p></p:txBody></p:sp>"
            )
        )


def _style(master: Any, width: int, height: int, font: str) -> None:
    """Our fonts and colours in the theme, and the shapes of the master within the slide."""
    from pptx.opc.constants import RELATIONSHIP_TYPE

    theme = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    text = theme.blob.decode("utf-8")
    text = re.sub(r'<a:latin typeface="[^"]*"/>', f'<a:latin typeface="{font}"/>', text)
    text = re.sub(r'<a:ea typeface="[^"]*"/>', f'<a:ea typeface="{_JAPANESE}"/>', text)
    text = re.sub(r'(<a:font script="Jpan" typeface=)"[^"]*"', rf'\1"{_JAPANESE}"', text)
    inks = {
        "dk1": LIGHT.ink,
        "dk2": LIGHT.quiet,
        "accent1": LIGHT.us,
        "accent2": LIGHT.cn,
        "accent3": LIGHT.both,
    }
    for name, colour in inks.items():
        text = re.sub(
            rf"<a:{name}>.*?</a:{name}>",
            f'<a:{name}><a:srgbClr val="{colour[1:]}"/></a:{name}>',
            text,
            flags=re.S,
        )
    theme._blob = text.encode("utf-8")
    was_wide, was_tall = 9144000, 6858000
    for shape in master.shapes:
        shape.left, shape.width = int(shape.left * width / was_wide), int(shape.width * width / was_wide)
        shape.top, shape.height = int(shape.top * height / was_tall), int(shape.height * height / was_tall)


_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
