"""What a Release says of itself: schema, audience, dates, disclosure rules, files and checksums."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from analysis.disclosure.audiences import AUDIENCES
from survey import FileFault, data_folder

__all__ = [
    "MANIFEST",
    "SCHEMA",
    "check_files",
    "checked_bytes",
    "checksum",
    "product_version",
    "read_manifest",
    "release_checksum",
    "release_mark",
    "write_manifest",
]

SCHEMA = 1
"""Version of the folder's layout; a Release of another version is refused."""

MANIFEST = "manifest.json"

_KEYS = ("schema", "product_version", "study", "wave", "audience", "languages", "synthetic", "files")


def product_version() -> str:
    """Version of Crosspressure that is running: as installed, else as the checkout's pyproject.toml says."""
    try:
        return version("crosspressure")
    except PackageNotFoundError:
        project = data_folder().parent / "pyproject.toml"
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])


def checksum(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def release_checksum(manifest: Mapping[str, Any]) -> str:
    """SHA-256 of what a manifest says, in hexadecimal: another for every Release that differs."""
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def release_mark(manifest: Mapping[str, Any]) -> str:
    """The first twelve digits of that: what pages, decks, workbooks and PDF say they were made from."""
    return release_checksum(manifest)[:12]


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> Path:
    """Write `manifest.json`, keys sorted, so that the same manifest is the same bytes."""
    path = folder / MANIFEST
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="")
    return path


def read_manifest(folder: Path) -> dict[str, Any]:
    """What the manifest of a Release says.

    Raises
    ------
    FileFault
        The folder does not exist, is no Release, or is one of another schema version.
    """
    do = "give the folder `crosspressure build` wrote, such as data/built/demo/internal"
    if not folder.is_dir():
        raise FileFault(str(folder), "no such folder", "the folder of a Release", do)
    path = folder / MANIFEST
    if not path.is_file():
        inside = sorted(found.parent.name for found in folder.glob(f"*/{MANIFEST}"))
        if inside:
            do = f"name one of the Releases in it: {', '.join(str(folder / name) for name in inside)}"
        raise FileFault(str(folder), f"no {MANIFEST}", "the folder of a Release", do)
    again = "build the Release again with `crosspressure build`"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise FileFault(str(path), f"not JSON: {error}", "the manifest of a Release", again) from None
    absent = [key for key in _KEYS if not isinstance(manifest, dict) or key not in manifest]
    if absent:
        raise FileFault(str(path), f"no key {absent[0]!r}", "the manifest of a Release", again)
    schema = manifest["schema"]
    if schema != SCHEMA:
        newer = f"install Crosspressure {manifest['product_version']}, which wrote it, or {again}"
        is_newer = isinstance(schema, int) and schema > SCHEMA
        raise FileFault(str(path), f"schema {schema}", f"schema {SCHEMA}", newer if is_newer else again)
    files, held = manifest["files"], manifest["audience"]
    listed = isinstance(files, dict) and all(
        isinstance(entry, dict) and isinstance(entry.get("sha256"), str) for entry in files.values()
    )
    if not listed:
        raise FileFault(str(path), "files without checksums", "each file with its `sha256`", again)
    if held not in AUDIENCES:
        raise FileFault(str(path), f"audience {held!r}", f"one of {', '.join(AUDIENCES)}", again)
    return manifest


def check_files(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Check that each file of a Release is the one that was written.

    Raises
    ------
    FileFault
        A file is missing, or its checksum is not the manifest's.
    """
    for name, entry in sorted(manifest["files"].items()):
        _compare(folder, name, entry, checksum(_place(folder, name)))


def checked_bytes(folder: Path, name: str, entry: Mapping[str, Any]) -> bytes:
    """What is in one file of a Release, once it is the one that was written.

    Raises
    ------
    FileFault
        As `check_files`.
    """
    content = _place(folder, name).read_bytes()
    _compare(folder, name, entry, hashlib.sha256(content).hexdigest())
    return content


_AGAIN = "build the Release again with `crosspressure build`; its files are not to be edited"


def _place(folder: Path, name: str) -> Path:
    path = folder / name
    if Path(name).name != name or not path.is_file():
        raise FileFault(str(path), "no such file", f"a file that {MANIFEST} lists", _AGAIN)
    return path


def _compare(folder: Path, name: str, entry: Mapping[str, Any], found: str) -> None:
    if found != entry["sha256"]:
        wanted = f"checksum {str(entry['sha256'])[:12]} as in {MANIFEST}"
        raise FileFault(str(folder / name), f"checksum {found[:12]}", wanted, _AGAIN)
