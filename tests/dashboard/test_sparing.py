"""A serving process gives memory back to the system, and what it never computes with is not loaded."""

import os
import subprocess
import sys

import pytest

from dashboard import sparing

_SAID = """
import pyarrow
from dashboard.sparing import spare_memory
print(spare_memory(), pyarrow.default_memory_pool().backend_name)
"""
_LOADED = """
import sys
import scipy.special
theirs = set(sys.modules)
import dashboard.app
print([name for name in {names} if name in sys.modules and name not in theirs])
"""
"""What special functions load, which every estimate needs, is theirs: from SciPy 1.18 on, scipy.linalg."""


def _run(program: str, **more: str) -> str:
    told = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **more},
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.strip()


def test_arrow_takes_the_allocator_of_the_system() -> None:
    assert _run(_SAID).split()[1] == "system"


def test_an_allocator_set_outside_stays() -> None:
    pool = _run("import pyarrow; print(pyarrow.supported_memory_backends()[0])")
    assert _run(_SAID, ARROW_DEFAULT_MEMORY_POOL=pool).split()[1] == pool


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="settings of the GNU C library")
def test_the_c_library_of_gnu_takes_the_settings() -> None:
    import platform

    assert _run(_SAID).split()[0] == str(platform.libc_ver()[0] == "glibc")


def test_pages_load_no_solvers() -> None:
    names = ("scipy.optimize", "scipy.linalg", "scipy.sparse.linalg", "scipy.stats", "statsmodels", "duckdb")
    assert _run(_LOADED.format(names=names)) == "[]"


@pytest.mark.parametrize(("every", "times"), [(0.0, 3), (3600.0, 0)])
def test_what_was_freed_goes_back_now_and_then(
    every: float, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []
    monkeypatch.setattr(sparing, "_trim", lambda: done.append(1))
    tidy = sparing.tidy_now_and_then(every)
    for _ in range(3):
        tidy(None, None, None, None)
    assert len(done) == times


def test_components_need_no_descriptions() -> None:
    program = """
from dash import dcc
from dashboard.sparing import give_back
give_back()
print(dcc.Store.__doc__, dcc.Store(id="a", data=["b"]).to_plotly_json()["props"])
"""
    assert _run(program) == "None {'id': 'a', 'data': ['b']}"


def test_a_server_loads_no_way_to_clouds_and_no_reader_of_fortran_and_both_can_be_had_later() -> None:
    program = """
import sys
from dashboard.sparing import loaded_lightly
with loaded_lightly():
    import dashboard.app
print([one for one in ("pyarrow._s3fs", "numpy.f2py", "charset_normalizer", "babel") if one in sys.modules])
import numpy.f2py
import scipy.special
print(callable(numpy.f2py.get_include), "pyarrow._s3fs" in sys.modules)
"""
    assert _run(program).splitlines() == ["[]", "True False"]


def test_what_is_loaded_already_stays_as_it_is() -> None:
    program = """
import sys
import numpy.f2py
before = numpy.f2py
from dashboard.sparing import loaded_lightly
with loaded_lightly():
    import scipy.special
print(numpy.f2py is before is sys.modules["numpy.f2py"])
"""
    assert _run(program) == "True"
