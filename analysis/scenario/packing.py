"""Nested records as one table and back: plain values as JSON, frames and arrays as Arrow, no code in it."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import feather

__all__ = ["PACKED_COLUMNS", "pack", "unpack"]

PACKED_COLUMNS = ("place", "said", "frame")
"""`place` 0 is the record as JSON in `said`; each further place is one frame or array in `frame`."""


def pack(record: object) -> pd.DataFrame:
    """A record of dataclasses, mappings, tuples, lists, frames, arrays and plain values as one table.

    Parameters
    ----------
    record : object

    Returns
    -------
    pandas.DataFrame
        `PACKED_COLUMNS`.

    Raises
    ------
    TypeError
        A value of another kind.
    """
    frames: list[bytes] = []
    said = json.dumps(_told(record, frames), ensure_ascii=False)
    return pd.DataFrame(
        {
            "place": np.arange(len(frames) + 1),
            "said": pd.Series([said, *[""] * len(frames)], dtype="str"),
            "frame": pd.Series([b"", *frames], dtype="object"),
        }
    )


def unpack(table: pd.DataFrame, known: Mapping[str, type]) -> Any:
    """The record again, value by value the same; frames and arrays to the last bit.

    Parameters
    ----------
    table : pandas.DataFrame
        From `pack`.
    known : mapping of str to type
        Dataclasses that may be made, by name: nothing else is.

    Raises
    ------
    ValueError
        A class that is not known, or a table that `pack` did not make.
    """
    rows = table.sort_values("place", kind="stable")
    frames = rows["frame"].tolist()
    try:
        return _made(json.loads(str(rows["said"].iloc[0])), frames, known)
    except (KeyError, IndexError, TypeError, pa.ArrowInvalid) as error:
        raise ValueError(f"a record that was not packed by this version: {error}") from error


def _told(value: Any, frames: list[bytes]) -> Any:
    """What JSON can say of a value; frames go to a list of their own."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Path):
        return {"path": str(value)}
    if isinstance(value, pd.DataFrame):
        frames.append(_bytes(value))
        return {"frame": len(frames)}
    if isinstance(value, pd.Series):
        frames.append(_bytes(value.to_frame("0")))
        return {"series": len(frames)}
    if isinstance(value, np.ndarray):
        flat = value.ravel()
        column = pd.Series(flat, dtype="object") if flat.dtype.kind in "OU" else pd.Series(flat)
        frames.append(_bytes(column.to_frame("0")))
        return {"array": len(frames), "shape": list(value.shape), "dtype": _dtype(value)}
    if isinstance(value, np.random.Generator):
        return {"generator": value.bit_generator.state}
    if isinstance(value, Mapping):
        return {"map": [[_told(key, frames), _told(held, frames)] for key, held in value.items()]}
    if isinstance(value, tuple | list | frozenset):
        kind = type(value).__name__
        held = sorted(value) if isinstance(value, frozenset) else value
        return {kind: [_told(one, frames) for one in held]}
    if is_dataclass(value) and not isinstance(value, type):
        said = {one.name: _told(getattr(value, one.name), frames) for one in fields(value) if one.init}
        return {"record": type(value).__name__, "fields": said}
    raise TypeError(f"a {type(value).__name__} cannot be packed")


def _dtype(value: np.ndarray) -> str:
    return "object" if value.dtype.kind in "OU" else value.dtype.str


def _bytes(frame: pd.DataFrame) -> bytes:
    out = BytesIO()
    feather.write_feather(pa.Table.from_pandas(frame), out, compression="zstd")
    return out.getvalue()


def _frame(frames: list[bytes], place: int) -> pd.DataFrame:
    return feather.read_table(BytesIO(frames[place])).to_pandas()


def _made(said: Any, frames: list[bytes], known: Mapping[str, type]) -> Any:
    if not isinstance(said, dict):
        return said
    if "date" in said:
        return date.fromisoformat(said["date"])
    if "path" in said:
        return Path(said["path"])
    if "frame" in said:
        return _frame(frames, said["frame"])
    if "series" in said:
        return _frame(frames, said["series"])["0"].rename(None)
    if "array" in said:
        flat = _frame(frames, said["array"])["0"].to_numpy(dtype=np.dtype(said["dtype"]), copy=True)
        return flat.reshape(said["shape"])
    if "generator" in said:
        made = np.random.Generator(np.random.PCG64())
        made.bit_generator.state = said["generator"]
        return made
    if "map" in said:
        return {_made(key, frames, known): _made(held, frames, known) for key, held in said["map"]}
    for kind, make in (("tuple", tuple), ("list", list), ("frozenset", frozenset)):
        if kind in said:
            return make(_made(one, frames, known) for one in said[kind])
    held = {name: _made(value, frames, known) for name, value in said["fields"].items()}
    return known[said["record"]](**held)
