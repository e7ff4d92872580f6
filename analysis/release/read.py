"""A Release as the dashboard sees it: a manifest and tables, read only after their checksums hold."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.release.folded import Folded, Tables, fold
from analysis.release.manifest import check_files, checked_bytes, read_manifest, release_checksum
from survey import FileFault, nearest

__all__ = ["Release", "hold_release", "read_release"]


@dataclass(frozen=True, slots=True)
class Release:
    """The finished numbers for one audience.

    Attributes
    ----------
    folder : Path
        Where it lies.
    manifest : Mapping[str, Any]
        What it says of itself; see docs/how-to.
    """

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def audience(self) -> str:
        """`internal`, `members` or `public`."""
        return str(self.manifest["audience"])

    @property
    def checksum(self) -> str:
        """That of `release_checksum`."""
        return release_checksum(self.manifest)

    def tables(self) -> tuple[str, ...]:
        """Names of the tables this audience may see."""
        return tuple(sorted(Path(name).stem for name in self.manifest["files"]))

    def table(self, name: str) -> pd.DataFrame:
        """One table, a fresh frame at each call.

        Raises
        ------
        FileFault
            This Release has no such table: most are for the internal audience only.
        """
        if name not in self.tables():
            raise FileFault(
                str(self.folder),
                f"no table {name!r} for the audience {self.audience!r}",
                f"one of {', '.join(self.tables())}",
                nearest(name, self.tables()),
            )
        return pd.read_parquet(self.folder / f"{name}.parquet")

    def in_memory(self) -> Tables:
        """Every table, read now; long ones folded."""
        return Tables({name: fold(self.table(name)) for name in self.tables()})


@dataclass(frozen=True, slots=True)
class _Held(Release):
    """A Release whose tables were taken into memory: no file of it is read any more."""

    frames: Tables

    def table(self, name: str) -> pd.DataFrame:
        """A table that shares its values with what was read; pandas copies what is written to."""
        if name not in self.frames:
            return Release.table(self, name)
        return self.frames[name].copy(deep=False)

    def in_memory(self) -> Tables:
        """The tables as they were taken."""
        return self.frames


def read_release(folder: str | Path) -> Release:
    """Open a Release and check each of its files against the manifest.

    Raises
    ------
    FileFault
        No Release, one of another schema, or one whose files were changed after it was written.
    """
    path = Path(folder)
    manifest = read_manifest(path)
    check_files(path, manifest)
    return Release(path, manifest)


def hold_release(folder: str | Path) -> Release:
    """Open a Release and take its tables into memory, each from the very bytes whose checksum was held.

    What becomes of the folder later, or while it is read, changes nothing of what was taken.

    Raises
    ------
    FileFault
        As `read_release`; or a file that is the one that was written, and no table.
    """
    path = Path(folder)
    manifest = read_manifest(path)
    held: dict[str, pd.DataFrame | Folded] = {}
    for name, entry in sorted(manifest["files"].items()):
        content = checked_bytes(path, name, entry)
        try:
            held[Path(name).stem] = fold(pd.read_parquet(io.BytesIO(content)))
        except (ValueError, OSError) as error:
            again = "build the Release again with `crosspressure build`"
            raise FileFault(str(path / name), f"no table: {error}", "a table in Parquet", again) from None
    return _Held(path, manifest, Tables(held))
