"""What the server of a Release answers to a stranger who follows every link, without a browser."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

from analysis import read_release

if TYPE_CHECKING:
    from flask.testing import FlaskClient

__all__ = ["MOST_ASKED", "answers_of"]

MOST_ASKED = 12
"""Addresses of one page that links lead to and that are asked, beside those that are always."""

_LINK = re.compile(r'"(?:href|src)":\s*"(/[^"]*)"')
_OF_QUESTIONS = ("/survey", "/survey.csv", "/trend.csv")
_LAW = frozenset({"/rules"})
"""Views that hold facts of law: what is asked of them in any case is enough."""

_LOOKS = frozenset({"theme", "compare"})
"""Parts of an address that change how a page looks, or what a reader brought."""


def answers_of(release: Path, most: int = MOST_ASKED) -> list[tuple[str, str]]:
    """Address and answer of every page, view and file of a Release, in both languages.

    Parameters
    ----------
    release : Path
    most : int
        Addresses of one page or file that are asked because a link leads there. Each page in each language,
        and each question of the survey with its file, are asked in any case.

    Returns
    -------
    list of (str, str)
        HTML of each page as first sent, the properties of its elements as JSON, seen or not, downloads as
        they are. Nothing listens at a port: the application is called in this process.
    """
    from dashboard.app import make_app
    from dashboard.downloads import DOWNLOADS
    from dashboard.pages.frame import PAGES
    from dashboard.wording import LANGUAGES

    client = make_app(release).server.test_client()
    names = {path: name for name, path in PAGES}
    known = {*names, *DOWNLOADS}
    wanted = [f"{path}?lang={lang}" for _, path in PAGES for lang in LANGUAGES]
    wanted += [f"{path}?{urlencode({'question': q})}" for q in _questions(release) for path in _OF_QUESTIONS]
    always = len(wanted)
    found = [
        (path, client.get(path).get_data(as_text=True)) for path in ("/_dash-layout", "/_dash-dependencies")
    ]
    asked: set[str] = set()
    often: Counter[str] = Counter()
    for at, link in enumerate(wanted):  # grows as links are found
        address = _plain(link)
        path, _, search = address.partition("?")
        if address in asked or path not in known or (at >= always and often[path] >= most):
            continue
        asked.add(address)
        often[path] += at >= always
        if path not in names:
            told = client.get(address)
            found += [(address, told.get_data(as_text=True))] if told.status_code == 200 else []
            continue
        if search == "lang=en":
            found.append((path, client.get(address).get_data(as_text=True)))
        for part, text in _parts(client, names[path], search):
            found.append((f"{address}#{part}", text))
            wanted += [link for link in _LINK.findall(text) if link.partition("?")[0] not in _LAW]
    return found


def _questions(release: Path) -> list[str]:
    """Questions of a Release, where it has any."""
    opened = read_release(release)
    return [str(q) for q in opened.table("questions")["question"]] if "questions" in opened.tables() else []


def _plain(address: str) -> str:
    """An address without what only changes its look, its parts in order."""
    whole = urlsplit(address)
    parts = sorted((k, v) for k, v in parse_qsl(whole.query) if k not in _LOOKS)
    return f"{whole.path}?{urlencode(parts)}" if parts else whole.path


def _parts(client: "FlaskClient", name: str, search: str) -> Iterator[tuple[str, str]]:
    """Properties of the elements of one page, and of the view within it that its address asks for."""
    ground: dict[str, object] = {
        "id": "ground",
        "property": "data",
        "value": {"ground": "light", "narrow": False},
    }
    where: dict[str, object] = {
        "id": "_pages_location",
        "property": "search",
        "value": f"?{search}" if search else "",
    }
    told = _called(client, f"{name}-page.children", [ground], [where])
    yield "page", told
    kept = re.search(rf'"id":\s*"asked-{name}"', told)
    if kept is None:
        return
    store = _stored(json.loads(told), f"asked-{name}")
    if store is not None:
        asked: dict[str, object] = {"id": f"asked-{name}", "property": "data", "value": store}
        yield "view", _called(client, f"{name}-view.children", [asked], [ground])


def _stored(value: object, name: str) -> object:
    """What a store of a page holds."""
    if isinstance(value, dict):
        if value.get("id") == name and "data" in value:
            return value["data"]
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            found = _stored(part, name)
            if found is not None:
                return found
    return None


def _called(
    client: "FlaskClient", output: str, inputs: list[dict[str, object]], state: list[dict[str, object]]
) -> str:
    """The answer of the server to one request of a page, with every escape undone."""
    name, _, kind = output.rpartition(".")
    body = {
        "output": output,
        "outputs": {"id": name, "property": kind},
        "inputs": inputs,
        "state": state,
        "changedPropIds": [f"{inputs[0]['id']}.{inputs[0]['property']}"],
    }
    answer = client.post("/_dash-update-component", json=body)
    text = answer.get_data(as_text=True)
    return json.dumps(json.loads(text), ensure_ascii=False) if answer.is_json and text else ""
