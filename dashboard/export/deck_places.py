"""What a placeholder takes from its layout and master where it says nothing: size, margins, indent."""

from dataclasses import dataclass
from typing import Any

__all__ = ["Look", "look_of"]

_INSETS = {"lIns": 91440, "rIns": 91440, "tIns": 45720, "bIns": 45720}
"""Margins in EMU of a box that states none."""

_SIZE = 18
"""Points of words, but a title, whose layout states no size: those of a master are meant for bare lists."""


@dataclass(frozen=True, slots=True)
class Look:
    """How words stand in a placeholder.

    Attributes
    ----------
    size : int
        Points.
    wide, tall : int
        EMU taken from its width by margins and indent, from its height by margins.
    above : int or None
        EMU of the upper margin; None where words do not begin at the top.
    """

    size: int
    wide: int
    tall: int
    above: int | None


def look_of(shape: Any, *, is_list: bool) -> Look:
    """The look of a placeholder of a slide, by layout, then master, then the styles of the master.

    Parameters
    ----------
    is_list : bool
        Whether its paragraphs keep the indent of the layout.
    """
    layout = shape.part.slide.slide_layout
    index = shape.placeholder_format.idx
    above = [one for one in layout.placeholders if one.placeholder_format.idx == index][:1]
    above += [base for one in above if (base := one._base_placeholder) is not None]
    kind = "titleStyle" if shape == shape.part.slide.shapes.title else "bodyStyle"
    levels = [level for one in above for level in one._element.xpath(".//a:lstStyle/a:lvl1pPr")]
    levels += layout.slide_master._element.xpath(f"./p:txStyles/p:{kind}/a:lvl1pPr")
    boxes = [box for one in above for box in one._element.xpath("./p:txBody/a:bodyPr")]
    inset = {
        key: next((int(box.get(key)) for box in boxes if box.get(key) is not None), default)
        for key, default in _INSETS.items()
    }
    anchor = next((box.get("anchor") for box in boxes if box.get("anchor") is not None), "t")
    stated = [run.get("sz") for level in levels if (run := level.find(f"{{{_A}}}defRPr")) is not None]
    sizes = [size for size in stated if size is not None]
    indent = next((int(level.get("marL")) for level in levels if level.get("marL") is not None), 0)
    size = int(sizes[0]) // 100 if sizes else _SIZE
    is_stated = bool(above and above[0]._element.xpath(".//a:lstStyle/a:lvl1pPr/a:defRPr/@sz"))
    return Look(
        size if is_stated or kind == "titleStyle" else min(size, _SIZE),
        inset["lIns"] + inset["rIns"] + (indent if is_list else 0),
        inset["tIns"] + inset["bIns"],
        inset["tIns"] if anchor == "t" else None,
    )


_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
