"""A LimeSurvey questionnaire in two languages and answers to it, written as LimeSurvey writes them."""

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

SID, GID = "4711", "9"
QUESTIONS = (
    # qid, type, code, other, relevance, wording en, wording ja
    ("1", "L", "sector", "Y", "1", "<p>Which <b>sector</b>?</p>", "業種は？"),
    ("2", "Y", "hit", "N", "1", "Is your business affected?", "事業への影響はあるか"),
    ("3", "M", "kinds", "Y", '((hit.NAOK == "Y"))', "How?", "どのように"),
    ("4", "N", "sales", "N", '!is_empty(sector.NAOK) and kinds_cost.NAOK == "Y"', "Sales", "売上高"),
    ("5", "F", "view", "N", "count(that.kinds) > 1", "Outlook", "見通し"),
    ("6", "D", "day", "N", "1", "When?", "いつ"),
    ("7", "X", "thanks", "N", "1", "Thank you", "ありがとう"),
)
PARTS = (
    ("31", "3", "cost", "Higher costs", "費用増"),
    ("32", "3", "lost", "Lost sales", "販売減"),
    ("51", "5", "us", "in the US", "米国"),
    ("52", "5", "cn", "in China", "中国"),
)
ANSWERS = (
    ("1", "1", "A1", "Cars", "自動車"),
    ("2", "1", "A2", "Steel", "鉄鋼"),
    ("3", "1", "A9", "Do not know", "わからない"),
    ("4", "5", "1", "Better", "良い"),
    ("5", "5", "2", "Worse", "悪い"),
)
ROWS = (
    {"id": "1", "submitdate": "2021-12-01 10:00:00", "1": "A1", "2": "Y", "3cost": "Y", "3lost": "",
     "3other": "", "4": "10.5000000000", "5us": "1", "5cn": "2", "6": "2021-11-01 00:00:00"},
    {"id": "2", "submitdate": "2021-12-02 10:00:00", "1": "A9", "2": "N", "5us": "2", "5cn": ""},
    {"id": "3", "1": "-oth-", "1other": "Ships", "2": "Y", "3cost": "", "3lost": "Y", "3other": "Delay",
     "5us": "2", "5cn": "2"},
)  # fmt: skip


def _table(name: str, rows: list[dict[str, str]]) -> str:
    fields = dict.fromkeys(key for row in rows for key in row)
    head = "".join(f"<fieldname>{field}</fieldname>" for field in fields)
    body = "".join(
        "<row>"
        + "".join(f"<{k}><![CDATA[{v}]]></{k}>" if v else f"<{k}/>" for k, v in row.items())
        + "</row>"
        for row in rows
    )
    return f"<{name}><fields>{head}</fields><rows>{body}</rows></{name}>"


def lss_text() -> str:
    """The questionnaire."""
    base = {"sid": SID, "gid": GID}
    questions = [
        base
        | {
            "qid": q,
            "parent_qid": "0",
            "type": t,
            "title": c,
            "other": o,
            "relevance": r,
            "question_order": q,
        }
        for q, t, c, o, r, _, _ in QUESTIONS
    ]
    parts = [
        base | {"qid": q, "parent_qid": p, "title": c, "question_order": q, "scale_id": "0"}
        for q, p, c, _, _ in PARTS
    ]
    said = [(q, en, ja) for q, *_, en, ja in (*QUESTIONS, *PARTS)]
    wordings = [
        {"id": f"{q}{lang}", "qid": q, "question": text, "language": lang}
        for q, en, ja in said
        for lang, text in (("ja", ja), ("en", en))
    ]
    answers = [{"aid": a, "qid": q, "code": c, "sortorder": a, "scale_id": "0"} for a, q, c, _, _ in ANSWERS]
    options = [
        {"id": f"{a}{lang}", "aid": a, "answer": text, "language": lang}
        for a, _, _, en, ja in ANSWERS
        for lang, text in (("ja", ja), ("en", en))
    ]
    tables = [
        _table("groups", [base | {"group_order": "1", "grelevance": ""}]),
        _table("questions", questions),
        _table("subquestions", parts),
        _table("question_l10ns", wordings),
        _table("answers", answers),
        _table("answer_l10ns", options),
        _table("surveys", [{"sid": SID, "language": "en"}]),
        _table("surveys_languagesettings", [{"surveyls_language": "ja", "surveyls_title": "小さな調査"}]),
    ]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<document><LimeSurveyDocType>Survey</LimeSurveyDocType>'
        "<DBVersion>630</DBVersion><languages><language>en</language><language>ja</language></languages>"
        + "".join(tables)
        + "</document>"
    )


def lsr_text() -> str:
    """The answers: NULL is no element at all, digits at the start of a name get an underscore."""
    names = dict.fromkeys(key for row in ROWS for key in row)
    meta = ("id", "submitdate")
    fields = "".join(f"<fieldname>{n if n in meta else f'{SID}X{GID}X{n}'}</fieldname>" for n in names)
    body = ""
    for row in ROWS:
        cells = ""
        for key, value in row.items():
            tag = key if key in meta else f"_{SID}X{GID}X{key}"
            cells += f"<{tag}><![CDATA[{escape(value)}]]></{tag}>" if value else f"<{tag}/>"
        body += f"<row>{cells}</row>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<document><LimeSurveyDocType>Responses</LimeSurveyDocType>'
        f"<responses><fields>{fields}</fields><rows>{body}</rows></responses></document>"
    )


def lsa_file(path: Path, lsr: str = "") -> Path:
    """The survey archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"survey_{SID}.lss", lss_text())
        archive.writestr(f"survey_{SID}_responses.lsr", lsr or lsr_text())
    return path


CSV = (
    '"id","submitdate","startlanguage","sector","sector[other]","hit","kinds[cost]","kinds[lost]",'
    '"kinds[other]","sales","view[us]","view[cn]","day"\n'
    '"1","2021-12-01 10:00:00","en","A1","","Y","Y","","","10.5","1","2","2021-11-01 00:00:00"\n'
    '"2","2021-12-02 10:00:00","ja","A9","","N","","","","","2","",""\n'
    '"3","","en","-oth-","Ships","Y","","Y","Delay","","2","2",""\n'
)
"""The same answers as LimeSurvey's CSV with question codes and answer codes."""
