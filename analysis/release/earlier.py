"""Earlier waves of a study beside the one released: their shares, its changes, and breaks between them."""

from collections.abc import Sequence

import pandas as pd

from analysis.release.protection import Protection
from analysis.release.tables import internal_tables
from analysis.waves.changing import study_changes
from analysis.waves.record import changes_frame
from survey import Item, Study, Wave, follow_concepts, study_wave

__all__ = ["Earlier", "earlier_waves"]

_TEXT = ["question", "wave", "lang", "text"]


class Earlier:
    """The earlier waves of a study, read once for all audiences.

    Attributes
    ----------
    waves : tuple[Wave, ...]
        Oldest first, without the one released.
    items : tuple[Item, ...]
        Questions that the released wave asks too, as each earlier wave asked them.
    changes : pandas.DataFrame
        Changes from the wave before to the released one, with `stat`, `n`, `estimate`; internal only.
    breaks : pandas.DataFrame
        `question` (of the released wave), `wave`, `lang`, `text`: why a trend stops there.
    """

    def __init__(self, study: Study, latest: Wave) -> None:
        self.waves = tuple(study_wave(study, source.name) for source in study.waves[:-1])
        self._design = study.design
        followed = follow_concepts([*self.waves, latest])
        now = {item.concept: item.question.id for item in followed if item.wave == latest.name}
        self.items = tuple(i for i in followed if i.concept in now and i.wave != latest.name)
        self._now = now
        self.breaks = _breaks([i for i in followed if i.concept in now], now, study.languages)
        self.changes = pd.DataFrame()
        if self.waves:
            found, _ = study_changes(study, self.waves[-1].name, latest.name, across_breaks=True)
            table = changes_frame(found)
            self.changes = table.assign(n=table["n_later"])

    def shares(self, protection: Protection | None = None) -> pd.DataFrame:
        """Estimates of each earlier wave, all firms, under the name the released wave gives the question.

        With a protection the same as of the released wave, without breaks.
        """
        parts = []
        for wave in self.waves:
            names = {i.question.id: self._now[i.concept] for i in self.items if i.wave == wave.name}
            table = internal_tables(wave, self._design, ())
            if protection is not None:
                table = protection.estimates(table, wave, ())
            table = table[(table["base_rule"].isin(["answered", ""])) & table["question"].isin(list(names))]
            parts.append(table.assign(question=table["question"].map(names)))
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def earlier_waves(study: Study, latest: Wave) -> Earlier | None:
    """The earlier waves of a study; None where it has one wave."""
    return Earlier(study, latest) if len(study.waves) > 1 else None


def _breaks(items: Sequence[Item], now: dict[str, str], languages: Sequence[str]) -> pd.DataFrame:
    rows = [
        (now[item.concept], item.wave, lang, item.reason(lang))
        for item in items
        if item.is_break
        for lang in languages
    ]
    return pd.DataFrame(rows, columns=_TEXT)
