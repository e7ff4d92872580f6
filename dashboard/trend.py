"""One answer over waves as a Release holds it: the study's own numbers, printed ones, changes and breaks."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from dashboard.asked import Asked
from dashboard.wording import is_number

__all__ = ["Trend"]

_NO_BASE = "stated base not reachable"
_UNSURE = ("ambiguous", "unknown", "several counts")


@dataclass(frozen=True)
class Trend:
    """All waves of one answer.

    Attributes
    ----------
    asked : Asked
        The question.
    option : str
        The answer.
    """

    asked: Asked
    option: str

    def _rows(self, name: str, **keys: str) -> pd.DataFrame:
        rows = self.asked.shelf.part(name, self.asked.question)
        for column, value in keys.items() if len(rows) else ():
            rows = rows[rows[column] == value]
        return rows

    @cached_property
    def own(self) -> pd.DataFrame:
        """Columns of estimates: earlier waves, then this one; rows without a number left out."""
        rows = [self._rows("earlier", option=self.option, by="")]
        now = self.asked.shelf.shares(self.asked.question, base_rule="answered")
        rows.append(now[now["option"] == self.option])
        held = [part for part in rows if len(part)]
        table = pd.concat(held, ignore_index=True) if held else rows[-1]
        return table[table["estimate"].notna()]

    @cached_property
    def printed(self) -> pd.DataFrame:
        """Printed figures of the answer, all of them, in the order of waves."""
        rows = self._rows("published", option=self.option)
        return rows.sort_values(["wave", "row"], kind="stable") if len(rows) else rows

    @cached_property
    def points(self) -> pd.DataFrame:
        """One printed figure a wave: the one of most firms, else the last; with a number.

        A base that its source states and that cannot be is none.
        """
        rows = self.printed
        if rows.empty:
            return rows
        rows = rows[rows["value"].notna()]
        stated = rows["stated_base"].astype("Float64").where(~rows["flag"].str.contains(_NO_BASE))
        size = rows["base"].astype("Float64").fillna(stated).fillna(0)
        return (
            rows.assign(size=size).sort_values(["wave", "size", "row"]).drop_duplicates("wave", keep="last")
        )

    @cached_property
    def waves(self) -> list[str]:
        """Names of the waves with a number, in order."""
        names = set(self.own["wave"].astype(str))
        names |= set(self.points["wave"].astype(str)) if len(self.points) else set()
        return sorted(names)

    @property
    def is_shown(self) -> bool:
        """Whether there is more to see than the study's own one wave."""
        return len(self.own) > 1 or len(self.points) > 0

    @cached_property
    def places(self) -> dict[str, float]:
        """Wave to place: years apart where all waves are years, so that a gap is seen; else one apart."""
        if all(name.isdigit() and len(name) == 4 for name in self.waves):
            return {name: float(name) for name in self.waves}
        return {name: float(at) for at, name in enumerate(self.waves)}

    def breaks(self, lang: str) -> list[tuple[str, str]]:
        """Waves from which on the question is another, and why, those within the trend."""
        found: dict[str, list[str]] = {}
        for row in self._rows("published_breaks").to_dict(orient="records"):
            reason = str(row.get("reason_ja") or "") if lang == "ja" else ""
            found.setdefault(str(row["wave"]), []).append(reason or str(row["reason"]))
        for row in self._rows("breaks", lang=lang).to_dict(orient="records"):
            found.setdefault(str(row["wave"]), []).append(str(row["text"]))
        return [(w, "; ".join(found[w])) for w in self.waves[1:] if w in found]

    def changes(self) -> list[dict[str, object]]:
        """Changes, printed ones first: from, to, estimate, low, high, level, smallest, flag, is_own."""
        rows: list[dict[str, object]] = []
        for record in self._rows("published_changes", option=self.option).to_dict(orient="records"):
            rows.append({str(key): value for key, value in record.items()} | {"is_own": False})
        own = self._rows("changes", option=self.option)
        if len(own):
            order = {"panel": 0, "all": 1}
            first = own.assign(order=own["compared"].map(order)).sort_values("order").iloc[:1]
            for record in first.to_dict(orient="records"):
                row = {str(key): value for key, value in record.items()}
                is_counted = "census" in str(row["method"])
                detected = row["estimate"] != 0 if is_counted else row["low"] > 0 or row["high"] < 0
                flag = "break" if "break" in row["flag"] else "change" if detected else "no detectable change"
                more = {"from_wave": row["earlier"], "to_wave": row["later"], "smallest": row["detectable"]}
                rows.append({**row, **more, "flag": flag, "is_own": True})
        return [row for row in rows if is_number(row["estimate"])]

    @staticmethod
    def is_unsure(flag: str) -> bool:
        """Whether a printed figure has more than one possible reading."""
        return any(word in flag for word in _UNSURE)
