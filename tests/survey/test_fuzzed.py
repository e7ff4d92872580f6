"""Mutated files of every kind, archives mutated inside too: a wave or a Fault that says all, nothing else."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey import Fault, read_wave
from survey.formats.registry import FORMATS
from tests.fuzz.seeds import KINDS, mutated_member, seeds


@pytest.fixture(scope="module")
def wholes(tmp_path_factory) -> dict[str, list[bytes]]:
    return seeds(tmp_path_factory.mktemp("wholes"))


def test_there_is_a_seed_of_every_kind(wholes):
    assert not [kind for kind, files in wholes.items() if not files]


@pytest.mark.parametrize("kind", KINDS)
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32))
def test_a_mutated_file_is_a_wave_or_a_fault(wholes, tmp_path, kind, seed):
    chance = random.Random(seed)
    file = tmp_path / f"a{FORMATS[kind][0]}"
    file.write_bytes(mutated_member(chance.choice(wholes[kind]), chance))
    try:
        wave = read_wave(file)
    except Fault as fault:
        assert fault.where and fault.found and fault.expected and fault.do
    else:
        assert len(wave) == len(wave.frame)
    assert [left.name for left in tmp_path.iterdir()] == [file.name]
