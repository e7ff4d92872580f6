"""What printed figures say of each other, for the audit's report: sources, contrasts, changes, editions."""

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from dashboard.command.audit_parts import Names, flags, group, points, row, table
from dashboard.wording import say

if TYPE_CHECKING:
    import pandas as pd

    from analysis import Audit

__all__ = ["tell_changes", "tell_contrasts", "tell_editions", "tell_small", "tell_sources"]


def tell_sources(audit: "Audit", names: Names, lang: str) -> str:
    """The same answer as several sources print it."""
    rows = (
        row(
            f"{escape(str(names.words.loc[place, 'wave']))} · {names.at(place, 'option')}",
            f"{escape(printed)} <span class='id'>{escape(source)}</span>",
            f"{escape(other)} <span class='id'>{escape(theirs)}</span>",
            escape(say(lang, f"audit_flag.{agreement}")),
        )
        for place, _, agreement, printed, other, source, theirs in audit.sources.itertuples(
            index=False, name=None
        )
    )
    return table(lang, "sources", ("answer", "printed", "against", "is"), rows, ())


def tell_contrasts(audit: "Audit", names: Names, lang: str) -> str:
    """Two answers of one question, question by question."""

    def rows() -> Iterator[str]:
        last = None
        for one in audit.contrasts.to_dict(orient="records"):
            place = (str(one["wave"]), names.edition(str(one["edition"])), str(one["question_id"]))
            if place != last:
                last = place
                yield group(4, *(escape(part) for part in place[:2]), names.of(place[2]))
            answers = (names.of(place[2], str(one[key])) for key in ("option_id", "against"))
            yield row(*answers, str(one["n"]), points(lang, one), numbers=(2, 3))

    return table(lang, "contrasts", ("answer", "against", "base", "difference"), rows(), (2, 3))


def tell_changes(audit: "Audit", names: Names, lang: str, breaks: "pd.DataFrame | None") -> str:
    """An answer in two waves, question by question; why a question is another, in the reader's language."""
    told = {}
    if breaks is not None and f"reason_{lang}" in breaks:
        told = dict(zip(breaks["reason"], breaks[f"reason_{lang}"], strict=True))

    def rows() -> Iterator[str]:
        last = ""
        for one in audit.changes.to_dict(orient="records"):
            if one["question_id"] != last:
                last = one["question_id"]
                yield group(6, names.of(last))
            ends = (
                f"{one[f'{k}_wave']}: {say(lang, 'audit.of', count=one[f'{k}_count'], base=one[f'{k}_base'])}"
                for k in ("from", "to")
            )
            flag = f'<span class="flag">{flags(lang, one["flag"])}</span>' if one["flag"] else ""
            why = escape(told.get(one["break"]) or one["break"])
            yield row(
                names.of(last, one["option_id"]),
                *(escape(end) for end in ends),
                points(lang, one),
                f"{100 * one['smallest']:.1f}",
                f"{flag}{why}",
                numbers=(3, 4),
            )

    heads = ("answer", "from", "to", "difference", "smallest", "remark")
    return table(lang, "changes", heads, rows(), (3, 4))


def tell_small(audit: "Audit", names: Names, lang: str) -> str:
    """Cells of so few firms that a stranger reads something of single ones."""
    rows = (
        row(
            f"{escape(str(names.words.loc[place, 'wave']))} · {names.at(place, 'question')}",
            names.at(place, "option"),
            escape(say(lang, "audit.gave" if cell == "gave it" else "audit.did_not")),
            escape(
                say(lang, "audit.of", count=firms, base=base)
                if str(base) not in ("<NA>", "nan", "None")
                else say(lang, "audit.of_unknown", count=firms)
            ),
            escape(printed),
            numbers=(3, 4),
        )
        for place, cell, firms, base, printed in audit.small[
            ["row", "cell", "firms", "base", "printed"]
        ].itertuples(index=False, name=None)
    )
    return table(lang, "small", ("question", "answer", "cell", "count", "printed"), rows, (3, 4))


def tell_editions(audit: "Audit", names: Names, lang: str) -> str:
    """What the firms added between two editions answered."""

    def rows() -> Iterator[str]:
        last = None
        for one in audit.editions.to_dict(orient="records"):
            place = (str(one["wave"]), str(one["question_id"]))
            if place != last:
                last = place
                yield group(4, escape(place[0]), names.of(place[1]))
            known = say(lang, "audit.added", added=one["added"])
            if one["fewest_edits"]:
                known = say(lang, "audit.edited", edits=one["fewest_edits"])
            elif one["exposed"]:
                many = one["second_count"] - one["first_count"]
                known = say(lang, "audit.exposed", count=many, added=one["added"])
            ends = (
                f"{names.edition(str(one[k]))}: "
                f"{say(lang, 'audit.of', count=one[f'{k}_count'], base=one[f'{k}_base'])}"
                for k in ("first", "second")
            )
            yield row(names.of(place[1], str(one["option_id"])), *(escape(c) for c in (*ends, known)))

    return table(lang, "editions", ("answer", "from", "to", "remark"), rows(), ())
