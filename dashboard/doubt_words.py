"""What to ask next about a firm, or about all of them: which source makes most of the doubt, in words."""

from collections.abc import Iterable
from typing import Any

from analysis import DRAWN_OVER, questions
from dashboard.wording import say

__all__ = ["ask_next_words", "drawn_words", "share_words", "source_words", "sources_words"]


def source_words(lang: str, source: str) -> str:
    """A source of doubt (`source` of the table `doubts`) in words."""
    return say(lang, f"doubt.source_{source}")


def sources_words(lang: str, sources: Iterable[str]) -> str:
    """Sources of doubt in words, one after the other; "" for none."""
    return say(lang, "doubt.between").join(source_words(lang, source) for source in sources)


def drawn_words(lang: str, method: str) -> tuple[str, str]:
    """The `method` of a figure taken apart: how its limits came about, and sources drawn, in words.

    Either may be "".
    """
    how, _, over = method.partition(DRAWN_OVER)
    return how.removesuffix("; "), sources_words(lang, [source for source in over.split(", ") if source])


def share_words(lang: str, share: float) -> str:
    """A share of variance in whole percents: it is a share of doubt, not of firms."""
    return say(lang, "unit.percent", value=f"{100 * share:.0f}")


def ask_next_words(lang: str, doubts: Any, firm: str = "", stat: str = "p_choose") -> tuple[str, ...]:
    """Two sentences: which source makes most of the doubt, and what would take most of it away; or none.

    Parameters
    ----------
    lang : str
    doubts : pandas.DataFrame
        The table `doubts` of an internal Release.
    firm : str
        Id; "" for all firms.
    stat : str
        Figure; that of squeeze where the firm has no doubt about it.
    """
    found = questions(doubts, firm, stat)
    if not found:
        return ()
    first = found[0]
    told = {
        "source": source_words(lang, first.source),
        "share": share_words(lang, first.share),
        "figure": say(lang, f"doubt.figure_{first.stat}"),
        "n": first.n,
    }
    sentence = say(lang, "doubt.most" if firm else "doubt.most_of_all", **told)
    by_name = first.ask or first.source in ("model", "unseen", "answers")
    return (sentence, say(lang, f"doubt.ask_{first.source}" if by_name else "doubt.ask_any", ask=first.ask))
