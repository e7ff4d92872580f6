"""A Release on disk: its tables and manifest, and the files of the study it was made from."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.release.manifest import checksum, write_manifest
from survey import Study

__all__ = ["fill_folder", "source_files"]


def source_files(study: Study) -> list[dict[str, str]]:
    """Files of the study's folder the numbers were made from, with their checksums."""
    given = [study.folder / "study.toml", *(w.file for w in study.waves)]
    given += [w.codebook for w in study.waves if w.codebook]
    for section, keys in (
        ("supply", ("links", "parties", "items")),
        ("rules", ("listings", "ownership", "activities", "materials", "catalogue", "own")),
        ("scenarios", ("files",)),
        ("weights", ("margins",)),
        ("published", ("figures", "gates", "breaks")),
    ):
        named = [study.section(section)[k] for k in keys if k in study.section(section)]
        paths = [
            study.folder / str(n) for name in named for n in (name if isinstance(name, list) else [name])
        ]
        given += [
            file for path in paths for file in (sorted(path.glob("*.csv")) if path.is_dir() else [path])
        ]
    response = study.section("weights").get("response", {})
    given += [study.folder / str(response["list"])] if "list" in response else []
    return [{"file": path.name, "sha256": checksum(path)} for path in given if path.is_file()]


def fill_folder(folder: Path, tables: Mapping[str, pd.DataFrame], manifest: dict[str, Any]) -> dict[str, Any]:
    """Write the tables of a Release, then its manifest with their checksums: what stands there now."""
    files = {}
    for name, table in sorted(tables.items()):
        path = folder / f"{name}.parquet"
        _write_parquet(table, path)
        files[path.name] = {
            "sha256": checksum(path),
            "rows": len(table),
            "columns": [str(c) for c in table.columns],
        }
    whole = {**manifest, "files": files}
    write_manifest(folder, whole)
    return whole


def _write_parquet(table: pd.DataFrame, path: Path) -> None:
    """Write a table as Parquet: no index, no pandas metadata, so that equal tables are equal bytes."""
    arrow = pa.Table.from_pandas(table.reset_index(drop=True), preserve_index=False)
    pq.write_table(arrow.replace_schema_metadata(None), path, compression="zstd", write_statistics=False)
