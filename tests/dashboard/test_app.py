"""The application: empty shells, no firm outside an internal Release, no other host, deny by default."""

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from dashboard.app import make_app
from dashboard.policy import content_policy
from survey import FileFault
from tests.dashboard.made_up import SECRET, write_made_up

PAGES = ("/", "/pressure", "/survey", "/suppliers", "/rules", "/method")
NAMES = ("briefing", "pressure", "survey", "suppliers", "rules", "method")
GROUND = {"ground": "light", "narrow": False}


def _call(
    client: FlaskClient, output: str, inputs: list[dict[str, Any]], state: list[dict[str, Any]] | None = None
) -> Any:
    parts = output.strip(".").split("...")
    outputs = [dict(zip(("id", "property"), part.rsplit(".", 1), strict=True)) for part in parts]
    body = {
        "output": output,
        "outputs": outputs[0] if len(outputs) == 1 else outputs,
        "inputs": inputs,
        "state": state or [],
        "changedPropIds": [f"{inputs[0]['id']}.{inputs[0]['property']}"],
    }
    return client.post("/_dash-update-component", json=body)


def _page(client: FlaskClient, page: str, search: str) -> Any:
    return _call(
        client,
        f"{page}-page.children",
        [{"id": "ground", "property": "data", "value": GROUND}],
        [{"id": "_pages_location", "property": "search", "value": search}],
    )


def _text(answer: Any) -> str:
    """Body of an answer with every escape undone, so that no word hides in one."""
    body = answer.get_data(as_text=True)
    return json.dumps(json.loads(body), ensure_ascii=False) if answer.is_json and body else body


def _every_body(client: FlaskClient) -> dict[str, str]:
    """All that the application can be made to say, by what was asked."""
    bodies = {}
    for path in (
        *PAGES,
        "/_dash-layout",
        "/_dash-dependencies",
        "/healthz",
        "/?lang=ja",
        "/pressure?firm=T001&lang=ja",
        "/survey.csv?question=had_to_choose&by=sector&lang=ja",
        "/trend.csv?question=had_to_choose",
        "/published.csv",
        "/exposure.csv",
        "/exposure.csv?firm=T001",
        "/paths.csv?firm=T001",
        "/chokepoints.csv",
        "/concentration.csv",
    ):
        bodies[path] = _text(client.get(path))
    for path in PAGES:
        shell = _call(
            client,
            ".._pages_content.children..._pages_store.data..",
            [
                {"id": "_pages_location", "property": "pathname", "value": path},
                {"id": "_pages_location", "property": "search", "value": "?firm=T001"},
            ],
        )
        bodies[f"shell of {path}"] = _text(shell)
    search = f"?firm=T001&q={SECRET.split()[0]}&compare=T001,T002"
    for page in NAMES:
        for asked in ("", search, search + "&lang=ja"):
            bodies[f"{page} {asked}"] = _text(_page(client, page, asked))
    for output, store in (
        ("shown.children", "asked-filter"),
        ("drawer.children", "asked-firm"),
        ("compared.children", "asked-compare"),
        ("what-if.children", "asked-flow"),
        ("what-if-result.children", "asked-turn"),
        ("survey-view.children", "asked-survey"),
        ("suppliers-view.children", "asked-suppliers"),
    ):
        for asked in ("?", "?firm=T001&compare=T001"):
            ground = [{"id": "ground", "property": "data", "value": GROUND}]
            of_charts = ("asked-survey", "asked-suppliers")
            state = ground if store in of_charts else []
            answer = _call(client, output, [{"id": store, "property": "data", "value": asked}], state)
            bodies[f"{output} {asked}"] = _text(answer)
    for asked in ("?", "?q=Made"):
        request = {"startRow": 0, "endRow": 100, "sortModel": []}
        answer = _call(
            client,
            "grid.getRowsResponse",
            [{"id": "grid", "property": "getRowsRequest", "value": request}],
            [
                {"id": "asked-filter", "property": "data", "value": None},
                {"id": "_pages_location", "property": "search", "value": asked},
            ],
        )
        bodies[f"rows {asked}"] = _text(answer)
    return bodies


def test_public_release_says_no_firm_anywhere(public_client: FlaskClient) -> None:
    for asked, body in _every_body(public_client).items():
        assert "ZZPLANTED" not in body.replace("q=ZZPLANTED", ""), asked
        assert "Made-up 2" not in body and "架空2社" not in body, asked


def test_the_leak_test_can_fail(internal_client: FlaskClient) -> None:
    found = [asked for asked, body in _every_body(internal_client).items() if SECRET in body]
    assert any(asked.startswith("pressure") for asked in found)
    assert any(asked.startswith("drawer") for asked in found)
    assert any(asked.startswith("suppliers") for asked in found)
    assert "T001" in _every_body(internal_client)["/paths.csv?firm=T001"]


def test_shells_and_first_html_hold_no_firm_even_internally(internal_client: FlaskClient) -> None:
    bodies = _every_body(internal_client)
    for asked in (*PAGES, "/_dash-layout", "/_dash-dependencies", "shell of /", "shell of /pressure"):
        assert SECRET not in bodies[asked] and "T001" not in bodies[asked].replace("firm=T001", ""), asked


def test_suppressed_cells_are_words_not_numbers(public_client: FlaskClient) -> None:
    text = _text(_page(public_client, "briefing", "?lang=en"))
    assert text.count("not shown: confidentiality") >= 2
    assert "Firm rows are not in this release" in text
    assert "非表示（秘匿のため）" in _text(_page(public_client, "pressure", "?lang=ja"))


@pytest.mark.parametrize("search", ["?lang=en", "?lang=ja", "?lang=ja&theme=dark&compare=T001,T002"])
@pytest.mark.parametrize("page", NAMES)
def test_pages_carry_banner_and_no_null_words(internal_client: FlaskClient, page: str, search: str) -> None:
    answer = _page(internal_client, page, search)
    assert answer.status_code == 200
    text = _text(answer)
    assert ("合成データ（架空の回答）" if "ja" in search else "Synthetic data: ") in text
    assert not re.search(r"\bnan\b|<NA>|\{(?!text)\w+\}|None", text)


def test_only_pages_that_exist_are_in_the_rail(internal_client: FlaskClient) -> None:
    text = _text(_page(internal_client, "briefing", ""))
    for path in set(re.findall(r'"data-path":\s*"([^"]+)"', text)):
        assert internal_client.get(path).status_code == 200
    assert "/rules" in text and "/scenarios" in text


@pytest.mark.parametrize("path", PAGES)
def test_html_asks_nobody_else(internal_client: FlaskClient, path: str) -> None:
    page = internal_client.get(path).get_data(as_text=True)
    assert not re.search(r"https?://", page.replace("http://www.w3.org", ""))
    assert 'lang="en"' in page and "Share chart" not in page


def test_language_and_theme_are_in_the_first_html(internal_client: FlaskClient) -> None:
    page = internal_client.get("/pressure?lang=ja&theme=dark").get_data(as_text=True)
    assert '<html lang="ja" data-theme="dark">' in page
    assert "<title>選択を迫られる圧力" in page
    odd = internal_client.get('/?lang="><script>&theme=<b>').get_data(as_text=True)
    assert '<html lang="en" data-theme="system">' in odd


def test_heavy_bundles_only_where_used(internal_client: FlaskClient, public_client: FlaskClient) -> None:
    assert "dash_ag_grid/dash_ag_grid" in internal_client.get("/pressure").get_data(as_text=True)
    for answer in (internal_client.get("/"), public_client.get("/pressure")):
        assert "dash_ag_grid/dash_ag_grid" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "path",
    [
        "/x",
        "/_reload-hash",
        "/_alive_x",
        "/admin",
        "/pressure/T001",
        "/assets/../app.py",
        "/firms.parquet",
        "/_mcp",
    ],
)
def test_denied_by_default(internal_client: FlaskClient, path: str) -> None:
    assert internal_client.get(path).status_code in (404, 405)


def test_posts_only_json_from_this_site(internal_client: FlaskClient) -> None:
    assert internal_client.post("/").status_code == 405
    assert internal_client.post("/_dash-update-component", data="x").status_code == 403
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert internal_client.post("/_dash-update-component", json={}, headers=foreign).status_code == 403
    assert internal_client.delete("/").status_code == 405
    assert internal_client.get("/healthz").get_data() == b"ok\n"


def test_headers_on_every_answer(internal_client: FlaskClient) -> None:
    for path in (*PAGES, "/_dash-layout", "/x", "/assets/look.css"):
        headers = internal_client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        rules = headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in rules and "default-src 'none'" in rules
        assert "http" not in rules and "unsafe-eval" not in rules
        assert "unsafe-inline" not in rules
    assert internal_client.get("/_dash-layout").headers["Cache-Control"] == "no-store"


def test_policy_allows_the_inline_scripts_of_the_page_and_no_other() -> None:
    page = '<script type="application/json">{}</script><script>run()</script><script src="/a.js"></script>'
    rules = content_policy(page)
    hashed = base64.b64encode(hashlib.sha256(b"run()").digest()).decode()
    assert f"'sha256-{hashed}'" in rules
    assert rules.count("sha256-") == 1
    assert "sha256-" not in content_policy(drawn=page)


def test_policy_allows_looks_of_what_is_drawn_first_and_sheets_of_this_answer_alone() -> None:
    drawn = """<p style="color: red">a</p><p style='b: "c" &amp; d'>&lt;p style="e: f"&gt;</p>"""
    drawn += "<script>run()</script>"
    parts = dict(part.split(" ", 1) for part in content_policy("", drawn, "word").split("; "))
    looks = {
        base64.b64encode(hashlib.sha256(one).digest()).decode() for one in (b"color: red", b'b: "c" & d')
    }
    assert set(parts["style-src-attr"].split()) == {"'unsafe-hashes'", *(f"'sha256-{one}'" for one in looks)}
    assert parts["style-src"] == "'self' 'nonce-word'" and parts["script-src"] == "'self'"
    bare = dict(part.split(" ", 1) for part in content_policy().split("; "))
    assert bare["style-src"] == "'self'" and bare["style-src-attr"] == "'none'"


def test_each_page_has_a_word_of_its_own_for_its_sheets(internal_client: FlaskClient) -> None:
    words = []
    for _ in range(2):
        answer = internal_client.get("/")
        found = re.search(r'nonce="([^"]+)"', answer.get_data(as_text=True))
        assert found and f"'nonce-{found.group(1)}'" in answer.headers["Content-Security-Policy"]
        assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
        words.append(found.group(1))
    assert words[0] != words[1] and len(words[0]) >= 22


def test_answers_are_compressed(internal_client: FlaskClient) -> None:
    page = internal_client.get("/").get_data(as_text=True)
    bundle = re.search(r'src="(/_dash-component-suites/[^"]*dash_renderer[^"]*)"', page)
    assert bundle
    first, second = (
        internal_client.get(bundle.group(1), headers={"Accept-Encoding": "br"}) for _ in range(2)
    )
    assert first.headers["Content-Encoding"] == "br"
    assert first.get_data() == second.get_data()
    assert len(first.get_data()) < 80_000


def test_a_folder_that_is_no_release_is_the_users_fault(tmp_path: Path) -> None:
    with pytest.raises(FileFault):
        make_app(tmp_path)


def test_two_apps_in_one_process_do_not_mix(internal: Path, public: Path) -> None:
    first, second = make_app(internal).server.test_client(), make_app(public).server.test_client()
    assert SECRET in _page(first, "pressure", "?firm=T001").get_data(as_text=True)
    assert SECRET not in _page(second, "pressure", "").get_data(as_text=True)
    assert SECRET in _page(first, "pressure", "?firm=T001").get_data(as_text=True)


def test_failure_says_so_and_tells_no_reason(public: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = make_app(public).server.test_client()

    def break_down(*_: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr("dashboard.pages.briefing.claim_of_the_day", break_down)
    answer = _page(client, "briefing", "?lang=ja")
    assert "数値を表示できませんでした" in _text(answer)
    assert SECRET not in _text(answer) and "Traceback" not in _text(answer)


def test_no_such_page_is_said_in_the_language(internal_client: FlaskClient) -> None:
    answer = internal_client.get("/nowhere?lang=ja")
    assert answer.status_code == 404
    assert "そのページはありません" in answer.get_data(as_text=True)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("page", ["briefing", "pressure"])
def test_study_without_links_rules_and_headlines_has_its_own_words(
    tmp_path: Path, page: str, lang: str
) -> None:
    client = make_app(write_made_up(tmp_path / "bare", is_bare=True)).server.test_client()
    text = _text(_page(client, page, f"?lang={lang}"))
    assert ("no pressure figures" if lang == "en" else "圧力の数値はない") in text
    assert not re.search(r"\bnan\b|<NA>|None|1970", text)
