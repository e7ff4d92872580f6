"""Rules that do not exist, added: new ones with their tests, and the same rule made by other states."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from analysis.rules.catalogue import Catalogue
from analysis.scenario.dates import known_instruments
from analysis.scenario.record import Change
from survey import country_codes, nearest

__all__ = ["ADDING_CHANGES", "add_rules"]

ADDING_CHANGES = ("add", "join", "align")
"""Words of `do` that this module knows."""

_SIDES = {"US": "us", "CN": "cn"}

_WHERE_FROM = ("seller_country", "origin", "us_content", "cn_content", "direct_product")
"""Fields that bind by where an item is from: a state that joins asks for its own exports instead."""


def add_rules(catalogue: Catalogue, change: Change) -> Catalogue:
    """The catalogue with instruments added, or counted on a side.

    Parameters
    ----------
    catalogue : Catalogue
    change : Change
        `do` one of `ADDING_CHANGES`.

    Raises
    ------
    StudyFault
        An id that is taken, instruments or countries that do not exist, tests without an outcome.
    """
    if change.do == "add":
        return _added(catalogue, change)
    return _joined(catalogue, change) if change.do == "join" else _aligned(catalogue, change)


def _added(catalogue: Catalogue, change: Change) -> Catalogue:
    name, state = change.text("id"), change.text("jurisdiction")
    if name in set(catalogue.instruments["id"]):
        raise change.fault("id", repr(name), "an id that the catalogue does not have", "choose another id")
    known = tuple(catalogue.instruments["jurisdiction"].unique())
    code = country_codes(pd.Series([state], dtype="str")).iloc[0]
    if state not in known and code != state:
        raise change.fault(
            "jurisdiction",
            repr(state),
            "a country as JP, or one of: " + ", ".join(known),
            nearest(state, known),
        )
    titles = change.keys["title"]
    catalogue = _instrument(
        catalogue,
        change,
        name,
        state,
        _SIDES.get(state, "other"),
        str(titles["en"]),
        str(titles.get("ja", titles["en"])),
    )
    rows = [
        {
            "instrument": name,
            "branch": str(row.get("branch", "")),
            "order": int(row.get("order", place)),
            "gate": str(row.get("gate", "licence")),
            "outcome": str(row.get("outcome", "")),
            "clause": str(row.get("clause", f"scenario {change.scenario}")),
            "note": str(row.get("note", "")),
            **{key: str(row[key]) for key in ("field", "operator", "value") if key in row},
        }
        for place, row in enumerate(change.keys["tests"])
    ]
    catalogue = _gates(catalogue, change, rows)
    pairs = [{"duty": name, **row} for row in change.keys.get("pairs", [])]
    own = pd.DataFrame(pairs).reindex(columns=catalogue.collisions.columns) if pairs else None
    if own is not None:
        defaults = {
            "status": "dormant", "channel": "sales", "hurt": "buyer_country", "clause_outcome": "prohibited",
            "kind": "cut off", "binds": "anyone", "confidence": "uncertain",
        }  # fmt: skip
        for key, word in defaults.items():
            own[key] = own[key].where(own[key].notna(), word)
        catalogue = replace(
            catalogue,
            collisions=pd.concat([catalogue.collisions, own.fillna("").astype("str")], ignore_index=True),
        )
    for key, end in (("punished_as", "duty"), ("punishes_as", "clause")):
        if change.text(key):
            known_instruments(change, catalogue, key)
            catalogue = _pairs_like(catalogue, change, change.text(key), name, end)
    return catalogue


def _joined(catalogue: Catalogue, change: Change) -> Catalogue:
    """One instrument more a country: the rule's licence tests, for what is sold from there."""
    codes = country_codes(pd.Series(change.words("countries"), dtype="str"))
    known = _countries(change, codes)
    for name in known_instruments(change, catalogue):
        mine = catalogue.gates[catalogue.gates["instrument"] == name]
        if mine.empty:
            raise change.fault(
                "instrument", f"{name!r}, which has no tests", "one with tests", "choose another"
            )
        side = catalogue.side_of()[name]
        first = catalogue.instruments.set_index("id").loc[name]
        for state in known:
            fresh = f"{name}+{state}"
            if fresh in set(catalogue.instruments["id"]):
                continue
            english, japanese = str(first["instrument"]), str(first["ja"] or first["instrument"])
            english, japanese = f"{english}: the same by {state}", f"{japanese}（{state}も同調）"
            catalogue = _instrument(catalogue, change, fresh, state, side, english, japanese)
            catalogue = _gates(catalogue, change, _own_tests(mine, fresh, state))
            catalogue = _pairs_like(catalogue, change, name, fresh, "duty")
            catalogue = _beside(catalogue, change, fresh, name)
    return catalogue


def _own_tests(mine: pd.DataFrame, fresh: str, state: str) -> list[dict[str, object]]:
    """Tests of a rule as another state would make it: by its own exports, without the first state's reach."""
    kept = mine[mine["gate"].isin(["bound", "subject", "licence"]) & ~mine["field"].isin(_WHERE_FROM)]
    rows: list[dict[str, object]] = []
    for branch, tests in mine.groupby("branch", sort=False):
        rows.append(
            {
                "instrument": fresh, "branch": branch, "order": 0, "gate": "bound", "field": "seller_country",
                "operator": "equals", "value": state, "outcome": "", "clause": tests["clause"].iloc[0],
                "note": "sold from there, whoever made it",
            }
        )  # fmt: skip
        own = kept[kept["branch"] == branch]
        rows += [
            {
                **{str(key): cell for key, cell in row.items()},
                "instrument": fresh,
                "order": int(row["order"]) + 1,
            }
            for row in own.to_dict(orient="records")
        ]
    return rows


def _countries(change: Change, codes: pd.Series) -> tuple[str, ...]:
    for given, code in zip(change.words("countries"), codes, strict=True):
        if not isinstance(code, str) or not code:
            raise change.fault("countries", repr(given), "a country, such as JP", "correct its name")
    return tuple(dict.fromkeys(str(code) for code in codes))


def _aligned(catalogue: Catalogue, change: Change) -> Catalogue:
    names, of = known_instruments(change, catalogue), change.text("with")
    known_instruments(change, catalogue, "with")
    side = catalogue.side_of()[of]
    if side == "other":
        raise change.fault(
            "with",
            f"{of!r}, a rule of neither side",
            "a rule of the United States or of China",
            "choose another",
        )
    for name in names:
        mine = catalogue.instruments["id"] == name
        moved = catalogue.instruments.assign(side=catalogue.instruments["side"].where(~mine, side))
        catalogue = _beside(replace(catalogue, instruments=moved), change, name, of)
        catalogue = _pairs_like(catalogue, change, of, name, "duty")
    return catalogue


def _instrument(
    catalogue: Catalogue, change: Change, name: str, state: str, side: str, english: str, japanese: str
) -> Catalogue:
    """A row for an instrument, and its interval in force."""
    source = change.text("source") or f"scenario {change.scenario}"
    row: dict[str, object] = {
        "id": name, "jurisdiction": state, "instrument": english, "mechanism": change.text("mechanism"),
        "legal_basis": source, "source": source, "confidence": "uncertain",
        "note": f"added by the scenario {change.scenario}", "side": side, "computed": True, "ja": japanese,
    }  # fmt: skip
    made = pd.concat([catalogue.instruments, _as_rows([row], catalogue.instruments)], ignore_index=True)
    made["computed"] = made["computed"].astype(bool)
    force: dict[str, object] = {
        "instrument": name, "branch": "", "state": "in_force",
        "from": change.day("from"), "to": change.day("to"), "source": source, "confidence": "uncertain",
        "warning": f"exists in the scenario {change.scenario} only",
    }  # fmt: skip
    dates = pd.concat([catalogue.in_force, _as_rows([force], catalogue.in_force)], ignore_index=True)
    return replace(catalogue, instruments=made, in_force=dates)


def _gates(catalogue: Catalogue, change: Change, rows: Sequence[dict[str, object]]) -> Catalogue:
    source = change.text("source") or f"scenario {change.scenario}"
    told = [{**row, "source": source, "confidence": "uncertain"} for row in rows]
    gates = pd.concat([catalogue.gates, _as_rows(told, catalogue.gates)], ignore_index=True)
    gates["order"] = gates["order"].astype(int)
    return replace(catalogue, gates=gates)


def _pairs_like(catalogue: Catalogue, change: Change, like: str, name: str, end: str) -> Catalogue:
    """Pairs of one instrument for another too, where it has none of that kind itself."""
    pairs = catalogue.collisions
    other = "clause" if end == "duty" else "duty"
    has = set(pairs.loc[pairs[end] == name, other])
    more = pairs[(pairs[end] == like) & ~pairs[other].isin(has)].assign(**{end: name})
    note = f"assumed in the scenario {change.scenario}: as for {like}"
    more = more.assign(confidence="uncertain", note=note)
    return replace(catalogue, collisions=pd.concat([pairs, more], ignore_index=True))


def _beside(catalogue: Catalogue, change: Change, name: str, of: str) -> Catalogue:
    row: dict[str, object] = {
        "instrument": name, "aligned_with": of, "from": change.day("from"), "to": change.day("to"),
        "source": change.text("source") or f"scenario {change.scenario}", "confidence": "uncertain",
        "note": f"assumed in the scenario {change.scenario}",
    }  # fmt: skip
    return replace(
        catalogue,
        aligned=pd.concat([catalogue.aligned, _as_rows([row], catalogue.aligned)], ignore_index=True),
    )


def _as_rows(rows: Sequence[Mapping[str, Any]], like: pd.DataFrame) -> pd.DataFrame:
    """Rows with the columns of a table, "" where they say nothing."""
    told = [{name: "" if pd.isna(value) else value for name, value in row.items()} for row in rows]
    return pd.DataFrame({name: [row.get(name, "") for row in told] for name in like.columns}, dtype=object)
