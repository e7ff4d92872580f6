"""What a View asks of the suppliers, as a Release holds it: whose, through which country, and the rows."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from dashboard.selection import View
from dashboard.shelf import Shelf
from dashboard.wording import is_number

__all__ = ["Supplied", "country_of", "supplied_for"]

_SIDES = {"US": "us", "CN": "cn"}


def country_of(seed: str) -> str:
    """The code of the country a seed is, "" where it is none."""
    kind, _, code = seed.partition("=")
    return code if kind == "country" else ""


@dataclass(frozen=True)
class Supplied:
    """Dependence of all firms, or of one, on one country beside others.

    Attributes
    ----------
    shelf : Shelf
        The Release.
    firm : str
        Firm asked for; "" for all together.
    seed : str
        Seed looked at, such as `country=CN`; one the Release holds.
    """

    shelf: Shelf
    firm: str
    seed: str

    @property
    def country(self) -> str:
        """Code of the country looked at."""
        return country_of(self.seed)

    @staticmethod
    def side(seed: str) -> str:
        """`us`, `cn` or "" (grey)."""
        return _SIDES.get(country_of(seed), "")

    @cached_property
    def firms(self) -> list[str]:
        """Firms with rows of their own, in the order of the Release; empty for other audiences."""
        tables = self.shelf.tables
        if "lookthrough" not in tables:
            return []
        return [str(firm) for firm in tables.column("lookthrough", "firm").unique()]

    @cached_property
    def seeds(self) -> list[str]:
        """Seeds with paths and chokepoints; where there are none, those of the exposure."""
        for name in ("paths", "chokepoints"):
            if name in self.shelf.tables:
                return [str(seed) for seed in self.shelf.tables.column(name, "seed").unique()]
        held = [str(seed) for seed in self.shelf.tables["exposure"]["seed"].unique() if seed]
        return [seed for seed in held if self.side(seed)] or held[:1]

    @cached_property
    def rows(self) -> pd.DataFrame:
        """A row a seed: `seed,direct,exposure,high,n,flag`; a country without a number is nan there."""
        if self.firm:
            mine = self.shelf.rows_of("lookthrough", self.firm)
            return mine[["seed", "direct", "exposure", "high", "n", "flag"]].reset_index(drop=True)
        return self.summary("mean")

    def summary(self, which: str) -> pd.DataFrame:
        """As `rows`, `mean` or `median` over all firms."""
        table = self.shelf.tables["exposure"]
        of = table[(table["summary"] == which) & (table["seed"] != "")]
        direct = of[of["stat"] == "direct"].set_index("seed")
        whole = of[of["stat"] == "exposure"].set_index("seed")
        return pd.DataFrame(
            {
                "seed": whole.index,
                "direct": direct["estimate"].reindex(whole.index).to_numpy(dtype=float),
                "exposure": whole["estimate"].to_numpy(dtype=float),
                "high": whole["high"].to_numpy(dtype=float),
                "n": whole["n"].to_numpy(),
                "flag": whole["flag"].to_numpy(),
            }
        )

    @cached_property
    def row(self) -> "pd.Series | None":
        """The row of the country looked at, None where it has no number."""
        found = self.rows[self.rows["seed"] == self.seed]
        return None if found.empty or not is_number(found.iloc[0]["exposure"]) else found.iloc[0]

    @cached_property
    def n(self) -> int | None:
        """Firms behind the numbers over all firms."""
        known = self.shelf.tables["exposure"]["n"].dropna()
        return int(known.max()) if len(known) else None

    @cached_property
    def named(self) -> float | None:
        """Mean share of the firms' own inputs that links name."""
        table = self.shelf.tables["exposure"]
        found = table[(table["stat"] == "named") & (table["summary"] == "mean")]["estimate"].dropna()
        return float(found.iloc[0]) if len(found) else None

    @cached_property
    def methods(self) -> tuple[str, ...]:
        """How the shares of the firms shown came about, each once."""
        shelf = self.shelf
        if "lookthrough" not in shelf.tables:
            return ()
        if self.firm:
            told = shelf.rows_of("lookthrough", self.firm)["share_method"]
        else:
            told = shelf.tables.column("lookthrough", "share_method")
        return tuple(dict.fromkeys(part for text in told.unique() for part in text.split("; ")))

    def part(self, name: str, *, of_firm: str = "") -> pd.DataFrame:
        """Rows of a table about the seed looked at (and a firm); empty where the Release has none."""
        if name not in self.shelf.tables:
            return pd.DataFrame()
        if not of_firm:
            return self.shelf.tables.where(name, seed=self.seed)
        mine = self.shelf.rows_of(name, of_firm)
        return mine[mine["seed"] == self.seed]

    @cached_property
    def pictured(self) -> str:
        """The firm whose paths are drawn: the one asked for, else the one most exposed that has paths."""
        if self.firm:
            return self.firm
        tables = self.shelf.tables
        if "paths" not in tables:
            return ""
        held = set(tables.column("paths", "firm")[tables.column("paths", "seed") == self.seed])
        table = self.part("lookthrough")
        if not held or table.empty:
            return ""
        ordered = table.sort_values("exposure", ascending=False, kind="stable")["firm"]
        return next((str(firm) for firm in ordered if firm in held), "")

    @cached_property
    def _parties(self) -> pd.DataFrame:
        table = self.shelf.tables.get("parties")
        empty = pd.DataFrame(columns=["party", "name", "name_ja", "country"])
        return (empty if table is None else table).set_index("party")

    def name(self, lang: str, party: str) -> str:
        """Name of a firm or supplier in a language, else in any, else its id."""
        if party not in self._parties.index:
            return party
        row = self._parties.loc[party]
        japanese = str(row["name_ja"] or "") if lang == "ja" else ""
        return japanese or str(row["name"] or "") or party


def supplied_for(shelf: Shelf, view: View) -> Supplied | None:
    """What a View asks for, words the Release does not hold passed over; None without suppliers."""
    if "exposure" not in shelf.tables:
        return None
    every = Supplied(shelf, "", "")
    firm = view.firm if view.firm in every.firms else ""
    if len(every.firms) == 1:
        firm = every.firms[0]
    seeds = every.seeds
    if view.seed in seeds:
        return Supplied(shelf, firm, view.seed)
    known = Supplied(shelf, firm, seeds[0] if seeds else "").rows
    size = dict(zip(known["seed"].astype(str), known["exposure"].astype(float).fillna(-1.0), strict=True))
    return Supplied(shelf, firm, max(seeds, key=lambda seed: size.get(seed, -1.0), default=""))
