"""How the numbers came about: base, intervals, what is hidden, notice, sources; and the whole story."""

from dataclasses import replace

from dashboard.claims import day_claim
from dashboard.export.story import Slide, Story, Table
from dashboard.export.told_answers import source_words, tell_answers, tell_contrast, tell_doubt, tell_sectors
from dashboard.export.told_causes import tell_collisions, tell_dependence, tell_scenarios
from dashboard.export.told_firms import tell_firms
from dashboard.export.told_waves import tell_waves
from dashboard.finding_words import say_finding
from dashboard.selection import View
from dashboard.shelf import Shelf
from dashboard.supplied import supplied_for
from dashboard.supply_words import say_dependence
from dashboard.wording import as_date, dated, say

__all__ = ["tell_method", "tell_story"]


_SHORT = (
    "headlines",
    "contrast",
    "changes",
    "sectors",
    "firms",
    "bands",
    "dependence",
    "collisions",
    "scenarios",
)
"""Slides whose claims make the first one."""


def tell_method(shelf: Shelf, lang: str) -> list[Slide]:
    """What holds for every number of the brief, and the files it rests on with their checksums."""
    manifest = shelf.manifest
    as_of, fitted = (as_date(lang, str(manifest.get(key) or "")) for key in ("as_of", "calibrated_at"))
    points = []
    if "estimates" in shelf.tables:
        points.append(say(lang, "foot.base", rule=say(lang, "base.answered")))
    if as_of and fitted:
        points.append(say(lang, "foot.calibrated", as_of=as_of, calibrated_at=fitted))
    rule = manifest.get("disclosure") or {}
    if shelf.audience == "internal":
        points.append(say(lang, "method_page.disclosure_internal"))
    else:
        words = {key: rule.get(key, "–") for key in ("floor", "smallest_table", "cells", "hidden_cells")}
        points.append(say(lang, "method_page.disclosure_text", **words))
        tried = manifest.get("attacked")
        if isinstance(tried, dict):
            counts = {key: str(tried[key]) for key in ("earlier", "recovered", "bounded", "open")}
            points.append(say(lang, "method_page.attacked", **counts))
        else:
            points.append(say(lang, "frame.not_attacked"))
    points += [dated(lang, str(words)) for words in (manifest.get("notice") or {}).get(lang, ())]
    sources = tuple(
        (str(source.get("file", "")), str(source.get("sha256", ""))[:12])
        for source in manifest.get("sources", ())
    )
    table = (
        Table((say(lang, "foot.sources"), "SHA-256"), sources, say(lang, "foot.sources")) if sources else None
    )
    found = shelf.findings()[["found", "meaning", "do"]].to_numpy()
    told = [say_finding(lang, parts) for parts in found]
    notes = [dated(one.lang, one.words) for one in told]
    return [
        Slide(
            "method",
            "method",
            say(lang, "brief.method_claim"),
            say(lang, "brief.interval"),
            None,
            table,
            tuple(points),
            source_words(shelf, lang, say(lang, "brief.checksums")),
            tuple(notes),
        )
    ]


def tell_story(shelf: Shelf, view: View) -> Story:
    """The one story of a Release, computed once: what, how sure, who, why, what if, method.

    Parameters
    ----------
    view : View
        Language, and what of its filters a brief keeps: firms compared, seed, scenario, measure.
    """
    lang, manifest = view.lang, shelf.manifest
    slides: list[Slide] = []
    if "estimates" in shelf.tables:
        slides += tell_answers(shelf, lang) + tell_contrast(shelf, lang) + tell_waves(shelf, lang)
        slides += tell_doubt(shelf, lang) + tell_sectors(shelf, lang) + tell_firms(shelf, view)
    slides += tell_dependence(shelf, view) + tell_collisions(shelf, view)
    slides += tell_scenarios(shelf, view) + tell_method(shelf, lang)
    slides = [*_in_short(shelf, lang, slides), *slides]
    audience = say(lang, f"audience.{shelf.audience}")
    as_of = str(manifest.get("as_of") or "")
    facts = [
        say(lang, "brief.wave", wave=manifest["wave"]) if manifest.get("wave") else "",
        say(lang, "brief.day", day=as_date(lang, as_of)) if as_of else "",
        say(lang, "brief.audience", audience=audience),
    ]
    return Story(
        lang,
        shelf.title(lang),
        " · ".join(fact for fact in facts if fact),
        _opening(shelf, lang),
        say(lang, "frame.synthetic") if manifest.get("synthetic") else "",
        say(
            lang,
            "frame.print_note",
            version=manifest.get("product_version", ""),
            study=manifest.get("study", ""),
            as_of=as_date(lang, as_of) if as_of else "–",
            audience=audience,
            release=shelf.mark,
        ),
        _stem(shelf, lang),
        tuple(replace(slide, claim=slide.claim.rstrip("。.")) for slide in slides),
    )


def _in_short(shelf: Shelf, lang: str, slides: list[Slide]) -> list[Slide]:
    """The claims of the story on one slide, chapter by chapter, each with how sure it is."""
    told = [slide for slide in slides if slide.key.partition("-")[0] in _SHORT]
    if len(told) < 3:
        return []
    first, *rest = told
    title = say(lang, "brief.short", claim=first.claim)
    rows = tuple(
        (say(lang, f"brief.{slide.chapter}"), slide.claim.rstrip("。."), slide.sure) for slide in rest
    )
    head = tuple(say(lang, f"brief.{key}") for key in ("chapter", "finding", "beside"))
    source = source_words(shelf, lang, say(lang, "brief.each_slide"))
    notes = tuple(f"{row[0]}: {row[1]}. {row[2]}" for row in rows)
    return [Slide("what", "short", title, first.sentence, None, Table(head, rows, title), (), source, notes)]


def _opening(shelf: Shelf, lang: str) -> tuple[str, ...]:
    if "estimates" in shelf.tables:
        told = day_claim(shelf, lang)
    else:
        supplied = supplied_for(shelf, View(lang=lang))
        told = (say(lang, "state.nothing"), "") if supplied is None else say_dependence(supplied, lang)
    return tuple(part for part in told if part)


def _stem(shelf: Shelf, lang: str) -> str:
    """Study, audience and language, in letters that every file system takes."""
    study = "".join(
        c for c in str(shelf.manifest.get("study", "")) if c.isascii() and (c.isalnum() or c in "._-")
    )
    return f"{study.strip('.') or 'study'}_{shelf.audience}_{lang}"
