"""From a study to the folders its audiences may see: computed once, protected for each, written whole."""

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.briefing import claims
from analysis.pressure.outcome import firm_ids
from analysis.published.beside import Beside, figures_beside
from analysis.published.settings import published_settings
from analysis.release.bands import with_bands
from analysis.release.behind import tables_behind
from analysis.release.disclosure import AUDIENCES, MINIMUM_TABLE, floor_for
from analysis.release.earlier import Earlier, earlier_waves
from analysis.release.manifest import SCHEMA, checksum, product_version, write_manifest
from analysis.release.settings import ReleaseSettings, release_settings
from analysis.release.tables import SUPPRESSED, internal_tables, protected_tables, wording_table
from analysis.rules.chosen import rule_names
from survey import FileFault, Ledger, Study, StudyFault, Wave, nearest, weigh_source

if TYPE_CHECKING:
    from analysis.pressure.record import Pressure

__all__ = ["write_release"]


@dataclass(frozen=True, slots=True)
class _Finished:
    """All numbers of a study, before any audience is thought of."""

    wave: Wave
    ledger: Ledger
    settings: ReleaseSettings
    estimates: pd.DataFrame
    pressure: "Pressure | None"
    firms: pd.DataFrame
    earlier: Earlier | None
    beside: Beside | None


def write_release(
    study: Study, out: Path, audiences: Sequence[str] = (), *, as_of: date | None = None
) -> list[Path]:
    """Compute a study and write one folder for each audience under `out`.

    Parameters
    ----------
    study : Study
        The study; its last wave is released.
    out : Path
        Folder that will hold `internal`, `members`, `public`; made if need be.
    audiences : sequence of str
        Words of `AUDIENCES`; empty for all the study declares.
    as_of : date, optional
        Day of rules and links; by default the study's.

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
    if out.exists() and not out.is_dir():
        raise FileFault(
            str(out), "a file", "a folder, or no file of this name", "name another folder with --out"
        )
    finished = _compute(study, as_of)
    asked = [a for a in AUDIENCES if a in (audiences or finished.settings.audiences)]
    made = {audience: _tables_for(audience, study, finished) for audience in asked}
    out.mkdir(parents=True, exist_ok=True)
    folders = []
    for audience, tables in made.items():
        folder = out / audience
        _replace_folder(folder, tables, _manifest(audience, study, finished, tables, as_of))
        folders.append(folder)
    return folders


def _compute(study: Study, as_of: date | None) -> _Finished:
    """Read, clean, estimate, meet the rules, model the pressure."""
    wave, ledger = weigh_source(study)
    settings = release_settings(study, wave)
    printed = published_settings(study, wave)
    earlier = earlier_waves(study, wave)
    pressure = None
    ids = pd.Series(firm_ids(wave, study), dtype="str")
    if study.section("supply"):
        from analysis.pressure.pressing import press

        pressure = press(study, as_of=as_of)
        wave = with_bands(wave, pressure.table, ids)
    estimates = internal_tables(wave, study.design, settings.by)
    beside = None
    if printed is not None:
        beside = figures_beside(printed, study.languages, floor=settings.minimum_frequency)
    firms = _firm_table(study, wave, ids)
    return _Finished(wave, ledger, settings, estimates, pressure, firms, earlier, beside)


def _firm_table(study: Study, wave: Wave, ids: pd.Series) -> pd.DataFrame:
    """Columns firm, name, name_ja, and sector: the code given to the first question that forms groups."""
    table = pd.DataFrame({"firm": ids.to_numpy()})
    names = pd.DataFrame(columns=["party", "name", "name_ja"])
    if study.section("supply"):
        from analysis.supply.links import load_links

        names = load_links(study).parties
    known = names.drop_duplicates("party").set_index("party")
    for column in ("name", "name_ja"):
        found = (
            known[column].reindex(table["firm"]) if column in known else pd.Series("", index=table["firm"])
        )
        table[column] = found.fillna("").astype("str").to_numpy()
    breaks = study.section("release").get("by", [])
    table["sector"] = _codes(wave, str(breaks[0])) if breaks else ""
    return table


def _codes(wave: Wave, question: str) -> list[str]:
    """The code each firm gave to a question with one answer; "" where none."""
    from survey import answers_to

    answers = answers_to(wave, question)
    place = answers.ticks.argmax(axis=1)
    return [answers.options[p] if row.any() else "" for p, row in zip(place, answers.ticks, strict=True)]


def _tables_for(audience: str, study: Study, finished: _Finished) -> dict[str, pd.DataFrame]:
    """Everything one audience may see, by table name."""
    settings, wave = finished.settings, finished.wave
    floor = 0 if audience == "internal" else floor_for(audience, settings.minimum_frequency)
    estimates = finished.estimates
    if audience != "internal":
        estimates = protected_tables(estimates, wave, floor)
    tables = {
        "estimates": estimates,
        "claims": claims(wave, study.design, estimates, settings.headline, settings.contrasts, floor=floor),
        "wording": wording_table(wave, study.languages, None if audience == "internal" else estimates),
    }
    tables |= tables_behind(
        finished.wave, finished.ledger, estimates, finished.earlier, finished.beside, floor=floor
    )
    if audience != "internal":
        return tables
    tables["firms"] = finished.firms
    if finished.pressure is not None:
        tables |= _pressure_tables(finished.pressure)
        tables["wording"] = pd.concat([tables["wording"], rule_names(study)], ignore_index=True)
    found = [*wave.findings, *(finished.pressure.findings if finished.pressure is not None else ())]
    tables["findings"] = pd.DataFrame(
        [(f.where, f.found, f.meaning, f.do) for f in found], columns=["where", "found", "meaning", "do"]
    )
    return tables


def _pressure_tables(pressure: "Pressure") -> dict[str, pd.DataFrame]:
    """The tables of pressure, each with `stat`, `n`, `estimate`; a row about one flow has n = 1."""
    flows = {"collisions": (pressure.collisions, "at_stake"), "contacts": (pressure.contacts, "share")}
    stated = {
        name: table.assign(stat=column, n=1, estimate=table[column].astype(float))
        for name, (table, column) in flows.items()
    }
    channels = pressure.channels.melt(id_vars="firm", var_name="stat", value_name="estimate")
    channels.insert(2, "n", 1)
    return stated | {
        "pressure": pressure.intervals,
        "drivers": pressure.drivers,
        "model": pressure.model,
        "channels": channels,
    }


def _manifest(
    audience: str, study: Study, finished: _Finished, tables: Mapping[str, pd.DataFrame], as_of: date | None
) -> dict[str, Any]:
    """What the Release says of itself, without the checksums of its files."""
    settings, estimates, wave = finished.settings, tables["estimates"], finished.wave
    day = as_of or study.as_of
    disclosure: dict[str, Any] = {"rule": "none"}
    if audience != "internal":
        disclosure = {
            "rule": "minimum frequency and complement, one-way tables on one base",
            "minimum_frequency": settings.minimum_frequency,
            "floor": floor_for(audience, settings.minimum_frequency),
            "smallest_table": MINIMUM_TABLE,
            "cells": len(estimates),
            "hidden_cells": int((estimates["flag"] == SUPPRESSED).sum()),
        }
    return {
        "schema": SCHEMA,
        "product_version": product_version(),
        "study": study.id,
        "title": dict(study.title),
        "wave": wave.name,
        "audience": audience,
        "as_of": day.isoformat() if day else None,
        "calibrated_at": study.calibrated_at.isoformat() if study.calibrated_at else None,
        "languages": list(study.languages),
        "synthetic": study.synthetic,
        "attacked": "not attacked",
        "disclosure": disclosure,
        "headline": list(settings.headline),
        "by": list(settings.by) if audience == "internal" else [],
        "firms": len(wave),
        "design": {
            "selection": study.design.selection,
            "target": study.design.target,
            "weighted": _weights(study, wave),
        },
        "published": None if finished.beside is None else dict(finished.beside.about),
        "sources": _sources(study),
    }


def _weights(study: Study, wave: Wave) -> str:
    """Where weights come from: `made` here, a column of the `file`, or `none`."""
    if wave.weighted is not None:
        return wave.weighted.method or "made"
    return "file" if study.design.weight else "none"


def _sources(study: Study) -> list[dict[str, str]]:
    """Files of the study's folder the numbers were made from, with their checksums."""
    given = [study.folder / "study.toml", *(w.file for w in study.waves)]
    given += [w.codebook for w in study.waves if w.codebook]
    for section, keys in (
        ("supply", ("links", "parties", "items")),
        ("rules", ("listings",)),
        ("weights", ("margins",)),
        ("published", ("figures", "gates", "breaks")),
    ):
        given += [study.folder / str(study.section(section)[k]) for k in keys if k in study.section(section)]
    response = study.section("weights").get("response", {})
    given += [study.folder / str(response["list"])] if "list" in response else []
    return [{"file": path.name, "sha256": checksum(path)} for path in given if path.is_file()]


def _replace_folder(folder: Path, tables: Mapping[str, pd.DataFrame], manifest: dict[str, Any]) -> None:
    """Write a folder under a temporary name beside `folder`, then put it in its place."""
    work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        files = {}
        for name, table in sorted(tables.items()):
            path = work / f"{name}.parquet"
            _write_parquet(table, path)
            files[path.name] = {
                "sha256": checksum(path),
                "rows": len(table),
                "columns": [str(c) for c in table.columns],
            }
        write_manifest(work, {**manifest, "files": files})
        work.chmod(0o755)
        old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
        try:
            if folder.exists():
                os.replace(folder, old / folder.name)
            os.replace(work, folder)
        finally:
            shutil.rmtree(old, ignore_errors=True)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise


def _write_parquet(table: pd.DataFrame, path: Path) -> None:
    """Write a table as Parquet: no index, no pandas metadata, so that equal tables are equal bytes."""
    arrow = pa.Table.from_pandas(table.reset_index(drop=True), preserve_index=False)
    pq.write_table(arrow.replace_schema_metadata(None), path, compression="zstd", write_statistics=False)
