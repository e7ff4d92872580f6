"""Ten million flows under all instruments on DuckDB, beside SQL by hand; and a change that asks a few again.

Run: python -m tests.benchmarks.contact [--quick | --full]. The flows are made by DuckDB into Parquet: 5,000
items and 500,000 parties met at random, so that cases are many. Each size runs in a process of its own, two
threads. `SQL by hand` scans the same columns with one aggregate a class of instruments (its mechanism): a
sum of value over the flows that the gates of one instrument of the class let through. `--full` adds 50M
flows.
"""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from analysis.rules.again import contact_again
from analysis.rules.asking import Asked, asked_on
from analysis.rules.beyond import contact_on
from analysis.rules.catalogue import Catalogue, load_catalogue
from analysis.rules.collide import collisions
from analysis.rules.fields import BOUND_FIELDS, TAG_FIELDS
from analysis.rules.gates import Gate
from analysis.rules.reach import contact, reach_flows
from analysis.supply.engine.sources import source_of
from tests.benchmarks.rows import Row, store

__all__ = ["main"]

SIZES, FULL, QUICK = (1_000_000, 10_000_000), 50_000_000, (20_000, 200_000)
DAY, CLOCK, MOST, AGAIN = date(2026, 1, 15), 60.0, 8.0, 2.0
FIRMS, FLOWS = 5_000, 200_000

_ITEMS = """CREATE TABLE item AS SELECT i AS item, 'product ' || i AS product,
 ['841370','850511','851762','854231','848620','280530','811292','380110','870323','392690','720810','901380',
  '300490','852589','847150',''][1 + (hash(i, 1) % 16)::INT] AS hs,
 ['EAR99','EAR99','EAR99','3B001','3A001','3A991','5A002','3A090','4A994','9A991','']
  [1 + (hash(i, 2) % 11)::INT] AS eccn,
 ['none','none','none','dual-use','semiconductors','chip-making equipment','magnets;rare earths','AI',
  'telecom','video surveillance','quantum','personal data','graphite','']
  [1 + (hash(i, 3) % 14)::INT] AS technology,
 ['JP','JP','US','CN','DE','TW','KR','NL'][1 + (hash(i, 4) % 8)::INT] AS origin,
 ['no','no','no','no','yes',''][1 + (hash(i, 5) % 6)::INT] AS direct_product,
 CASE WHEN hash(i, 6) % 10 > 0 THEN (hash(i, 7) % 400) / 1000.0 END AS us,
 CASE WHEN hash(i, 8) % 10 > 0 THEN (hash(i, 9) % 200) / 1000.0 END AS cn FROM range(5000) t(i)"""

_PARTIES = """CREATE TABLE party AS SELECT i AS party, 'F' || lpad(i::VARCHAR, 6, '0') AS name,
 ['JP','JP','JP','US','CN','CN','DE','TW','KR','NL','VN','MX','GB','HK','SG','IR']
  [1 + (hash(i, 11) % 16)::INT] AS country,
 CASE WHEN hash(i, 12) % 50 = 0 THEN
  ['military','defence','government','contractor','critical infrastructure']
  [1 + (hash(i, 13) % 5)::INT] ELSE 'firm' END AS kind,
 CASE WHEN hash(i, 14) % 100 < 4 THEN ['US-EL','US-EL;US-FDP-FN4','US-SDN','US-MEU','CN-UEL','CN-CTRL',
  'US-UFLPA','US-889','CN-WATCH'][1 + (hash(i, 15) % 9)::INT] ELSE '' END AS lists,
 (hash(i, 16) % 1000) / 1000.0 AS us, (hash(i, 17) % 1000) / 1000.0 AS cn FROM range({parties}) t(i)"""

_FLOWS = """SELECT CASE WHEN f.i % 2 = 0 THEN s.name ELSE b.name END AS firm,
 'L' || lpad(f.i::VARCHAR, 9, '0') AS flow,
 CASE WHEN f.i % 2 = 0 THEN 'sales' ELSE 'inputs' END AS channel, s.name AS seller, b.name AS buyer,
 s.country AS seller_country, b.country AS buyer_country, s.kind AS seller_kind, b.kind AS buyer_kind,
 s.lists AS seller_lists, b.lists AS buyer_lists, product, hs, eccn, technology, origin, origin AS region,
 direct_product, CASE WHEN k < 95 THEN 'trade'
  ELSE ['re-export','use','cooperation','data','investment','staff'][1 + k % 6] END AS flow_kind,
 CASE WHEN k < 95 THEN '' ELSE 'none' END AS end_use,
 CASE WHEN k < 95 THEN '' ELSE ['CN','US','JP'][1 + k % 3] END AS person_country,
 item.us AS us_content_low, item.us + 0.02 AS us_content_high, item.cn AS cn_content_low,
 item.cn + 0.001 AS cn_content_high, CASE WHEN k >= 95 THEN 0.2 END AS stake_low,
 CASE WHEN k >= 95 THEN 0.2 END AS stake_high, CASE WHEN k >= 95 THEN 0.07 END AS growth_low,
 CASE WHEN k >= 95 THEN 0.07 END AS growth_high, s.us AS us_through, s.cn AS cn_through,
 (hash(f.i, 31) % 1000000) / 100.0 AS value, (hash(f.i, 32) % 1000) / 10000.0 AS share,
 0.0 AS substitutability,
 s.name || ' (' || s.country || ') > ' || b.name || ' (' || b.country || '): ' || product AS path
 FROM (SELECT i, (hash(i, 21) % {parties})::INT s, (hash(i, 22) % {parties})::INT b,
  (hash(i, 23) % 5000)::INT it, (hash(i, 24) % 100)::INT k FROM range({flows}) t(i)) f
 JOIN item ON item.item = it JOIN party s ON s.party = f.s JOIN party b ON b.party = f.b"""


def made(flows: int, parties: int, folder: Path | None = None) -> pd.DataFrame | None:
    """Flows of `flows_of` and of other kinds; into Parquet files of a folder, else as a frame."""
    with duckdb.connect(config={"memory_limit": "3GiB", "preserve_insertion_order": False}) as connection:
        connection.execute(_ITEMS)
        connection.execute(_PARTIES.format(parties=parties))
        rows = _FLOWS.format(parties=parties, flows=flows)
        if folder is None:
            return pd.DataFrame(connection.execute(rows).fetch_df())
        connection.execute(
            f"COPY ({rows}) TO '{folder}' (FORMAT parquet, PER_THREAD_OUTPUT, FILE_SIZE_BYTES '256MB')"
        )
    return None


def said(row: Gate) -> str:
    """One gate as SQL somebody would write by hand."""
    words = row.value.split("|")
    if row.field in BOUND_FIELDS:
        sign = {"more_than": ">", "at_least": ">=", "less_than": "<", "at_most": "<="}[row.operator]
        return f"{row.field + ('' if row.field.endswith('through') else '_low')} {sign} {row.value}"
    plain = row.operator.removeprefix("not_")
    if row.field in TAG_FIELDS:
        one = " OR ".join(f"contains({row.field}, '{word}')" for word in words)
    elif plain == "starts_with":
        one = " OR ".join(f"starts_with({row.field}, '{word}')" for word in words)
    elif plain == "like":
        forms = (word.replace("?", "_").replace("*", "%") for word in words)
        one = " OR ".join(f"{row.field} LIKE '{word}'" for word in forms)
    else:
        one = f"{row.field} IN (" + ", ".join(f"'{word}'" for word in words) + ")"
    return f"({one})" if plain == row.operator else f"NOT ({one})"


def by_hand(asked: list[Asked], catalogue: Catalogue, folder: Path) -> tuple[str, int]:
    """One query over the flows with one aggregate a class of instruments; and the number of classes."""
    kind = dict(zip(catalogue.instruments["id"], catalogue.instruments["mechanism"], strict=True))
    first: dict[str, Asked] = {}
    for one in asked:
        if one.rows:
            first.setdefault(str(kind[one.name]), one)
    sums = []
    for one in first.values():
        orders: dict[int, list[str]] = {}
        for row in one.rows:
            if row.branch == one.rows[0].branch and row.gate in ("bound", "subject", "licence"):
                orders.setdefault(row.order, []).append(said(row))
        told = " AND ".join("(" + " OR ".join(rows) + ")" for rows in orders.values())
        sums.append(f"sum(value) FILTER (WHERE {told})")
    return f"SELECT {', '.join(sums)} FROM read_parquet('{folder}/*.parquet')", len(sums)


def spent(work: Callable[[], Any]) -> tuple[float, float]:
    """Clock and processor seconds of some work."""
    clock, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - cpu


def one(folder: Path) -> dict[str, Any]:
    """All instruments over the flows of a folder on DuckDB: ruled on, then written out; and SQL by hand."""
    from analysis.supply.engine.duck import DuckEngine

    catalogue = load_catalogue()
    asked = list(asked_on(catalogue, DAY, screened=True))
    query, classes = by_hand(asked, catalogue, folder)
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute(query).fetchall()
        hand = [spent(lambda: connection.execute(query).fetchall()) for _ in range(3)]
    told: dict[str, Any] = {}
    with DuckEngine(folder.parent, memory="4GiB", threads=2) as engine:

        def rule() -> None:
            flows = engine.read(source_of(folder))
            told["done"] = contact_on(engine, flows, catalogue, DAY)

        ruled = spent(rule)
        done = told["done"]
        out = folder.parent / "contact.parquet"
        written = spent(lambda: done.rows.to_native().write_parquet(str(out)))
        with duckdb.connect() as connection:
            rows = connection.execute(f"SELECT count(*) FROM '{out}'").fetchall()[0][0]
    return {
        "instruments": len(asked),
        "classes": classes,
        "cases": done.cases,
        "rows": rows,
        "is_summed": int(done.totals["flows"].sum()) == rows,
        "hand": [statistics.median(side) for side in zip(*hand, strict=True)],
        "ruled": ruled,
        "written": written,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    }


def changed(catalogue: Catalogue) -> dict[str, Catalogue]:
    """The catalogue after some changes, by what they are."""
    gates = catalogue.gates.copy()
    gates.loc[(gates["instrument"] == "US-DEMIN-25") & (gates["field"] == "us_content"), "value"] = "0"
    rows = catalogue.in_force
    limb = rows["instrument"] == "CN-61-2025-L1"
    always = rows[limb].head(1).assign(branch="", state="in_force", warning="", **{"from": "", "to": ""})
    back = replace(catalogue, in_force=pd.concat([rows[~limb], always], ignore_index=True))
    return {"a threshold": replace(catalogue, gates=gates), "a suspended rule back": back}


def again_rows(firms: int, flows: int) -> list[Row]:
    """A scenario's change over flows in memory, contact and collisions, beside asking everything."""
    frame = made(flows, firms)
    if frame is None:
        return []
    catalogue = load_catalogue()
    ends = [frame[[end, f"{end}_lists"]].set_axis(["party", "list"], axis=1) for end in ("seller", "buyer")]
    listings = pd.concat(ends).drop_duplicates()
    listings = listings[listings["list"] != ""].assign(list=lambda rows: rows["list"].str.split(";"))
    listings = listings.explode("list").assign(**{"from": "", "to": ""}).reset_index(drop=True)
    more = pd.DataFrame({"party": frame["buyer"].unique()[:50], "list": "US-EL", "from": "", "to": ""})
    grown = pd.concat([listings, more], ignore_index=True)
    size = f"{firms:,} firms, {flows:,} flows"
    whole = statistics.median(spent(lambda: contact(frame, catalogue, DAY, listings))[1] for _ in range(3))
    rows = [Row(f"contact in memory, all instruments: {size}", whole, "cpu s")]
    before = reach_flows(frame, catalogue, DAY, listings)
    cases = {name: (after, listings) for name, after in changed(catalogue).items()}
    for name, (after, lists) in (cases | {"50 parties more on the Entity List": (catalogue, grown)}).items():

        def work(after: Catalogue = after, lists: pd.DataFrame = lists) -> pd.DataFrame:
            reached = contact_again(before, catalogue, after, DAY, listings, lists)
            collisions(reached.table, reached.flows, after, DAY)
            return reached.table

        took = statistics.median(spent(work)[1] for _ in range(3))
        same = work().equals(contact(frame, after, DAY, lists))
        rows.append(
            Row(
                f"{name}: asked again and collided, {size}",
                took,
                "cpu s",
                bound=f"under {AGAIN:g} s, equal to asking everything",
                is_kept=took < AGAIN and same,
                how="median of 3",
            )
        )
    return rows


def size_rows(flows: int, told: dict[str, Any]) -> list[Row]:
    """What one size measured."""
    ruled, written, hand = told["ruled"], told["written"], told["hand"]
    clock, times = ruled[0] / hand[0], ruled[1] / hand[1]
    name = f"{flows:,} flows x {told['instruments']} instruments on DuckDB, two threads"
    return [
        Row(
            f"{name}: every verdict, summed by instrument",
            ruled[1],
            "cpu s",
            f"SQL by hand, one aggregate for each of {told['classes']} classes",
            hand[1],
            "at most 3 times the scan, in processor time and by the clock",
            max(clock, times) <= 3 or flows < SIZES[1],
            f"{told['cases']:,} cases; {times:.1f} times the scan; by the clock {ruled[0]:.1f} s"
            f" and {hand[0]:.1f} s, {clock:.1f} times",
        ),
        Row(
            f"the same and {told['rows']:,} rows of contact written to Parquet",
            ruled[1] + written[1],
            "cpu s",
            bound=f"under {CLOCK:g} s for 10M flows; rows as summed",
            is_kept=(ruled[1] + written[1] < CLOCK or flows > SIZES[1]) and told["is_summed"],
            how=f"both threads added; by the clock of this machine {ruled[0] + written[0]:.1f} s",
        ),
        Row(
            f"most memory, {flows:,} flows",
            told["peak"] * 1024,
            "MiB",
            bound=f"under {MOST:g} GiB",
            is_kept=told["peak"] < MOST,
        ),
    ]


def main(words: list[str] | None = None) -> int:
    """Measure each size, print and store; 1 where a bound is broken."""
    words = words or []
    if words[:1] == ["--one"]:
        print(json.dumps(one(Path(words[1]))))
        return 0
    sizes = QUICK if "--quick" in words else (*SIZES, FULL) if "--full" in words else SIZES
    rows, each = [], []
    for flows in sizes:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "flows"
            folder.mkdir()
            made(flows, max(1_000, min(500_000, flows // 20)), folder)
            command = [sys.executable, "-m", "tests.benchmarks.contact", "--one", str(folder)]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
            told = json.loads(done.stdout.splitlines()[-1])
        each.append((told["ruled"][1] + told["written"][1]) / flows)
        rows += size_rows(flows, told)
    for smaller, larger, before, after in zip(sizes, sizes[1:], each, each[1:], strict=False):
        rows.append(
            Row(
                f"cost of a flow, {larger:,} over {smaller:,}",
                after / before,
                "times",
                bound="linear: under 1.5 times",
                is_kept=after / before < 1.5,
            )
        )
    small = 10 if "--quick" in words else 1
    return store("contact", rows + again_rows(FIRMS // small, FLOWS // small))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
