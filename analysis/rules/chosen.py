"""Which catalogue a study uses, and what its instruments are called in each language."""

from pathlib import Path

import pandas as pd

from survey import Study, StudyFault, data_folder

__all__ = ["catalogue_folder", "rule_names"]


def catalogue_folder(study: Study) -> Path:
    """Folder of the catalogue that `[rules] catalogue` names; the product's own where it says nothing.

    Raises
    ------
    StudyFault
        The key is no text.
    """
    named = study.section("rules").get("catalogue", "builtin")
    if not isinstance(named, str):
        raise StudyFault(
            study.place("rules.catalogue"),
            repr(named),
            "builtin, or a folder",
            'write  catalogue = "builtin"',
        )
    return data_folder() / "regulation" if named == "builtin" else study.folder / named


def rule_names(study: Study) -> pd.DataFrame:
    """Names of all instruments of the study's catalogue.

    Returns
    -------
    pandas.DataFrame
        Columns `kind` and `question` (both `instrument`), `option` (the id), `lang`, `text`; English from
        instruments.csv, Japanese from names_ja.csv where the folder has one, else English again.
    """
    folder = catalogue_folder(study)
    named = pd.read_csv(folder / "instruments.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig")
    words = {"en": named["instrument"].set_axis(named["id"])}
    words["ja"] = words["en"]
    if (folder / "names_ja.csv").is_file():
        own = pd.read_csv(folder / "names_ja.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig")
        words["ja"] = own.set_index("id")["ja"].reindex(named["id"]).fillna(words["en"])
    parts = [
        pd.DataFrame({"option": list(words[lang].index), "lang": lang, "text": words[lang].to_numpy()})
        for lang in study.languages
        if lang in words
    ]
    table = pd.concat(parts) if parts else pd.DataFrame(columns=["option", "lang", "text"])
    table.insert(0, "question", "instrument")
    table.insert(0, "kind", "instrument")
    return table.reset_index(drop=True)
