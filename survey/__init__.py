"""What firms told us, made trustworthy: the front door of the survey floor."""

from importlib import import_module
from typing import Any

from survey.answers import Answers
from survey.check import SILENCE, check_study
from survey.clean import CLEANING_RULES, clean_wave
from survey.cleaning.settings import STEP_RULES, CleanStep, clean_steps
from survey.codebook import KINDS, ROLES, Choice, Codebook, MissingCode, Question, words
from survey.codebook_writing import codebook_text
from survey.countries import country_codes, country_names, fold_name
from survey.currencies import currency_codes
from survey.design import CENTRES, SELECTIONS, SINGLETONS, TARGETS, Creation, Design
from survey.design_columns import design_frame, replicate_columns
from survey.expression import parse_expression
from survey.expression_tree import names_in
from survey.extras import has_extra, not_installed
from survey.faults import DesignFault, Fault, FileFault, Finding, QuestionFault, StudyFault, nearest
from survey.formats.registry import FORMATS
from survey.held import held_file
from survey.init import init_study
from survey.latest import clean_source, latest_wave, source_named, study_wave, weigh_source
from survey.ledger import Change, Ledger
from survey.ledger_file import (
    LEDGER_COLUMNS,
    LedgerFile,
    answers_text,
    ledger_cells,
    ledger_json,
    read_ledger,
)
from survey.meanings import Meaning
from survey.missing import REASONS, State
from survey.numbering import dense_codes
from survey.paths import data_folder
from survey.read import file_format, read_wave
from survey.replay import replay_ledger
from survey.resampling import MADE_METHODS, Replication, create_replicates
from survey.routing import answers_to, select
from survey.study import Study, WaveSource
from survey.study_file import METHODS, SCHEMA, SECTIONS, load_study
from survey.toml_file import parse_toml, read_toml, toml_key, toml_value
from survey.wave import Origin, Wave
from survey.weighted import MarginMet, Weighted
from survey.weights_settings import WEIGHT_METHODS

_WHERE = {
    "DECISION_COLUMNS": "survey.renames",
    "DECISION_KINDS": "survey.renames",
    "DISTRIBUTION_RULES": "survey.distribution_rules",
    "Decisions": "survey.renames",
    "Dependence": "survey.dependence",
    "DistributionRules": "survey.distribution_rules",
    "Distributions": "survey.expectations",
    "EXPORTS": "survey.exporting",
    "GROWTHS": "survey.distribution_rules",
    "Instrument": "survey.questionnaire",
    "Item": "survey.concepts",
    "Panel": "survey.panels",
    "PointQuestions": "survey.expectations",
    "PrintedOption": "survey.printed_counts",
    "PrintedQuestion": "survey.printed_counts",
    "PrintedWave": "survey.printed_counts",
    "Printing": "survey.printed_counts",
    "SHAPES": "survey.merging",
    "STATED": "survey.distribution_rules",
    "check_archive": "survey.formats.archives",
    "check_parquet": "survey.formats.parquet_room",
    "comparable_items": "survey.concepts",
    "concept_findings": "survey.concepts",
    "concept_table": "survey.concepts",
    "demo_respondents": "survey.synthetic_demo",
    "export_study": "survey.exporting",
    "export_wave": "survey.exporting",
    "firm_distributions": "survey.expectations",
    "follow_concepts": "survey.concepts",
    "follow_firms": "survey.panels",
    "load_instrument": "survey.questionnaire_file",
    "merge": "survey.merging",
    "panel": "survey.panels",
    "read_decisions": "survey.renames",
    "read_dependence": "survey.dependence",
    "read_xlsx": "survey.formats.excel",
    "shown_table": "survey.formats.as_shown",
    "synthesize": "survey.synthetic",
    "weigh": "survey.weights",
    "with_weight_column": "survey.weights_column",
    "write_demo_wave": "survey.synthetic_file",
    "write_form": "survey.formats.form_write",
    "write_lss": "survey.formats.lss_write",
    "write_sav": "survey.formats.spss_write",
    "write_synthetic": "survey.synthetic_file",
    "write_xlsform": "survey.formats.xlsform_write",
}
"""Exported name to the module that owns it; loaded at first use, for these load large libraries."""

__all__ = [
    "CENTRES",
    "CLEANING_RULES",
    "DECISION_COLUMNS",
    "DECISION_KINDS",
    "DISTRIBUTION_RULES",
    "EXPORTS",
    "FORMATS",
    "GROWTHS",
    "KINDS",
    "LEDGER_COLUMNS",
    "MADE_METHODS",
    "METHODS",
    "REASONS",
    "ROLES",
    "SCHEMA",
    "SECTIONS",
    "SELECTIONS",
    "SHAPES",
    "SILENCE",
    "SINGLETONS",
    "STATED",
    "STEP_RULES",
    "TARGETS",
    "WEIGHT_METHODS",
    "Answers",
    "Change",
    "Choice",
    "CleanStep",
    "Codebook",
    "Creation",
    "Decisions",
    "Dependence",
    "Design",
    "DesignFault",
    "DistributionRules",
    "Distributions",
    "Fault",
    "FileFault",
    "Finding",
    "Instrument",
    "Item",
    "Ledger",
    "LedgerFile",
    "MarginMet",
    "Meaning",
    "MissingCode",
    "Origin",
    "Panel",
    "PointQuestions",
    "PrintedOption",
    "PrintedQuestion",
    "PrintedWave",
    "Printing",
    "Question",
    "QuestionFault",
    "Replication",
    "State",
    "Study",
    "StudyFault",
    "Wave",
    "WaveSource",
    "Weighted",
    "answers_text",
    "answers_to",
    "check_archive",
    "check_parquet",
    "check_study",
    "clean_source",
    "clean_steps",
    "clean_wave",
    "codebook_text",
    "comparable_items",
    "concept_findings",
    "concept_table",
    "country_codes",
    "country_names",
    "create_replicates",
    "currency_codes",
    "data_folder",
    "demo_respondents",
    "dense_codes",
    "design_frame",
    "export_study",
    "export_wave",
    "file_format",
    "firm_distributions",
    "fold_name",
    "follow_concepts",
    "follow_firms",
    "has_extra",
    "held_file",
    "init_study",
    "latest_wave",
    "ledger_cells",
    "ledger_json",
    "load_instrument",
    "load_study",
    "merge",
    "names_in",
    "nearest",
    "not_installed",
    "panel",
    "parse_expression",
    "parse_toml",
    "read_decisions",
    "read_dependence",
    "read_ledger",
    "read_toml",
    "read_wave",
    "read_xlsx",
    "replay_ledger",
    "replicate_columns",
    "select",
    "shown_table",
    "source_named",
    "study_wave",
    "synthesize",
    "toml_key",
    "toml_value",
    "weigh",
    "weigh_source",
    "with_weight_column",
    "words",
    "write_demo_wave",
    "write_form",
    "write_lss",
    "write_sav",
    "write_synthetic",
    "write_xlsform",
]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"survey has no {name!r}; it exports {', '.join(__all__)}")
