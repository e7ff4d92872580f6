"""A Release replaced while it is served: the next stands once it is whole; a bad one never does."""

import json
import shutil
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from werkzeug.test import Client

from analysis import Release
from dashboard.access import RELEASE
from dashboard.app import make_app
from dashboard.keeping import Kept
from dashboard.pages.start import start_site
from dashboard.serving import ServingFault, holds_none, run
from dashboard.standing import Standing
from survey import FileFault
from tests.dashboard.made_up import SECRET
from tests.dashboard.probes import LEAKS
from tests.dashboard.test_app import _page, _text


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.standing._PAUSE", 0.01)


def _standing(folder: Path, *, empty: bool = False, is_here: bool = True) -> Standing:
    kept = Kept()

    def make(release: Release):
        return make_app(release, kept).server

    return Standing(folder, make, start_site() if empty else None, lambda one: is_here or one != "internal")


def _becomes(client: Client, wanted: Callable[[str], bool], seconds: float = 20) -> str:
    """Ask until the answer is of a Release wanted; the header of the last answer."""
    deadline, found = time.monotonic() + seconds, ""
    while time.monotonic() < deadline:
        found = client.get("/").headers.get(RELEASE, "")
        if wanted(found):
            break
        time.sleep(0.05)
    return found


def _exchange(old: Path, new: Path) -> None:
    """As `build` does it: one name for the other."""
    aside = old.with_name("aside")
    old.rename(aside)
    new.rename(old)
    shutil.rmtree(aside)


def test_a_release_put_in_its_place_is_taken_up_whole(internal: Path, public: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(internal, tmp_path / "served"))
    standing = _standing(folder)
    client = Client(standing)
    first = client.get("/").headers[RELEASE]
    assert SECRET in _text(_page(client, "pressure", "?firm=T001"))  # kept, as an answer of this Release
    _exchange(folder, Path(shutil.copytree(public, tmp_path / "next")))
    second = _becomes(client, lambda found: found != first)
    assert second != first
    assert standing.release is not None and standing.release.audience == "public"
    assert SECRET not in _text(_page(client, "pressure", "?firm=T001"))


@pytest.mark.parametrize("harm", ["newer", "cut", "table", "json", "gone", "audience", "internal"])
def test_a_release_that_cannot_be_shown_never_stands(
    public: Path, internal: Path, tmp_path: Path, harm: str, caplog: pytest.LogCaptureFixture
) -> None:
    folder = Path(shutil.copytree(public, tmp_path / "served"))
    client = Client(_standing(folder, is_here=harm != "internal"))
    first = client.get("/").headers[RELEASE]
    bad = Path(shutil.copytree(internal if harm == "internal" else public, tmp_path / "next"))
    _harm(bad, harm)
    _exchange(folder, bad)
    told = _becomes(client, lambda found: found != first, seconds=0.6)
    assert told == first
    answer = _page(client, "briefing", "")
    assert answer.status_code == 200 and "not shown: confidentiality" in _text(answer)
    for word in LEAKS:
        assert word not in _text(client.get("/")), word
    assert harm == "gone" or "is not shown" in caplog.text
    if harm != "internal":
        _exchange(folder, Path(shutil.copytree(internal, tmp_path / "mended")))
        assert _becomes(client, lambda found: found != first) != first


def _harm(folder: Path, harm: str) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    if harm == "newer":
        path.write_text(json.dumps(manifest | {"schema": 2}))
    elif harm == "audience":
        path.write_text(json.dumps(manifest | {"audience": "everybody"}))
    elif harm == "json":
        path.write_text("{")
    elif harm == "cut":
        (folder / "estimates.parquet").write_bytes(b"PAR1")
    elif harm == "table":
        import hashlib

        (folder / "estimates.parquet").write_bytes(b"no table")
        manifest["files"]["estimates.parquet"]["sha256"] = hashlib.sha256(b"no table").hexdigest()
        path.write_text(json.dumps(manifest))
    elif harm == "gone":
        path.unlink()


@pytest.mark.parametrize("harm", ["newer", "cut", "table", "json", "gone", "audience"])
def test_a_bad_release_at_the_start_is_the_users_fault(public: Path, tmp_path: Path, harm: str) -> None:
    folder = Path(shutil.copytree(public, tmp_path / "served"))
    _harm(folder, harm)
    with pytest.raises(FileFault) as caught:
        _standing(folder)
    assert caught.value.do and caught.value.expected
    if harm == "newer":
        assert "install Crosspressure" in str(caught.value)


def test_an_empty_folder_says_how_to_get_a_release_and_becomes_it(public: Path, tmp_path: Path) -> None:
    folder = tmp_path / "served"
    folder.mkdir()
    assert holds_none(folder) and not holds_none(public) and not holds_none(public.parent)
    client = Client(_standing(folder, empty=True))
    for path in ("/", "/pressure?firm=T001"):
        page = client.get(path).get_data(as_text=True)
        assert "crosspressure demo" in page and "crosspressure build mystudy" in page
    assert "公開版がまだありません" in client.get("/?lang=ja").get_data(as_text=True)
    assert client.get("/nowhere").status_code == 404 and client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    assert client.post("/", json={}).status_code == 405
    assert client.get("/assets/start.js").status_code == 200
    shutil.copytree(public, folder, dirs_exist_ok=True)
    assert _becomes(client, bool)
    assert (client.get("/readyz").status_code, client.get("/readyz").text) == (200, "ready\n")


def test_a_request_ends_on_the_release_it_began_with(public: Path, internal: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(public, tmp_path / "served"))
    goes_on, begun = threading.Event(), threading.Event()

    def make(release: Release):
        def answer(environ, start_response):
            start_response("200 OK", [(RELEASE, release.audience)])
            if environ["PATH_INFO"] == "/slow":
                begun.set()
                assert goes_on.wait(20)
            return [release.audience.encode()]

        return answer

    standing = Standing(folder, make, None)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(Client(standing).get, "/slow")
        assert begun.wait(20)
        _exchange(folder, Path(shutil.copytree(internal, tmp_path / "next")))
        assert _becomes(Client(standing), lambda found: found == "internal") == "internal"
        assert not slow.done()
        goes_on.set()
        assert slow.result().text == "public"


def test_the_start_page_names_releases_only_to_readers_here() -> None:
    assert "data/built/x/public" in Client(start_site(lambda: ["data/built/x/public"])).get("/").get_data(
        True
    )
    assert "data/built/x" not in Client(start_site()).get("/").get_data(as_text=True)


def test_a_folder_of_something_else_is_no_place_to_wait_in(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text("")
    assert not holds_none(tmp_path) and not holds_none(tmp_path / "nowhere")
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(FileFault):
            _standing(folder)


def test_an_internal_release_never_comes_to_stand_off_this_machine(internal: Path) -> None:
    with pytest.raises(ServingFault):
        run(internal, "0.0.0.0", 8059)
