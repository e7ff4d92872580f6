"""A study of twelve firms with controls, small enough to release in a second."""

from pathlib import Path

from survey import Study, Wave, load_study, read_wave

__all__ = ["ROWS", "STUDY", "write_ready"]

CODEBOOK = """
schema = 1
languages = ["en"]
[questions.id]
kind = "text"
role = "id"
[questions.acts]
kind = "single"
choices = [{ code = "1", label = { en = "Yes" } }, { code = "2", label = { en = "No" } }]
[questions.measures]
kind = "multiple"
columns = ["m_head", "m_drill"]
counted = "1"
asked_if = "acts == 1"
choices = [
  { code = "head", label = { en = "Head" }, column = "m_head" },
  { code = "drill", label = { en = "Drill" }, column = "m_drill" },
]
[questions.board]
kind = "single"
choices = [
  { code = "1", label = { en = "Often" } },
  { code = "2", label = { en = "Rarely" } },
  { code = "3", label = { en = "Never" } },
]
missing = [{ code = 9, reason = "no_answer" }]
"""
STUDY = """
schema = 1
id = "ready"
languages = ["en"]
as_of = 2026-01-15
[[waves]]
name = "w"
file = "w.csv"
codebook = "codebook.toml"
[design]
id = "id"
population = [12]
selection = "list"
target = "firms"
[release]
audiences = ["internal", "members"]
[readiness]
[[readiness.controls]]
control = "head"
question = "measures"
option = "head"
[[readiness.controls]]
control = "drills"
question = "measures"
option = "drill"
weight = 2
[[readiness.controls]]
control = "board"
question = "board"
scores = { "1" = 1, "2" = 0.5 }
"""
ROWS = "id,acts,m_head,m_drill,board\n" + "".join(
    f"F{k:02d},{row}\n"
    for k, row in enumerate(
        ["1,1,1,1", "1,1,0,2", "1,0,1,9", "2,,,3", "2,,,1", ",,,2", "1,0,0,1"] + ["1,1,1,2"] * 5
    )
)


def write_ready(folder: Path, *, text: str = STUDY) -> tuple[Study, Wave]:
    """Write the study into a folder and read it.

    Parameters
    ----------
    text : str
        Its `study.toml`.
    """
    (folder / "codebook.toml").write_text(CODEBOOK, encoding="utf-8")
    (folder / "w.csv").write_text(ROWS, encoding="utf-8")
    (folder / "study.toml").write_text(text, encoding="utf-8")
    study = load_study(folder)
    return study, read_wave(study.waves[0])
