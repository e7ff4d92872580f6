"""What firms told us, made trustworthy: the front door of the survey floor."""

from importlib import import_module
from typing import Any

from survey.answers import Answers
from survey.check import SILENCE, check_study
from survey.clean import CLEANING_RULES, clean_wave
from survey.codebook import KINDS, ROLES, Choice, Codebook, MissingCode, Question, words
from survey.codebook_writing import codebook_text
from survey.design import SELECTIONS, TARGETS, Design
from survey.design_columns import design_frame, replicate_columns
from survey.expression import parse_expression
from survey.expression_tree import names_in
from survey.faults import DesignFault, Fault, FileFault, Finding, QuestionFault, StudyFault, nearest
from survey.formats.registry import FORMATS
from survey.init import init_study
from survey.latest import latest_wave
from survey.ledger import Change, Ledger
from survey.missing import REASONS, State
from survey.paths import data_folder
from survey.read import file_format, read_wave
from survey.routing import answers_to, select
from survey.study import Study, WaveSource
from survey.study_file import METHODS, SCHEMA, SECTIONS, load_study
from survey.toml_file import read_toml, toml_key, toml_value
from survey.wave import Origin, Wave

_WHERE = {
    "demo_respondents": "survey.synthetic",
    "write_demo_wave": "survey.synthetic_file",
    "write_sav": "survey.formats.spss_write",
}
"""Exported name to the module that owns it; loaded at first use, for these load large libraries."""

__all__ = [
    "CLEANING_RULES",
    "FORMATS",
    "KINDS",
    "METHODS",
    "REASONS",
    "ROLES",
    "SCHEMA",
    "SECTIONS",
    "SELECTIONS",
    "SILENCE",
    "TARGETS",
    "Answers",
    "Change",
    "Choice",
    "Codebook",
    "Design",
    "DesignFault",
    "Fault",
    "FileFault",
    "Finding",
    "Ledger",
    "MissingCode",
    "Origin",
    "Question",
    "QuestionFault",
    "State",
    "Study",
    "StudyFault",
    "Wave",
    "WaveSource",
    "answers_to",
    "check_study",
    "clean_wave",
    "codebook_text",
    "data_folder",
    "demo_respondents",
    "design_frame",
    "file_format",
    "init_study",
    "latest_wave",
    "load_study",
    "names_in",
    "nearest",
    "parse_expression",
    "read_toml",
    "read_wave",
    "replicate_columns",
    "select",
    "toml_key",
    "toml_value",
    "words",
    "write_demo_wave",
    "write_sav",
]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"survey has no {name!r}; it exports {', '.join(__all__)}")
