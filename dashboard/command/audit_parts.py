"""Parts of the audit's report: tables, rows, and the names of questions, answers and editions."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from dashboard.wording import as_points, catalogue, say

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Names", "flags", "group", "points", "row", "table"]


class Names:
    """Wordings of printed figures, by row of their file or by the ids of question and answer."""

    def __init__(self, words: "pd.DataFrame", lang: str) -> None:
        self.words, self.lang = words, lang
        ids = zip(words["question_id"], words["option_id"], strict=True)
        gists = zip(words["question_gist"], words["option_gist"], strict=True)
        self.known = {
            key: text
            for (question, option), (asked, told) in zip(ids, gists, strict=True)
            for key, text in (((question, ""), asked), ((question, option), told))
            if isinstance(text, str) and text
        }

    def at(self, place: int, part: str) -> str:
        """Question or option of a row, with its id, as HTML."""
        return self._shown(
            str(self.words.loc[place, f"{part}_gist"]), str(self.words.loc[place, f"{part}_id"])
        )

    def of(self, question: str, option: str = "") -> str:
        """A question, or one of its answers, by their ids, as HTML."""
        return self._shown(self.known.get((question, option), ""), option or question)

    def edition(self, name: str) -> str:
        """An edition in words, where it is one of those we know."""
        return catalogue(self.lang).get(f"edition.{name}", name)

    @staticmethod
    def _shown(gist: str, name: str) -> str:
        return f'{escape(gist)} <span class="id">{escape(name)}</span>' if gist else escape(name)


def table(
    lang: str, kind: str, heads: Sequence[str], rows: Iterable[str], numbers: Sequence[int], **words: str
) -> str:
    """A table with its heads, those of numbers over their numbers; nothing where there is no row."""
    body = "".join(rows)
    if not body:
        return ""
    top = "".join(
        f'<th scope="col"{_number(place in numbers)}>{escape(say(lang, f"audit.{head}", **words))}</th>'
        for place, head in enumerate(heads)
    )
    name = escape(say(lang, f"audit.{kind}"))
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{name}"><table class="{kind}"><thead>'
        f"<tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def group(wide: int, *parts: str) -> str:
    """A row that says of what those below it are; its parts are HTML already."""
    named = " · ".join(part for part in parts if part)
    return f'<tr><th colspan="{wide}" scope="rowgroup">{named}</th></tr>'


def row(*cells: str, numbers: Sequence[int] = ()) -> str:
    """A row of cells that are HTML already."""
    return f"<tr>{''.join(f'<td{_number(at in numbers)}>{c}</td>' for at, c in enumerate(cells))}</tr>"


def _number(is_number: bool) -> str:
    return ' class="number"' if is_number else ""


def flags(lang: str, flag: str) -> str:
    """Flags of the audit in words, as HTML."""
    keys = (part.replace(",", "").replace(" ", "_") for part in flag.split(";") if part)
    return escape(say(lang, "audit.listed")).join(escape(say(lang, f"audit_flag.{key}")) for key in keys)


def points(lang: str, ends: Mapping[str, float]) -> str:
    """A difference with its limits, in points."""
    said = {name: as_points(ends[name]) for name in ("estimate", "low", "high")}
    return escape(say(lang, "audit.points", **said))
