"""Which catalogue a study uses, and what its instruments are called in each language."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.rules.catalogue import Catalogue, load_catalogue
from survey import Study, StudyFault, data_folder

__all__ = ["catalogue_layers", "rule_names", "study_catalogue"]


def catalogue_layers(study: Study) -> tuple[Path, ...]:
    """Layers of the catalogue of a study: `[rules] catalogue`, then `[rules] own`.

    `catalogue` is "builtin" (the product's own, also where nothing is said), a folder that replaces it, or
    several in order; `own` is a folder or file, or several, laid over it. Names are relative to the study.

    Raises
    ------
    StudyFault
        A key that is no text and no list of texts.
    """
    layers: list[Path] = []
    for key, otherwise in (("catalogue", ["builtin"]), ("own", [])):
        named = study.section("rules").get(key, otherwise)
        names = [named] if isinstance(named, str) else named
        if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
            raise StudyFault(
                study.place(f"rules.{key}"),
                repr(named),
                "builtin, a folder or a file, or several in brackets",
                'write  own = "mine/"' if key == "own" else 'write  catalogue = "builtin"',
            )
        layers += [
            data_folder() / "regulation" if name == "builtin" else study.folder / name for name in names
        ]
    return tuple(layers) or (data_folder() / "regulation",)


def study_catalogue(study: Study) -> Catalogue:
    """The catalogue of a study, its layers laid over each other."""
    return load_catalogue(catalogue_layers(study))


def rule_names(catalogue: Catalogue, languages: Sequence[str]) -> pd.DataFrame:
    """Names of all instruments of a catalogue, in some languages.

    Returns
    -------
    pandas.DataFrame
        Columns `kind` and `question` (both `instrument`), `option` (the id), `lang`, `text`; English from
        instruments.csv, Japanese from names_ja.csv where it has one, else English again.
    """
    named = catalogue.instruments
    words = {"en": named["instrument"], "ja": named["ja"].where(named["ja"] != "", named["instrument"])}
    parts = [
        pd.DataFrame({"option": named["id"], "lang": lang, "text": words[lang].astype("str")})
        for lang in languages
        if lang in words
    ]
    table = pd.concat(parts) if parts else pd.DataFrame(columns=["option", "lang", "text"])
    table.insert(0, "question", "instrument")
    table.insert(0, "kind", "instrument")
    return table.reset_index(drop=True)
