"""An XLSForm with a ranking, choices of a file and a repeat, and answers as KoboToolbox writes them."""

from pathlib import Path

from tests.survey.test_excel import workbook

_FORM = [
    ["type", "name", "label::English (en)", "label::日本語 (ja)", "parameters"],
    ["text", "firm", "Firm", "会社", None],
    ["rank need", "needs", "Order these", "並べてください", None],
    ["select_one_from_file ports.csv", "port", "Port", "港", "value=code label=city"],
    ["begin_group", "plants", None, None, None],
    ["begin_repeat", "plant", "Plants", "工場", None],
    ["text", "place", "Where?", "所在地", None],
    ["integer", "staff", "Staff of the plant", "従業員数", None],
    ["select_multiple need", "plant_needs", "Needs", "必要なもの", None],
    ["end_repeat", None, None, None, None],
    ["end_group", None, None, None, None],
]
_NEEDS = [
    ["list_name", "name", "label::English (en)", "label::日本語 (ja)"],
    ["need", "law", "Law", "法律"],
    ["need", "staff", "Staff", "人材"],
    ["need", "time", "Time", "時間"],
]
_PORTS = "code,city::en,city::ja\nYOK,Yokohama,横浜\nKOB,Kobe,神戸\n"
_FIRMS = [
    ["firm", "needs", "port", "_id", "_uuid", "_index"],
    ["F1", "staff law time", "YOK", 71, "u1", 1],
    ["F2", "time law staff", "KOB", 72, "u2", 2],
]
_PLANTS = [
    [
        *("plants/plant/place", "plants/plant/staff", "plants/plant/plant_needs"),
        *("plants/plant/plant_needs/law", "plants/plant/plant_needs/staff", "plants/plant/plant_needs/time"),
        *("_index", "_parent_table_name", "_parent_index", "_submission__uuid"),
    ],
    ["Kobe", 10, "law", 1, 0, 0, 1, "survey", 1, "u1"],
    ["Nara", 6, "law time", 1, 0, 1, 2, "survey", 1, "u1"],
    ["Mie", 8, None, None, None, None, 3, "survey", 2, "u2"],
]


def form_book(path: Path) -> Path:
    """The form, and the file of its ports beside it."""
    (path.parent / "ports.csv").write_text(_PORTS, encoding="utf-8")
    return workbook(path, survey=_FORM, choices=_NEEDS)


def answers_book(path: Path) -> Path:
    """A sheet for the firms and one for the plants."""
    return workbook(path, survey=_FIRMS, plant=_PLANTS)
