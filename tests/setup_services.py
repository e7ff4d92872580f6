"""Java and PostgreSQL for the tests of the engines: found on this machine, or installed where root may.

`python -m tests.setup_services` says where they are and exits 0, or says what is missing and exits 1.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

__all__ = ["JAVA", "java", "postgres_programs"]

JAVA = 17
"""The oldest Java that Spark runs on."""

PACKAGES = {"java": "default-jre-headless", "postgres": "postgresql"}
"""Debian packages; its default Java is 17 in Debian 12, 21 in 13: Spark runs on both."""


def java() -> str | None:
    """Path of a Java that Spark runs on, or None."""
    home = os.environ.get("JAVA_HOME")
    named = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if not named or not Path(named).exists():
        return None
    told = subprocess.run([named, "-version"], capture_output=True, text=True, check=False).stderr
    version = told.partition('"')[2].partition('"')[0].split(".")
    return named if version[0].isdigit() and int(version[0]) >= JAVA else None


def postgres_programs() -> Path | None:
    """Folder with `initdb` and `pg_ctl` of PostgreSQL, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: path.parts[-3].zfill(4))
    if found:
        return found[-1].parent
    named = shutil.which("initdb")
    return Path(named).resolve().parent if named else None


def _missing() -> list[str]:
    return [name for name, found in (("java", java()), ("postgres", postgres_programs())) if found is None]


def _install(packages: list[str]) -> None:
    """Install Debian packages, by root only; what was tried is on stderr."""
    if os.name != "posix" or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    for command in (install, ["apt-get", "update", "-q"], install):
        try:
            done = subprocess.run(command, stdout=sys.stderr, env=quiet, timeout=600, check=False)
        except (subprocess.TimeoutExpired, OSError) as error:
            print(f"{command[0]}: {error}", file=sys.stderr)
            return
        if command is install and done.returncode == 0:
            return


def main() -> int:
    """Find both, install what is missing, say what is still missing."""
    if missing := _missing():
        print(f"Installing for the tests of the engines: {', '.join(missing)}", file=sys.stderr)
        _install([PACKAGES[name] for name in missing])
    for name in _missing():
        print(f"No {name}: its tests are skipped. Do this: apt-get install {PACKAGES[name]}", file=sys.stderr)
    print(f"java: {java()}\npostgres: {postgres_programs()}")
    return int(bool(_missing()))


if __name__ == "__main__":
    sys.exit(main())
