"""What one worker made is there for the others that came of the same process, whole or not at all."""

import os

import pytest

from dashboard.between import Between


def test_what_was_put_is_there_and_nothing_else() -> None:
    between = Between()
    assert between.get("a") is None
    between.put("a", b"one")
    assert between.get("a") == b"one" and between.get("b") is None
    between.put("a", b"")
    assert between.get("a") == b""


def test_places_are_few_and_what_is_too_large_is_not_kept() -> None:
    between = Between()
    between.put("large", bytes(3 * 1024 * 1024))
    assert between.get("large") is None
    for number in range(200):
        between.put(str(number), str(number).encode() * 1000)
    held = [number for number in range(200) if between.get(str(number)) is not None]
    assert 1 <= len(held) <= 8
    assert all(between.get(str(number)) == str(number).encode() * 1000 for number in held)


def test_what_was_half_overwritten_is_not_there() -> None:
    between = Between()
    between.put("a", b"x" * 100)
    at = between._memory.find(b"x" * 100)
    between._memory[at + 50 : at + 60] = b"y" * 10
    assert between.get("a") is None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no workers that share memory here")
def test_another_process_finds_it() -> None:
    between = Between()
    child = os.fork()
    if child == 0:
        between.put("a", b"made there")
        os._exit(0)
    os.waitpid(child, 0)
    assert between.get("a") == b"made there"
