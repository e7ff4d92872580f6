"""Small whole files of every kind that is read: what mutations begin from."""

import json
import os
import random
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import xlsxwriter

from survey import Choice, Codebook, FileFault, MissingCode, Question, read_wave, write_sav
from survey.formats.archives import BROKEN
from survey.formats.registry import FORMATS, format_of
from tests.survey.limesurvey_files import CSV, lsa_file, lss_text
from tests.survey.test_excel import ROWS, workbook
from tests.survey.test_instrument_files import _DDI
from tests.survey.test_xlsform import form

__all__ = ["KINDS", "mutated", "mutated_member", "seeds"]

KINDS = tuple(FORMATS)
WORDS = (b"\xff\xff\xff\x7f", b"\0\0\0\0", b"\xff\xff\xff\xff", b"99999999")
_LARGEST = 40_000
FRAME = pd.DataFrame(
    {
        "q": [1.0, 98.0, np.nan, 4.0, 5.0, 1.0],
        "t": ["a", "", "c", "日本", "x" * 30, "b"],
        "v": np.arange(6) * 1.5,
    }
)
BOOK = Codebook(
    (
        Question(
            "q",
            "single",
            ("q",),
            {"en": "Question"},
            (Choice("1", {"en": "yes"}), Choice("4", {"en": "no"})),
            (MissingCode(98, 98, "do_not_know", {"en": "do not know"}),),
        ),
        Question("t", "text", ("t",)),
        Question("v", "number", ("v",)),
    ),
    ("en",),
)
QSF = {
    "SurveyEntry": {"SurveyID": "SV_1", "SurveyName": "Small", "SurveyLanguage": "EN"},
    "SurveyElements": [
        {
            "Element": "SQ",
            "PrimaryAttribute": "QID1",
            "Payload": {
                "QuestionText": "Sector?",
                "DataExportTag": "sector",
                "QuestionType": "MC",
                "Selector": "SAVR",
                "QuestionID": "QID1",
                "Choices": {"1": {"Display": "auto"}, "2": {"Display": "steel"}},
                "ChoiceOrder": ["1", "2"],
            },
        },
        {
            "Element": "SQ",
            "PrimaryAttribute": "QID2",
            "Payload": {
                "QuestionText": "Why?",
                "DataExportTag": "why",
                "QuestionType": "TE",
                "Selector": "SL",
                "QuestionID": "QID2",
            },
        },
    ],
}
DICTIONARY = (
    '"Variable / Field Name","Form Name","Section Header","Field Type","Field Label",'
    '"Choices, Calculations, OR Slider Labels","Field Note","Text Validation Type OR Show Slider Number",'
    '"Text Validation Min","Text Validation Max",Identifier?,"Branching Logic (Show field only if...)"\n'
    "firm,one,,text,Firm,,,,,,,\n"
    'sector,one,,radio,Sector,"1, auto | 2, steel",,,,,,\n'
    'why,one,,checkbox,Why,"1, cost | 2, rules",,,,,,"[sector] = \'1\'"\n'
)
ODM = """<?xml version="1.0" encoding="UTF-8"?>
<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:redcap="https://projectredcap.org" ODMVersion="1.3.1">
<Study OID="p"><GlobalVariables><StudyName>p</StudyName></GlobalVariables><MetaDataVersion OID="m" Name="p">
<FormDef OID="Form.one" Name="One" Repeating="No" redcap:FormName="one">
<ItemGroupRef ItemGroupOID="one.firm" Mandatory="No"/></FormDef>
<ItemGroupDef OID="one.firm" Name="One" Repeating="No"><ItemRef ItemOID="firm" Mandatory="No"
redcap:Variable="firm"/><ItemRef ItemOID="sector" Mandatory="No" redcap:Variable="sector"/></ItemGroupDef>
<ItemDef OID="firm" Name="firm" DataType="text" Length="999" redcap:Variable="firm" redcap:FieldType="text">
<Question><TranslatedText>Firm</TranslatedText></Question></ItemDef>
<ItemDef OID="sector" Name="sector" DataType="text" Length="1" redcap:Variable="sector"
redcap:FieldType="radio"><Question><TranslatedText>Sector</TranslatedText></Question>
<CodeListRef CodeListOID="sector.choices"/></ItemDef>
<CodeList OID="sector.choices" Name="sector" DataType="text" redcap:Variable="sector">
<CodeListItem CodedValue="1"><Decode><TranslatedText>auto</TranslatedText></Decode></CodeListItem>
<CodeListItem CodedValue="2"><Decode><TranslatedText>steel</TranslatedText></Decode></CodeListItem></CodeList>
</MetaDataVersion></Study></ODM>
"""
TABLES = Path(__file__).parent.parent / "reference" / "sas_formats.zip"
QUESTIONNAIRE = Path(__file__).parent.parent.parent / "data" / "instrument"


def seeds(folder: Path) -> dict[str, list[bytes]]:
    """Kind to whole files; made by our writers and, where CROSSPRESSURE_REALDATA is set, real ones too."""
    found: dict[str, list[bytes]] = {kind: [] for kind in KINDS}
    made = _made(folder)
    real = os.environ.get("CROSSPRESSURE_REALDATA")
    others = sorted((Path(real) / "surveys").iterdir()) if real else []
    with zipfile.ZipFile(TABLES) as archive:
        archive.extractall(folder)
    made += sorted([*folder.glob("*.sas7bdat"), *folder.glob("*.sas7bcat")])
    for file in (*made, *others, *sorted(QUESTIONNAIRE.glob("*.toml"))):
        if file.stat().st_size > (_LARGEST if file.suffix != ".sas7bdat" else 4 * _LARGEST):
            continue
        try:
            kind = format_of(file).kind
            if file in made and kind != "sas7bcat":
                read_wave(file)  # a catalogue is no table: reading it alone is a fault
        except FileFault:
            assert file not in made, f"{file.name}: a seed must be whole"
            continue
        found[kind].append(file.read_bytes())
    return found


def _made(folder: Path) -> list[Path]:
    """Files written here."""
    labels = {"variable_value_labels": {"q": {1: "yes", 98: "do not know"}}}
    write_sav(folder / "a.sav", FRAME, BOOK, created=datetime(2021, 12, 15))
    pyreadstat.write_sav(FRAME, str(folder / "plain.sav"), missing_ranges={"q": [98]}, **labels)
    pyreadstat.write_sav(FRAME, str(folder / "a.zsav"), compress=True, **labels)
    pyreadstat.write_dta(FRAME, str(folder / "a.dta"), **labels)
    pyreadstat.write_dta(FRAME.assign(t="ab"), str(folder / "old.dta"), version=10, **labels)
    pyreadstat.write_por(FRAME.assign(t="ab"), str(folder / "a.por"))
    pyreadstat.write_xport(FRAME, str(folder / "5.xpt"), file_format_version=5)
    pyreadstat.write_xport(FRAME, str(folder / "8.xpt"), file_format_version=8)
    FRAME.to_parquet(folder / "a.parquet")
    with xlsxwriter.Workbook(folder / "shared.xlsx") as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["firm", "q", "day"])
        for row in (1, 2, 3):
            sheet.write_row(row, 0, [f"a{row}", row])
            sheet.write_datetime(row, 2, datetime(2021, 12, row), day)
    texts = {
        "a.csv": 'firm,q,t\na,1,x\nb,2,"y, z"\nc,,"two\nlines"\n',
        "a.tsv": "firm\tq\na\t1\nb\tNA\nc\t3\n",
        "lime.csv": CSV if isinstance(CSV, str) else "\n".join(CSV),
        "a.lss": lss_text(),
        "a.qsf": json.dumps(QSF),
        "dictionary.csv": DICTIONARY,
        "a.xml": ODM,
        "ddi.xml": _DDI,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "sjis.csv").write_text("企業,売上\nあ,１０\nい,２０\n", encoding="cp932")
    (folder / "wide.csv").write_text("firm,q\na,1\nb,2\n", encoding="utf-16")
    workbook(folder / "a.xlsx", answers=ROWS)
    form(folder / "form.xlsx")
    lsa_file(folder / "a.lsa")
    return sorted(file for file in folder.iterdir() if file.is_file())


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A copy with one to sixteen bytes changed, taken out, put in or doubled, or cut off."""
    new = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 4, 16))):
        if not new:
            break
        at, how = chance.randrange(len(new)), chance.random()
        if how < 0.3:
            new[at] = chance.randrange(256)
        elif how < 0.5:
            new[at] ^= 1 << chance.randrange(8)
        elif how < 0.65:
            del new[at : at + chance.randrange(1, 40)]
        elif how < 0.75:
            new[at:at] = chance.randbytes(chance.randrange(1, 9))
        elif how < 0.85:
            new[at:at] = new[at : at + chance.randrange(1, 200)]
        elif how < 0.95:
            new[at : at + 4] = chance.choice(
                (b"\xff\xff\xff\x7f", b"\0\0\0\0", b"\xff\xff\xff\xff", b"99999999")
            )
        else:
            del new[at:]
    return bytes(new)


def mutated_member(data: bytes, chance: random.Random) -> bytes:
    """An archive with one member mutated, its checksum right again; other bytes as `mutated` gives them."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as old:
            members = [(info.filename, old.read(info)) for info in old.infolist()]
    except BROKEN:
        return mutated(data, chance)
    if not members:
        return mutated(data, chance)
    which = chance.randrange(len(members))
    new = BytesIO()
    with zipfile.ZipFile(new, "w", zipfile.ZIP_STORED) as archive:
        for at, (name, content) in enumerate(members):
            archive.writestr(zipfile.ZipInfo(name), mutated(content, chance) if at == which else content)
    return new.getvalue()
