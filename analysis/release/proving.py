"""Releases written, attacked as they lie there, and put in their places only if they withstand."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pandas as pd

from analysis.attack.attacking import attack_releases
from analysis.attack.record import Attack, with_truth
from analysis.attack.refusing import refusal_of
from analysis.lasting import only_writer
from analysis.release.cells import counted_cells
from analysis.release.folder import fill_folder
from analysis.release.manifest import write_manifest
from analysis.release.proposing import Made, Means, proposals
from analysis.release.read import read_release
from analysis.release.recorded import Recorded, record_release, recorded_releases
from analysis.release.staging import put_in_place, staged
from analysis.release.tables import in_use
from analysis.release.withheld import Edit
from survey import Wave, answers_to

__all__ = ["release_on_record", "true_counts", "write_proved"]


def write_proved(
    out: Path,
    made: Made,
    firms: pd.DataFrame,
    earlier: Sequence[Recorded] = (),
    means: Means | None = None,
) -> list[Path]:
    """Write Releases under `out`, attack them with all earlier ones, put all in place or none.

    Parameters
    ----------
    out : Path
        Held by `only_build`.
    made : mapping
        Audience to its tables and manifest.
    firms : pandas.DataFrame
        Names and ids of firms, in any column, that must stand in none of them but the internal one.
    earlier : sequence of Recorded
        What the ledger of the study holds.
    means : Means, optional
        Every true count, by which that is judged which the attack can only suppose (`with_truth`), and what
        would be shown after an edit, so that a refusal proposes one that withstands.

    Returns
    -------
    list of Path
        The folders. The manifest of those for others says under `attacked` what was tried: `ways`, counts
        `recovered` and `bounded` (0), `open` cells, and `earlier` Releases it was tried with.

    Raises
    ------
    FileFault
        The attack recovers or bounds something. Nothing is written.
    """
    names = [str(name) for column in firms for name in firms[column].unique() if name]
    with staged(out, made) as work:
        written = {name: fill_folder(work[name], *made[name]) for name in made}
        closed = [audience for audience in made if audience != "internal"]
        attacks = _attacks(closed, work, names, earlier)
        truth = None if means is None else means.truth(Edit())
        for audience in closed:
            attack = attacks[audience] if truth is None else with_truth(attacks[audience], truth)
            if len(attack.broken):
                if means is None:
                    raise refusal_of(attack, out / audience)
                tried = partial(_still_broken, out, names, earlier, means)
                raise refusal_of(attack, out / audience, proposals(attack, audience, means, tried))
            counts = attack.counts()
            told = {"ways": list(attack.ways), "earlier": len(_seen(audience, earlier))}
            told |= {verdict: counts[verdict] for verdict in ("recovered", "bounded", "open")}
            write_manifest(work[audience], {**written[audience], "attacked": told})
        for audience in made:
            put_in_place(work[audience], out / audience)
    return [out / audience for audience in made]


def _still_broken(
    out: Path, names: Sequence[str], earlier: Sequence[Recorded], means: Means, edit: Edit
) -> pd.DataFrame:
    """What an attack still breaks in the Releases for others after an edit; they are not kept."""
    made, truth = means.made(edit), means.truth(edit)
    with staged(out, made) as work:
        for name in made:
            fill_folder(work[name], *made[name])
        attacks = _attacks(list(made), work, names, earlier)
        return pd.concat([with_truth(attack, truth).broken for attack in attacks.values()], ignore_index=True)


def true_counts(wave: Wave, open_by: Sequence[str]) -> pd.DataFrame:
    """Every count of what others may see of a wave, shown or not: `counted_cells` with the column `wave`."""
    used = in_use(wave)
    given = {q.id: answers_to(used, q.id) for q in used.codebook.tabulated() if q.kind != "number"}
    return counted_cells(used.codebook, given, open_by).assign(wave=wave.name)


def release_on_record(
    folder: Path, release: Path, *, who: str, on: date, why: str = "", corrects: int = 0
) -> dict[str, object]:
    """Attack a Release together with all that a ledger holds, then write it down there; the entry.

    Raises
    ------
    FileFault
        The attack recovers or bounds something, another adds to the ledger, or as `record_release`; nothing
        is written.
    """
    opened = read_release(release)
    with only_writer(folder, is_new=True):
        before = recorded_releases(folder, str(opened.manifest["study"]))
        if opened.audience != "internal":
            attack = _attack(opened.audience, [opened.audience], {opened.audience: Path(release)}, (), before)
            if len(attack.broken):
                raise refusal_of(attack, Path(release))
        return record_release(folder, release, who=who, on=on, why=why, corrects=corrects)


def _attacks(
    closed: Sequence[str], work: Mapping[str, Path], names: Sequence[str], earlier: Sequence[Recorded]
) -> dict[str, Attack]:
    """Each Release attacked; those who read both try the public one alone too, if nothing came before."""
    found: dict[str, Attack] = {}
    for audience in sorted(closed):  # members first
        if audience == "public" and "members" in found and not earlier:
            both = found["members"]
            found[audience] = replace(both, table=both.table[both.table["release"] == audience])
        else:
            found[audience] = _attack(audience, closed, work, names, earlier)
    return found


def _attack(
    audience: str,
    closed: Sequence[str],
    work: Mapping[str, Path],
    names: Sequence[str],
    earlier: Sequence[Recorded],
) -> Attack:
    """One Release as its readers hold it: members have the public one too, and each what came before."""
    mine = [one for one in closed if one == audience or (audience == "members" and one == "public")]
    before = _seen(audience, earlier)
    return attack_releases(
        [work[one] for one in mine] + [one.folder for one in before],
        names=names,
        labels=[*mine, *[f"{one.audience} no. {one.number}" for one in before]],
        newest=len(mine),
    )


def _seen(audience: str, earlier: Sequence[Recorded]) -> list[Recorded]:
    """Earlier Releases that readers of an audience have."""
    return [one for one in earlier if one.audience == "public" or audience == "members"]
