"""From a study to the folders its audiences may see: computed once, protected for each, written whole."""

from collections.abc import Mapping, Sequence, Set
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.briefing import claims
from analysis.disclosure.audiences import AUDIENCES, known_to
from analysis.disclosure.private import private_rules
from analysis.pressure.outcome import firm_ids
from analysis.published.beside import figures_beside
from analysis.published.settings import published_settings
from analysis.readiness.tabled import readiness_tables
from analysis.release.bands import with_bands
from analysis.release.behind import tables_behind
from analysis.release.dependence import dependence_of
from analysis.release.earlier import earlier_waves
from analysis.release.exposure import protected_exposure
from analysis.release.finished import Answered, Finished
from analysis.release.firms import firm_table, pressure_tables
from analysis.release.folder import source_files
from analysis.release.late import late_firms, released_before, without_firms
from analysis.release.manifest import SCHEMA, product_version
from analysis.release.nesting import hidden_alike
from analysis.release.proposing import Made, Means
from analysis.release.protection import Protection, protection_of
from analysis.release.proving import true_counts, write_proved
from analysis.release.recorded import Recorded
from analysis.release.rules import catalogue_tables
from analysis.release.rules_met import met_tables
from analysis.release.scenarios import press_with_scenarios, shown_to
from analysis.release.scenarios_asked import asked_scenarios
from analysis.release.settings import release_settings
from analysis.release.staging import only_build
from analysis.release.stated import parameters_stated, weights_stated
from analysis.release.tables import internal_tables, wording_table
from analysis.release.utility import utility_table
from analysis.release.withheld import Edit
from analysis.rules.catalogue import Catalogue
from analysis.rules.chosen import rule_names, study_catalogue
from analysis.supply.averages.standing import own_links
from analysis.supply.links import load_links
from survey import Study, StudyFault, nearest, weigh_source

if TYPE_CHECKING:
    pass

__all__ = ["write_release"]


def write_release(
    study: Study,
    out: Path,
    audiences: Sequence[str] = (),
    *,
    as_of: date | None = None,
    earlier: Sequence[Recorded] | None = None,
) -> list[Path]:
    """Compute a study and write one folder for each audience under `out`.

    Parameters
    ----------
    study : Study
        The study; its last wave is released. Without waves: what its links say, and no more.
    out : Path
        Folder that will hold `internal`, `members`, `public`; made if need be.
    audiences : sequence of str
        Words of `AUDIENCES`; empty for all the study declares.
    as_of : date, optional
        Day of rules and links; by default the study's.
    earlier : sequence of Recorded, optional
        Releases that came before; by default all of the study's ledger.

    Returns
    -------
    list of Path
        The folders, each put in place only when complete; the same input gives the same bytes.

    Raises
    ------
    Fault
        The study, its files or the audiences are at fault; nothing is left behind.
    """
    for audience in audiences:
        if audience not in AUDIENCES:
            raise StudyFault(
                "--audience", repr(audience), f"words of {', '.join(AUDIENCES)}", nearest(audience, AUDIENCES)
            )
    with only_build(out):
        return _write(study, out, audiences, as_of, earlier)


def _write(
    study: Study,
    out: Path,
    audiences: Sequence[str],
    as_of: date | None,
    earlier: Sequence[Recorded] | None,
) -> list[Path]:
    earlier = released_before(study) if earlier is None else earlier
    finished = _compute(study, as_of)
    firms = finished.answers.firms if finished.answers else pd.DataFrame({"firm": []}, dtype="str")
    late = late_firms(study, firms["firm"].tolist(), earlier, max(finished.settings.floors.values()))
    closed = _compute(study, as_of, late) if late else finished
    asked = [a for a in AUDIENCES if a in (audiences or finished.settings.audiences)]
    beside = {"public"} if "members" in asked and "public" in finished.settings.audiences else set()
    found = {a: finished if a == "internal" else closed for a in AUDIENCES}
    made = _made(study, found, asked, beside, as_of)
    if "internal" in made:
        made["internal"][1]["held_back"] = list(late)
    means = _means(study, closed, [a for a in asked if a != "internal"], beside, as_of)
    return write_proved(out, made, firms.drop(columns="sector", errors="ignore"), earlier, means)


def _made(
    study: Study, found: Mapping[str, Finished], asked: Sequence[str], beside: Set[str], as_of: date | None
) -> Made:
    """Tables and manifest of each audience asked for; `beside` is drawn too, for members read it."""
    drawn = {a: _tables_for(a, study, found[a]) for a in AUDIENCES if a in {*asked, *beside}}
    if beside:
        drawn["members"] = hidden_alike(drawn["members"], drawn["public"])
    return {a: (drawn[a], _manifest(a, study, found[a], drawn[a], as_of)) for a in asked}


def _means(
    study: Study, closed: Finished, asked: Sequence[str], beside: Set[str], as_of: date | None
) -> Means | None:
    """How the Releases for others would be with less shown; None without answers."""
    if closed.answers is None:
        return None

    def answers(edit: Edit) -> tuple[Finished, Answered]:
        changed = closed.edited(edit, study.design)
        return changed, changed.answers or answered

    def truth(edit: Edit) -> pd.DataFrame:
        changed, given = answers(edit)
        return true_counts(given.wave, changed.settings.open_by)

    def seen(audience: str, edit: Edit) -> pd.DataFrame:
        changed, given = answers(edit)
        return given.seen(protection_of(study, changed.settings, audience))

    def made(edit: Edit) -> Made:
        return _made(study, dict.fromkeys(AUDIENCES, closed.edited(edit, study.design)), asked, beside, as_of)

    answered, settings = closed.answers, closed.settings
    return Means(answered.wave.codebook, settings.open_by, settings.floors, truth, seen, made)


def _compute(study: Study, as_of: date | None, late: Sequence[str] = ()) -> Finished:
    """Read, clean, estimate, follow the links, meet the rules, model the pressure; without late firms."""
    if not study.waves:
        settings = release_settings(study, None)
        asked_scenarios(study)
        every = load_links(study, as_of=as_of)
        return Finished(settings, dependence_of(study, every, None), None, every.findings, _rules(study))
    whole, ledger = weigh_source(study)
    wave = without_firms(whole, pd.Series(firm_ids(whole, study), dtype="str"), late)
    settings = release_settings(study, wave)
    asked = asked_scenarios(study)
    printed = published_settings(study, wave)
    earlier = earlier_waves(study, wave)
    pressure, links, dependence, found = None, None, None, list(wave.findings)
    scenarios: dict[str, pd.DataFrame] = {}
    ids = pd.Series(firm_ids(wave, study), dtype="str")
    if study.section("supply"):
        links = own_links(study, as_of=as_of)
        same_day = links if as_of or study.as_of else None  # else pressure looks at the day of fieldwork
        pressure, scenarios = press_with_scenarios(study, asked, as_of=as_of, wave=whole, links=same_day)
        wave = with_bands(wave, pressure.table, ids)
        dependence = dependence_of(study, links, ids.tolist())
        found += [*pressure.findings, *(dependence.findings if dependence else ())]
    estimates = internal_tables(wave, study.design, settings.by)
    beside = None
    if printed is not None:
        beside = figures_beside(printed, study.languages, floor=settings.minimum_frequency)
    firms = firm_table(study, wave, ids, links)
    answers = Answered(wave, ledger, estimates, pressure, firms, earlier, beside, links)
    findings = tuple(dict.fromkeys(found))
    return Finished(settings, dependence, answers, findings, _rules(study), scenarios)


def _rules(study: Study) -> Catalogue | None:
    """The catalogue, for a study that has to do with rules."""
    return study_catalogue(study) if study.section("supply") or study.section("rules") else None


def _tables_for(audience: str, study: Study, finished: Finished) -> dict[str, pd.DataFrame]:
    """Everything one audience may see, by table name."""
    is_open = audience == "internal"
    protection = None if is_open else protection_of(study, finished.settings, audience)
    tables: dict[str, pd.DataFrame] = {}
    if finished.answers is not None:
        tables |= _answer_tables(study, finished, finished.answers, protection)
    if finished.catalogue is not None:
        tables |= catalogue_tables(finished.catalogue, is_open=is_open)
    tables |= shown_to(finished.scenarios, is_open=is_open)
    found = finished.dependence
    if found is not None and is_open:
        tables |= found.tables
    elif found is not None and protection is not None:
        rows = found.tables["lookthrough"]
        private = private_rules(study, finished.settings.minimum_frequency, set(rows["firm"]))
        tables["exposure"] = protected_exposure(
            found.tables["exposure"], rows, found.suppliers, protection.floor, private, known_to(audience)
        )
    if is_open:
        tables["findings"] = pd.DataFrame(
            [(f.where, f.found, f.meaning, f.do) for f in finished.findings],
            columns=["where", "found", "meaning", "do"],
        )
    return tables


def _answer_tables(
    study: Study, finished: Finished, answers: Answered, protection: Protection | None
) -> dict[str, pd.DataFrame]:
    """Estimates, claims, wording and what stands behind them; without a protection also those of firms."""
    settings, wave, estimates = finished.settings, answers.wave, answers.estimates
    floor, changing = (protection.floor, protection.changing) if protection else (0, None)
    spoken = settings.headline, settings.contrasts
    if protection is not None:
        estimates = answers.seen(protection)
    tables = {
        "estimates": estimates,
        "claims": claims(wave, study.design, estimates, *spoken, floor=floor, changing=changing),
        "wording": wording_table(wave, study.languages, estimates if floor else None),
    }
    tables |= tables_behind(
        wave, answers.ledger, estimates, answers.earlier, answers.beside, protection=protection
    )
    firms, pressure = answers.firms["firm"], answers.pressure
    tables |= readiness_tables(study, wave, firms, pressure, settings.by, is_open=not floor)
    if floor:
        return tables
    tables["firms"] = answers.firms
    others = [protection_of(study, settings, one) for one in settings.audiences if one != "internal"]
    tables["utility"] = utility_table(wave, others, answers.seen)
    if answers.pressure is not None:
        tables |= pressure_tables(answers.pressure)
        tables |= met_tables(study, answers.pressure, answers.links, finished.catalogue)
    if answers.pressure is not None and finished.catalogue is not None:
        names = rule_names(finished.catalogue, study.languages)
        tables["wording"] = pd.concat([tables["wording"], names], ignore_index=True)
    return tables


def _manifest(
    audience: str, study: Study, finished: Finished, tables: Mapping[str, pd.DataFrame], as_of: date | None
) -> dict[str, Any]:
    """What the Release says of itself, without the checksums of its files."""
    settings, answers = finished.settings, finished.answers
    day = as_of or study.as_of
    disclosure: dict[str, Any] = {"rule": "none"}
    if audience != "internal":
        disclosure = protection_of(study, settings, audience).said(tables)
    return {
        "schema": SCHEMA,
        "product_version": product_version(),
        "study": study.id,
        "title": dict(study.title),
        "wave": answers.wave.name if answers else "",
        "audience": audience,
        "as_of": day.isoformat() if day else None,
        "calibrated_at": study.calibrated_at.isoformat() if study.calibrated_at else None,
        "languages": list(study.languages),
        "synthetic": study.synthetic,
        "attacked": "not attacked",
        "disclosure": disclosure,
        "headline": list(settings.headline),
        "by": list(settings.by if audience == "internal" else settings.open_by),
        "firms": finished.firms(is_open=audience == "internal"),
        "design": {
            "selection": study.design.selection,
            "target": study.design.target,
            "weighted": weights_stated(study, answers.wave),
        }
        if answers
        else None,
        "published": dict(answers.beside.about) if answers and answers.beside else None,
        "notice": finished.notice(),
        "pressure": parameters_stated(study),
        "sources": source_files(study),
    }
