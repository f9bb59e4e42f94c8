# Python 3.11 or newer and make are all this needs; everything else is installed, locked and hashed, into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# Locked packages are installed with errors alone told: pip warns of an extra that the lock has resolved already.
.PHONY: help install develop demo test chaos check format lint types imports docs audit bench fuzz quality lock secrets clean

help:  ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## */\1\t/'

$(VENV)/.runtime: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Pagemill needs Python 3.11 or newer; name one with PYTHON=")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --quiet install --require-hashes -r requirements.lock
	$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.develop: $(VENV)/.runtime requirements-dev.lock
	$(PIP) --quiet install --require-hashes -r requirements-dev.lock
	@touch $@

install: $(VENV)/.runtime  ## the pagemill command, in .venv/bin

develop: $(VENV)/.develop  ## what tests and checks need, too

demo: install  ## the whole way of a page, from set-up to a search result
	@$(BIN)/pagemill demo

test: develop  ## every test, on the embedded parts
	$(BIN)/pytest

chaos: develop  ## every fault of docs/reliability.md for as long as it takes, an hour of all by chance, and their table
	CHAOS=long CHAOS_TABLE=chaos-table.md $(BIN)/pytest tests/chaos -q

check: develop format lint types imports test  ## everything a commit must pass

format:
	$(BIN)/ruff format --check .

lint:
	$(BIN)/ruff check .

types:
	$(BIN)/mypy

imports:
	$(BIN)/lint-imports

docs: develop  ## the pages of docs/ that are tables of what the code says
	$(BIN)/python -m tests.architecture.generated_docs
	$(BIN)/python -m tests.architecture.generated_elasticsearch
	$(BIN)/python -m tests.architecture.generated_dashboards

audit: develop $(VENV)/.audit  ## known vulnerabilities among the locked packages, where their database can be reached
	$(BIN)/python -m tests.audit $(VENV)/audit/bin/pip-audit requirements.lock requirements-dev.lock

$(VENV)/.audit: requirements-audit.lock
	test -x $(VENV)/audit/bin/python || $(PYTHON) -m venv $(VENV)/audit
	$(VENV)/audit/bin/python -m pip --disable-pip-version-check --quiet --quiet install --require-hashes -r requirements-audit.lock
	@touch $@

bench: develop  ## the measurements of tests/bench, each beside its yardstick
	$(BIN)/python -m tests.bench

quality: develop  ## how good results are, beside other tools; QUALITY_PAGES names the labelled pages
	$(BIN)/python -m tests.quality

fuzz: develop  ## 100,000 inputs that nobody would send, to every place where something comes in
	PAGEMILL_TEST_EXAMPLES=100000 $(BIN)/pytest --timeout 7200 tests/fuzz

lock:  ## new lock files from pyproject.toml; needs uv
	uv pip compile --universal --generate-hashes --python-version 3.11 --extra build pyproject.toml \
		--custom-compile-command "make lock" --upgrade -o requirements.lock
	uv pip compile --universal --generate-hashes --python-version 3.11 --extra build --extra dev pyproject.toml \
		--custom-compile-command "make lock" -c requirements.lock --upgrade -o requirements-dev.lock
	uv pip compile --universal --generate-hashes --python-version 3.11 --group audit \
		--custom-compile-command "make lock" --upgrade -o requirements-audit.lock

secrets:  ## passwords for docker-compose.yml, in deploy/secrets
	@deploy/make-secrets.sh

clean:  ## takes away what was installed and cached
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
