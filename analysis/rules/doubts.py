"""What to know before trusting a catalogue: open dates, uncertain rows, what was overridden and by whom."""

from datetime import date
from pathlib import Path

import pandas as pd

from analysis.pressure.scene import RULES_KEYS
from analysis.rules.catalogue import Catalogue
from analysis.rules.chosen import study_catalogue
from analysis.rules.dating import open_dates, shortened
from survey import Finding, Study, StudyFault, nearest

__all__ = ["check_rules"]


def check_rules(study: Study) -> tuple[Finding, ...]:
    """Look over the catalogue of a study on its day; nothing is written.

    Raises
    ------
    Fault
        A key of `[rules]` nobody knows, a catalogue that cannot be read, or whose rows cannot be true (see
        `load_catalogue`).
    """
    for key in study.section("rules"):
        if key not in RULES_KEYS:
            raise StudyFault(
                study.place(f"rules.{key}"), f"key {key!r}", "a key of [rules]", nearest(key, RULES_KEYS)
            )
    catalogue = study_catalogue(study)
    day = study.as_of
    found = [*_overridden(catalogue), *_unexplained(catalogue)]
    if day is not None:
        found += [*open_dates(catalogue, day), *_uncertain(catalogue, day)]
    return (*found, *_unreviewed(catalogue))


def _uncertain(catalogue: Catalogue, day: date) -> tuple[Finding, ...]:
    now = catalogue.on(day)
    live = now.loc[now["state"] == "in_force", "instrument"]
    tests = catalogue.gates[catalogue.gates["instrument"].isin(live)]
    pairs = catalogue.collisions[
        catalogue.collisions["duty"].isin(live) & catalogue.collisions["clause"].isin(live)
    ]
    doubtful = tests.loc[tests["confidence"] == "uncertain", "instrument"].drop_duplicates()
    many = int((pairs["confidence"] == "uncertain").sum())
    if not len(doubtful) and not many:
        return ()
    return (
        Finding(
            f"catalogue, {day.isoformat()}",
            f"{len(doubtful)} of {tests['instrument'].nunique()} rules in force have an uncertain test "
            f"({shortened(doubtful)}); {many} of {len(pairs)} pairs are uncertain",
            "Contacts and collisions that rest on them carry a warning.",
            "Read the note of the row before you rely on it.",
        ),
    )


def _unexplained(catalogue: Catalogue) -> tuple[Finding, ...]:
    bare = pd.Series([name for name, why in catalogue.context_only().items() if not why], dtype="str")
    both = catalogue.particulars
    if "context_only" in both.columns:
        said = both.loc[both["context_only"] != "", "id"]
        tested = said[said.isin(catalogue.gates["instrument"])]
    else:
        tested = pd.Series(dtype="str")
    found = []
    if len(bare):
        found.append(
            Finding(
                "catalogue, particulars.csv",
                f"{len(bare)} instruments without a test and without a reason: {shortened(bare)}",
                "They never touch a flow, and nobody can see why.",
                "Add rows to gates.csv, or the reason to context_only.",
            )
        )
    if len(tested):
        found.append(
            Finding(
                "catalogue, particulars.csv",
                f"{len(tested)} instruments said to be context only that have tests: {shortened(tested)}",
                "They are computed.",
                "Empty context_only.",
            )
        )
    return tuple(found)


def _overridden(catalogue: Catalogue) -> tuple[Finding, ...]:
    history = catalogue.history
    found = []
    for file, rows in history.groupby("file", sort=False):
        signed = (rows["by"] + " " + rows["on"]).str.strip()
        who = ", by " + shortened(signed[signed != ""].drop_duplicates()) if (signed != "").any() else ""
        bare = int((signed == "").sum())
        found.append(
            Finding(
                "/".join(Path(str(file)).parts[-2:]),
                (
                    "1 key overrides the catalogue or adds to it: "
                    if len(rows) == 1
                    else f"{len(rows)} keys override the catalogue or add to it: "
                )
                + shortened(rows["table"] + " " + rows["key"])
                + who,
                "Results rest on them.",
                f"Sign {bare} of them in changed_by and changed_on." if bare else "",
            )
        )
    return tuple(found)


def _unreviewed(catalogue: Catalogue) -> tuple[Finding, ...]:
    rows = catalogue.particulars
    reviewed = int((rows["reviewed_by"] != "").sum()) if "reviewed_by" in rows.columns else 0
    if reviewed >= len(catalogue):
        return ()
    return (
        Finding(
            "catalogue, particulars.csv",
            f"counsel has reviewed {reviewed} of {len(catalogue)} instruments",
            "What comes of the others is indicative, and no legal advice.",
            "Have counsel look at those that matter, and write who and when in reviewed_by and reviewed_on.",
        ),
    )
