"""A Release as the dashboard sees it: a manifest and tables, read only after their checksums hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.release.manifest import check_files, read_manifest
from survey import FileFault, nearest

__all__ = ["Release", "read_release"]


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
