"""Feed every reader files mutated by coverage (atheris): `make fuzz`, or python -m tests.fuzz [KIND ..].

A file must end in a wave or a Fault, within 20 seconds and 1 GiB, and leave nothing beside it.
What broke a reader is kept in data/built/fuzz/KIND.
"""

import argparse
import importlib
import os
import pkgutil
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).parent.parent.parent
KEPT = TOP / "data" / "built" / "fuzz"
TIMEOUT = 20
MEMORY = 1024


def main() -> int:
    """Fuzz the kinds asked for, one process each; 1 where one broke."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("kinds", nargs="*", metavar="KIND", help="formats to fuzz; all where none is named")
    parser.add_argument("--seconds", type=int, default=60, help="time for each kind")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    os.chdir(TOP)
    if asked.inside:
        _fuzz(asked.kinds[0], asked.seconds)
    from tests.fuzz.seeds import KINDS  # not above: _fuzz imports the readers with its instruments

    if unknown := set(asked.kinds) - set(KINDS):
        parser.error(f"unknown kind {', '.join(sorted(unknown))}; known: {', '.join(KINDS)}")
    broken = []
    for kind in asked.kinds or KINDS:
        command = [sys.executable, "-m", "tests.fuzz", kind, "--seconds", str(asked.seconds), "--inside"]
        log = KEPT / kind / "log.txt"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("w") as out:
            code = subprocess.run(command, stdout=out, stderr=out, check=False).returncode
        counts = re.findall(r"^#(\d+)\s|^Done (\d+) runs", log.read_text(errors="replace"), re.MULTILINE)
        runs = max((int(a or b) for a, b in counts), default=0)
        code = code or int(runs == 0)  # nothing was tried: that is no success
        said = f"BROKEN, see {log.relative_to(TOP)}" if code else "ok"
        print(f"{kind:<18} {runs:>9,} files  {said}", flush=True)
        if code:
            broken.append(kind)
    print(f"{len(asked.kinds or KINDS) - len(broken)} passed, {len(broken)} failed")
    return int(bool(broken))


def _fuzz(kind: str, seconds: int) -> None:
    """Fuzz one kind in this process, which ends here."""
    import atheris

    with atheris.instrument_imports(include=["survey"]):
        import survey.formats
        from survey import Fault, read_wave

        for module in pkgutil.iter_modules(survey.formats.__path__, "survey.formats."):
            importlib.import_module(module.name)
        from survey.formats.registry import FORMATS
    from tests.fuzz.seeds import mutated_member, seeds

    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    corpus, found = KEPT / kind / "corpus", KEPT / kind
    corpus.mkdir(parents=True, exist_ok=True)
    made = folder / "seeds"
    made.mkdir()
    whole = seeds(made).get(kind, [])
    for at, data in enumerate(whole):
        (corpus / f"seed-{at}").write_bytes(data)
    suffix = FORMATS[kind][0]
    work = folder / "work"
    work.mkdir()

    def one(data: bytes) -> None:
        file = work / f"a{suffix}"
        file.write_bytes(data)
        try:
            wave = read_wave(file)
        except Fault as fault:
            if not (fault.where and fault.found and fault.expected and fault.do):
                raise RuntimeError("a fault that does not say all") from fault
        else:
            if len(wave.frame) != len(wave):
                raise RuntimeError("a wave that is not its frame")
        if [left.name for left in work.iterdir()] != [file.name]:
            raise RuntimeError("something was left beside the file")

    def inside(data: bytes, most: int, seed: int) -> bytes:
        chance = random.Random(seed)
        new = mutated_member(data, chance) if chance.random() < 0.8 else atheris.Mutate(data, most)
        return new[:most]

    options = [
        sys.argv[0],
        f"-max_total_time={seconds}",
        f"-timeout={TIMEOUT}",
        f"-rss_limit_mb={MEMORY}",
        f"-max_len={max(map(len, whole)) + 4096}",
        f"-artifact_prefix={found}/",
        str(corpus),
    ]
    atheris.Setup(options, one, custom_mutator=inside, internal_libfuzzer=True)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
