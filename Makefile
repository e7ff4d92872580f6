# Two commands need nothing but python3 (3.11 or later), make and git:
#   make demo            make the environment, build data/demo, serve it on 127.0.0.1:8050
#   make test            make the environment, find or fetch Chromium, run every check
# PORT=8060 and ARGS="--no-browser" travel to `crosspressure demo`; PYTHON=python3.12 picks the interpreter.
PORT ?= 8050
ARGS ?=
UPGRADE ?=

.PHONY: demo test docs bench fuzz data lock clean help

help:
	@sed -n '1,4p' Makefile
	@echo "#   make docs | bench | data | lock | clean   build the site of the documentation | measure speed (ARGS=--quick) | remake data/demo | pin versions anew | remove what was built"

demo:
	@PYTHON="$(PYTHON)" sh tests/environment.sh requirements.lock
	@exec .venv/bin/crosspressure demo --port $(PORT) $(ARGS)

test:
	@PYTHON="$(PYTHON)" sh tests/environment.sh tests/requirements.lock
	@.venv/bin/python -m tests.run

bench:
	@PYTHON="$(PYTHON)" sh tests/environment.sh tests/requirements.lock
	@.venv/bin/python -m tests.benchmarks $(ARGS)

# The documentation as a site in data/built/site, strictly: a link that leads nowhere fails.
docs:
	@PYTHON="$(PYTHON)" sh tests/environment.sh tests/requirements.lock
	@.venv/bin/python -m tests.site $(ARGS)

# Mutates files of every kind for SECONDS each (60); what breaks a reader is kept in data/built/fuzz.
SECONDS ?= 60
fuzz:
	@PYTHON="$(PYTHON)" sh tests/environment.sh tests/requirements.lock
	@.venv/bin/python -m tests.fuzz --seconds $(SECONDS) $(KINDS)

# Remakes data/demo byte for byte from its seeded module.
data:
	@PYTHON="$(PYTHON)" sh tests/environment.sh requirements.lock
	@.venv/bin/python -m dashboard.command demo --remake data/demo

# Pins versions and hashes anew from pyproject.toml; UPGRADE=--upgrade takes newer versions.
lock:
	@PYTHON="$(PYTHON)" sh tests/environment.sh requirements.lock
	@UPGRADE="$(UPGRADE)" sh tests/lock.sh

clean:
	rm -rf .venv data/built dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find survey analysis dashboard tests -name __pycache__ -type d -prune -exec rm -rf {} +
