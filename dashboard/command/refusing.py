"""What a refused Release could change, in the languages of the study beside the English of messages."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis import RefusedFault

__all__ = ["refusal_lines", "refusal_told"]


@contextmanager
def refusal_told(languages: Sequence[str]) -> Iterator[None]:
    """Add to a refusal in the block what to change, in those of these languages that are not English."""
    from analysis import RefusedFault

    try:
        yield
    except RefusedFault as refused:
        from dashboard.wording import LANGUAGES

        for lang in dict.fromkeys(languages):
            if lang in LANGUAGES and lang != "en":
                refused.add_note("\n".join(refusal_lines(lang, refused)))
        raise


def refusal_lines(lang: str, refused: "RefusedFault") -> list[str]:
    """What was found and each change, cheapest first, a line each."""
    from dashboard.wording import say

    lines = [say(lang, "refusal.lead", broken=refused.broken)]
    for at, change in enumerate(refused.changes, start=1):
        steps = (say(lang, f"refusal.{key}", **values) for key, values in change.steps)
        what = say(lang, "refusal.join").join(steps)
        if change.gone is not None:
            more = say(lang, "refusal.more", many=change.unnamed) if change.unnamed else ""
            cells = change.cells + more or say(lang, "refusal.nothing")
            what = say(lang, "refusal.gone", what=what, cells=cells)
        lost, state = f"{change.lost:g}", say(lang, f"refusal.state_{change.state}", failed=change.failed)
        if change.of:
            share = f"{100 * change.lost / change.of:.1f}"
            lost = say(lang, "refusal.lost_of", lost=lost, of=f"{change.of:g}", share=share)
        else:
            lost = say(lang, "refusal.lost", lost=lost)
        lines.append(say(lang, "refusal.line", at=at, what=what, lost=lost, state=state))
    return lines
