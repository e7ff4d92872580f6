"""A comparison of one firm as HTML: the same for the page, the report and the PDF; it fetches nothing."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from dashboard.benchmark_tables import alike_table, controls_table, moves_table
from dashboard.benchmark_words import own_words, place_words
from dashboard.doubt_words import sources_words
from dashboard.finding_words import file_alone, say_finding
from dashboard.known import FACTS, part_facts
from dashboard.shelf import Shelf
from dashboard.wording import as_date, as_index, dated, is_number, say

if TYPE_CHECKING:
    from analysis import Benchmark

__all__ = ["sheet_of_benchmark"]

_SIDES = {"pressure.us": "us", "pressure.cn": "cn", "pressure.squeeze": "both"}


def sheet_of_benchmark(shelf: Shelf, found: "Benchmark", lang: str) -> str:
    """The whole comparison, from its claim to what it rests on; every word from outside is escaped."""
    rows = [{str(key): value for key, value in row.items()} for row in found.table.to_dict(orient="records")]
    flows = found.moves[found.moves["kind"] == "flow"]
    places = [row for row in rows if row["stat"] == "percentile"]
    pressure = [row for row in places if row["kind"] == "pressure"]
    banded = [row for row in places if row["kind"] == "answer"]
    alike = [row for row in rows if row["stat"] == "share" and row["kind"] == "answer" and not row["by"]]
    parts = [
        _claim(shelf, found, pressure, lang),
        _pressure(shelf, found, pressure, lang),
        _section(lang, "moves", moves_table(shelf, flows, lang) + _known(shelf, lang, "flows"), "moves_note")
        if pressure
        else "",
        _readiness(shelf, rows, found, lang),
        _section(lang, "banded", _stands(shelf, banded, lang) + _known(shelf, lang, "place"))
        if banded
        else "",
        _section(lang, "alike", alike_table(shelf, alike, lang) + _known(shelf, lang, "alike"), "alike_note")
        if alike
        else "",
        _rests_on(shelf, found, lang),
    ]
    return "".join(parts)


def _section(lang: str, key: str, body: str, *notes: str) -> str:
    said = "".join(f'<p class="sentence">{escape(say(lang, f"benchmark.{note}"))}</p>' for note in notes)
    return f'<section class="panel"><h3>{escape(say(lang, f"benchmark.{key}"))}</h3>{said}{body}</section>'


def _known(shelf: Shelf, lang: str, part: str) -> str:
    """How the numbers of a section are known, folded as on every page."""
    told = part_facts(shelf, lang, part, say(lang, "about.n_beside"))
    rows = "".join(
        f"<dt>{escape(say(lang, f'about.{key}'))}</dt><dd>{escape(told[key])}</dd>" for key in FACTS
    )
    title = escape(say(lang, "about.open"))
    return f'<details class="about"><summary>{title}</summary><dl>{rows}</dl></details>'


def _claim(shelf: Shelf, found: "Benchmark", pressure: Sequence[Mapping[str, Any]], lang: str) -> str:
    """The sentence a reader takes away, and how to read a place."""
    squeeze = [r for r in pressure if r["question"] == "pressure.squeeze" and not r["by"]]
    second = ""
    if squeeze and is_number(squeeze[0]["low"]):
        value = as_index(float(squeeze[0]["own"]), 3)
        claim = say(lang, "benchmark.claim_squeeze", value=value, place=place_words(squeeze[0], lang))
        second = say(lang, "benchmark.second_place")
    elif found.about["answered"]:
        many, firms = found.about["answered"], found.about["firms"]
        claim = say(lang, "benchmark.claim_answers", many=many, n=firms)
    else:
        claim = say(lang, "benchmark.claim_pressure")
    after = f'<span class="claim-interval">{escape(second)}</span>' if second else ""
    return f'<h2 id="benchmark-claim" tabindex="-1" class="claim-of-day">{escape(claim)}{after}</h2>'


def _pressure(shelf: Shelf, found: "Benchmark", rows: Sequence[Mapping[str, Any]], lang: str) -> str:
    if not rows:
        return ""
    day = as_date(lang, str(found.about["as_of"] or ""))
    known = [row["n"] for row in rows if not row["by"] and is_number(row["n"])]
    notes = [say(lang, "benchmark.pressure_note", as_of=day)]
    if known:
        key = "preview_note" if found.about["is_preview"] else "peers_note"
        notes.append(say(lang, f"benchmark.{key}", n=int(known[0])))
    said = "".join(f'<p class="sentence">{escape(note)}</p>' for note in notes)
    body = f"{said}{_stands(shelf, rows, lang)}{_known(shelf, lang, 'place')}"
    return _section(lang, "pressure", body)


def _stands(shelf: Shelf, rows: Iterable[Mapping[str, Any]], lang: str) -> str:
    """One line a measure and group of peers: name, bar from place 0 to 100, place, own value."""
    lines = "".join(_stand(shelf, row, lang) for row in rows)
    ends = '<div class="stand-row stand-ruler" aria-hidden="true"><span></span><div class="bar-ends">'
    ends += f"<span>0</span><span>100</span></div><span>{escape(say(lang, 'benchmark.place'))}</span>"
    ends += f"<span>{escape(say(lang, 'benchmark.own'))}</span></div>"
    return f'<div class="stands">{ends}<ul class="stand-list">{lines}</ul></div>'


def _stand(shelf: Shelf, row: Mapping[str, Any], lang: str) -> str:
    question = str(row["question"])
    name = shelf.label(lang, question)
    peers = say(lang, "benchmark.all_firms")
    if row["by"]:
        group = shelf.label(lang, str(row["by"]), str(row["group"]))
        peers = say(lang, "benchmark.group_of", question=shelf.label(lang, str(row["by"])), group=group)
    if is_number(row["n"]):
        peers = f"{peers} · {say(lang, 'brief.n', n=int(row['n']))}"
    own = own_words(shelf, row, lang)
    if not is_number(row["low"]):
        key = "no_denominator" if row["flag"] == "no denominator" else "not_placed"
        bar, place = f'<span class="quiet">{escape(say(lang, f"benchmark.{key}"))}</span>', "–"
    else:
        place = place_words(row, lang)
        bar = _bar(
            row, f"{name}: {say(lang, 'benchmark.place_words', place=place)}", _SIDES.get(question, "")
        )
    return (
        f'<li class="stand-row"><span class="stand-name">{escape(name)}'
        f'<span class="quiet">{escape(peers)}</span></span>{bar}'
        f'<span class="stand-place">{escape(place)}</span><span class="stand-own">{escape(own)}</span></li>'
    )


def _bar(row: Mapping[str, Any], words: str, side: str) -> str:
    """A bar of the page, as text: everything the place may be, and its middle."""
    low, high, point = (min(max(float(row[key]), 0.0), 1.0) for key in ("low", "high", "estimate"))
    wide = f'<span class="bar-wide" style="left:{100 * low:.2f}%;width:{100 * (high - low):.2f}%"></span>'
    dot = f'<span class="bar-point" style="left:{100 * point:.2f}%"></span>'
    kind = f"bar {side}".strip()
    return f'<div class="{kind}" role="img" aria-label="{escape(words)}">{wide}{dot}</div>'


def _readiness(shelf: Shelf, rows: Sequence[Mapping[str, Any]], found: "Benchmark", lang: str) -> str:
    """Which controls the firm has, how many of its peers do, and what one more would make of its index."""
    mine = [row for row in rows if row["kind"] == "control" and row["stat"] == "share"]
    if not mine:
        return ""
    moves = found.moves[found.moves["kind"] == "control"]
    gains = dict(zip(moves["what"], moves["after"].astype(float), strict=True))
    index = [row for row in rows if row["question"] == "readiness.index"]
    said = []
    for row in index:
        words = {"value": as_index(float(row["own"])), "many": len(mine)}
        key = "own_place" if is_number(row["low"]) else "own_alone"
        place = {"place": place_words(row, lang)} if key == "own_place" else {}
        said.append(say(lang, f"readiness.{key}", **words, **place))
    said.append(say(lang, "readiness.own_note"))
    notes = "".join(f'<p class="sentence">{escape(words)}</p>' for words in said)
    title, known = escape(say(lang, "readiness.own_title")), _known(shelf, lang, "readiness")
    return (
        f'<section class="panel"><h3>{title}</h3>{notes}{controls_table(mine, gains, lang)}{known}</section>'
    )


def _rests_on(shelf: Shelf, found: "Benchmark", lang: str) -> str:
    about = found.about
    notes = [
        say(
            lang,
            "benchmark.note_release",
            title=shelf.title(lang),
            wave=about["wave"],
            audience=say(lang, f"audience.{about['audience']}"),
            as_of=as_date(lang, str(about["as_of"] or "")),
            version=about["product_version"],
        ),
        say(lang, "benchmark.note_nothing"),
    ]
    if (found.table["flag"] == "hidden cells").any():
        notes.append(say(lang, "benchmark.note_hidden"))
    if about["links"]:
        notes.append(say(lang, "benchmark.note_choose"))
        if not about["is_screened"]:
            notes.append(say(lang, "benchmark.note_unscreened"))
        if about["drawn_over"]:
            over = sources_words(lang, about["drawn_over"])
            notes.append(say(lang, "benchmark.note_drawn", sources=over))
        notes += [dated(lang, words) for words in (about.get("notice") or {}).get(lang, ())]
    if about["synthetic"]:
        notes.append(say(lang, "frame.synthetic"))
    said = "".join(f"<li>{escape(note)}</li>" for note in notes)
    said_of = [
        say_finding(lang, (one.found, one.meaning, one.do), file_alone(one.where)) for one in found.findings
    ]
    told = "".join(f'<li lang="{one.lang}">{escape(one.words)}</li>' for one in said_of)
    return _section(lang, "rests_on", f'<ul class="notes">{said}{told}</ul>')
