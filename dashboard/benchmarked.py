"""What a firm brings to the page and what goes back: held while one request is answered, then gone."""

import base64
import binascii
import csv
import io
import logging
import tempfile
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, request

from analysis import Benchmark, OwnFiles, Release, answers_given, benchmark_firm, read_given
from dashboard.benchmark_report import report_of_benchmark
from dashboard.benchmark_sheet import sheet_of_benchmark
from dashboard.command.outputs import label_synthetic, neutral
from dashboard.command.printing import find_browser, print_page
from dashboard.finding_words import fault_in_japanese, place_in_japanese
from dashboard.shelf import Shelf
from dashboard.wording import LANGUAGES, say
from survey import Fault, FileFault, held_file

__all__ = ["BENCHMARK_POSTS", "MOST_BROUGHT", "answer_benchmarks", "can_print", "empty_form"]

_LOG = logging.getLogger("crosspressure.dashboard")

BENCHMARK_POSTS = ("/benchmark/compare", "/benchmark/report.pdf")
"""Paths that take what a firm brings."""

MOST_BROUGHT = 6 * 1024 * 1024
"""Bytes of one request, at most."""

_FILES = ("answers", "links", "parties", "items", "listings", "bands")
_MEMORY = Path("/dev/shm")
_ONE_AT_A_TIME = threading.Lock()
"""A browser takes 200 MB: one PDF is made at a time."""


def can_print() -> bool:
    """Whether a PDF can be made without a disk: a browser, and a folder that is memory."""
    return _MEMORY.is_dir() and find_browser() is not None


def answer_benchmarks(server: Flask, shelf: Shelf, release: Release) -> None:
    """Answer the paths of `BENCHMARK_POSTS`; nothing of a request outlives its answer."""

    def compare() -> Response:
        return _told(lambda asked, lang: _compared(shelf, release, asked, lang))

    def report() -> Response:
        return _told(lambda asked, lang: _printed(shelf, release, asked, lang))

    for path, answer in zip(BENCHMARK_POSTS, (compare, report), strict=True):
        server.add_url_rule(path, path.strip("/").replace("/", "_"), answer, methods=["POST"])


def _fault_words(fault: Fault, lang: str) -> dict[str, str]:
    """The four parts of a fault, in Japanese where they have it."""
    said = {"found": fault.found, "expected": fault.expected, "do": fault.do}
    if lang != "ja":
        return {"where": fault.where, **said}
    return {
        "where": place_in_japanese(fault.where),
        **{part: fault_in_japanese(words) or words for part, words in said.items()},
    }


def _told(answer: Callable[[Mapping[str, Any], str], Response]) -> Response:
    """An answer, or the four parts of a fault; of a failure of ours no more than its kind goes to the log."""
    asked = request.get_json(silent=True)
    asked = asked if isinstance(asked, dict) else {}
    lang = asked.get("lang") if asked.get("lang") in LANGUAGES else "en"
    try:
        return answer(asked, str(lang))
    except Fault as fault:
        told = jsonify({"fault": _fault_words(fault, str(lang))})
    except Exception as error:
        _LOG.error("a comparison failed: %s", type(error).__name__)
        told = jsonify({"failed": say(str(lang), "benchmark.failed")})
    told.status_code = 422
    return told


def _compared(shelf: Shelf, release: Release, asked: Mapping[str, Any], lang: str) -> Response:
    found = _found(release, asked)
    rows = neutral(label_synthetic(found.table, bool(found.about["synthetic"])))
    return jsonify({"html": sheet_of_benchmark(shelf, found, lang), "csv": rows.to_csv(index=False)})


def _printed(shelf: Shelf, release: Release, asked: Mapping[str, Any], lang: str) -> Response:
    if not can_print():
        raise FileFault("PDF", "no browser, or no memory to print in", "both on the server", "print the page")
    page = report_of_benchmark(shelf, _found(release, asked), lang)
    with _ONE_AT_A_TIME, tempfile.TemporaryDirectory(dir=_MEMORY) as folder:
        out = Path(folder) / "benchmark.pdf"
        print_page(page, out, folder=_MEMORY)
        content = out.read_bytes()
    return Response(content, mimetype="application/pdf")


def _found(release: Release, asked: Mapping[str, Any]) -> Benchmark:
    """Compare what a request brings.

    Raises
    ------
    Fault
        As `benchmark_firm`; messages name files as their owner does.
    """
    files, answers = asked.get("files"), asked.get("answers")
    brought = {name: files[name] for name in _FILES if isinstance(files, dict) and files.get(name)}
    firm = str(asked.get("firm") or "")[:200].strip()
    with ExitStack() as held:
        paths, names = {}, {str(release.folder): "Release"}
        for name, one in brought.items():
            title = str(one.get("name") or name)[:200] if isinstance(one, dict) else name
            paths[name] = held.enter_context(held_file(_content(one, title), title))
            names[str(paths[name])] = title
        try:
            given = None
            if "answers" in paths:
                given = read_given(release, paths["answers"], firm=firm)
            elif isinstance(answers, dict) and answers:
                plain = {
                    str(q): [str(c) for c in codes] for q, codes in answers.items() if isinstance(codes, list)
                }
                given = answers_given(release, plain)
            own = None
            if "links" in paths:
                beside = {name: paths.get(name) for name in ("parties", "items", "listings", "bands")}
                own = OwnFiles(paths["links"], **beside)
            return _named(benchmark_firm(release, given, own, firm=firm if own else ""), names)
        except Fault as fault:
            parts = (_as_named(part, names) for part in (fault.where, fault.found, fault.expected, fault.do))
            raise type(fault)(*parts) from None


def _content(one: Any, name: str) -> bytes:
    try:
        return base64.b64decode(str(one["content"]), validate=True)
    except (KeyError, TypeError, binascii.Error):
        raise FileFault(name, "no content", "a file in base64", "choose the file again") from None


def _as_named(text: str, names: Mapping[str, str]) -> str:
    for path, name in names.items():
        text = text.replace(path, name)
    return text


def _named(found: Benchmark, names: Mapping[str, str]) -> Benchmark:
    """The same, with files in findings named as their owner does."""
    from dataclasses import replace

    told = [
        replace(
            one,
            **{part: _as_named(getattr(one, part), names) for part in ("where", "found", "meaning", "do")},
        )
        for one in found.findings
    ]
    return replace(found, findings=tuple(told))


def empty_form(shelf: Shelf, lang: str) -> str:
    """Rows `question,answer,wording,options` to fill in, as CSV."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(("question", "answer", "wording", "options"))
    form = shelf.tables.get("form")
    if form is not None:
        for question in dict.fromkeys(form.loc[form["kind"] != "id", "question"]):
            options = [f"{code} = {shelf.label(lang, question, code)}" for code in shelf.options(question)]
            rows.writerow((question, "", shelf.label(lang, question), "; ".join(options)))
    return out.getvalue()
