# `make` lists the targets. Everything is made inside the repository: .venv for Python, node_modules for the spec lint.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

ARGS ?=
BIN := .venv/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input
# A spec in parts (specs/<name>/) is linted as the one document that it makes.
SPLIT = $(patsubst specs/%/,%,$(wildcard specs/*/))
SPECS = $(wildcard specs/*.yaml src/understudy/control/*.yaml) $(SPLIT:%=build/specs/%.json)
PACKAGE := pyproject.toml src/understudy/__init__.py
LOCK := --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url \
        --no-emit-find-links --quiet --upgrade

export REDOCLY_TELEMETRY := off
export REDOCLY_SUPPRESS_UPDATE_NOTICE := true

## serve: start the stand-in (ARGS="--port 9000")
.PHONY: serve
serve: .venv/.runtime
	@exec $(BIN)/understudy serve $(ARGS)

## test: run the tests, without the deep ones (ARGS="-k purchase")
.PHONY: test
test: .venv/.dev
	@$(BIN)/python -m pytest -n 2 -m "not deep and not browser" $(ARGS)

## test-deep: run every test: more seeds, more examples, more time
.PHONY: test-deep
test-deep: .venv/.dev
	@$(BIN)/python -m pytest -n 2 -m "not browser" $(ARGS)

## browser: test the console in Debian's Chromium, which is installed if root runs this (ARGS="-k worlds")
.PHONY: browser
browser: .venv/.dev chromium-is-installed
	@$(BIN)/python -m pytest -m browser tests/console/browser $(ARGS)

## coverage: run the tests and show the branches that none takes
.PHONY: coverage
coverage: .venv/.dev
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -m "not deep and not browser" $(ARGS)
	@$(BIN)/coverage combine --quiet && $(BIN)/coverage report

## check: lint, format, types, layers, containers, specs
.PHONY: check
check: lint types layers containers specs

.PHONY: lint
lint: .venv/.dev
	@echo "== ruff"
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

.PHONY: types
types: .venv/.dev
	@echo "== mypy"
	@$(BIN)/mypy

.PHONY: layers
layers: .venv/.dev
	@echo "== import-linter"
	@$(BIN)/lint-imports --no-cache --no-logo

.PHONY: containers
containers: .venv/.dev
	@echo "== hadolint"
	@[ ! -x $(BIN)/hadolint ] || $(BIN)/hadolint Dockerfile  # there is one for Linux on x86-64 only
	@echo "== check-jsonschema"
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.compose-spec compose.yaml
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows examples/ci/github.yaml

.PHONY: specs
specs: .venv/.dev node_modules/.package-lock.json
	@mkdir -p build/specs
	@for name in $(SPLIT); do $(BIN)/understudy spec $$name > build/specs/$$name.json; done
	@echo "== openapi-spec-validator"
	@$(BIN)/python -m openapi_spec_validator $(SPECS)
	@echo "== redocly"
	@node_modules/.bin/redocly lint $(SPECS)

## mutants: put small mistakes into copies of the tree; the tests have to find them (ARGS="state.* --jobs 2")
.PHONY: mutants
mutants: .venv/.dev
	@set -f; $(BIN)/python -m tools.mutants $(ARGS)

## fix: format, and mend what ruff can
.PHONY: fix
fix: .venv/.dev
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

## image: run the Dockerfile's steps in an empty environment, without a container engine
.PHONY: image
image: .venv/.dev
	@$(BIN)/python tools/rehearse_image.py

## bench: measure requests a second, start-up and memory (ARGS="…")
.PHONY: bench
bench: .venv/.dev .venv/.bench
	@$(BIN)/python -m benchmarks $(ARGS)

## soak: put a mixed load on it for ten minutes (ARGS="--seconds 60")
.PHONY: soak
soak: .venv/.dev
	@$(BIN)/python -m benchmarks.soak $(ARGS)

## clients: generate clients from every document, with four generators (downloads them)
.PHONY: clients
clients: .venv/.dev
	@$(BIN)/python tools/generate_clients.py

## vocabulary: draw the vocabularies in fixtures/ anew
.PHONY: vocabulary
vocabulary: .venv/.dev
	@$(BIN)/python tools/draw_vocabulary.py $(ARGS)

## fixtures: make the samples in fixtures/ anew: a request and its answers for each operation
.PHONY: fixtures
fixtures: .venv/.dev
	@$(BIN)/python -m tools.make_samples

## evidence: write docs/evidence.md anew, from the specs and fixtures/evidence/
.PHONY: evidence
evidence: .venv/.dev
	@$(BIN)/python -m tools.write_evidence

## screenshots: open each page of the console, for docs/screenshots/ and docs/console-accessibility.md
.PHONY: screenshots
screenshots: .venv/.dev chromium-is-installed
	@$(BIN)/python -m tools.screenshots $(ARGS)

## lock: pin the newest versions that fit pyproject.toml, with hashes, in requirements/
.PHONY: lock
lock: .venv/.dev
	@$(BIN)/uv pip compile pyproject.toml --all-extras --group dev $(LOCK) --output-file requirements/dev.txt
	@$(BIN)/uv pip compile pyproject.toml --group build $(LOCK) --constraint requirements/dev.txt \
	  --output-file requirements/runtime.txt
	@$(BIN)/uv pip compile --group bench $(LOCK) --constraint requirements/dev.txt --output-file requirements/bench.txt

## install: make .venv with all that development needs
.PHONY: install
install: .venv/.dev

## clean: remove what these targets have made
.PHONY: clean
clean:
	@rm -rf .venv node_modules build dist .coverage .coverage.* htmlcov .hypothesis .schemathesis .pytest_cache \
	  .mypy_cache .ruff_cache .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help
help:
	@sed -n 's/^## \([a-z-]*\): \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name does; do \
	  printf '  make %-12s %s\n' "$$name" "$$does"; done

# --- what the targets stand on -------------------------------------------------------------------------------------

# The first Python that is new enough and can make an environment; PYTHON names another one.
.venv/.python:
	@for python in $(PYTHON) python3 python3.13 python3.12 python3.11 python; do \
	  if "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Making .venv with $$("$$python" --version)"; \
	    "$$python" -m venv --clear .venv && touch $@ && exit 0; \
	  fi; \
	done; \
	echo "No Python 3.11 or newer with its venv module found: install one, or name it: make PYTHON=/path/to/python" >&2; \
	exit 2

# The package itself is installed editable, built by the hatchling that the requirements pin.
.venv/.runtime: .venv/.python requirements/runtime.txt $(PACKAGE)
	@echo "Installing what the server needs"
	@$(PIP) --require-hashes -r requirements/runtime.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: .venv/.python requirements/dev.txt $(PACKAGE)
	@echo "Installing what development needs"
	@$(PIP) --require-hashes -r requirements/dev.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch .venv/.runtime $@

# What the benchmarks measure the stand-in beside: too large for everyone's development.
.venv/.bench: .venv/.dev requirements/bench.txt
	@echo "Installing what the stand-in is measured beside"
	@$(PIP) --require-hashes -r requirements/bench.txt
	@touch $@

# Playwright downloads no browser: Debian's is taken.
.PHONY: chromium-is-installed
chromium-is-installed:
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	if [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then \
	  echo "No Chromium found: install one (Debian: apt-get install chromium)" >&2; exit 2; \
	fi; \
	echo "Installing Chromium"; \
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	  chromium fonts-dejavu-core >/dev/null

node_modules/.package-lock.json: package.json package-lock.json .npmrc
	@command -v npm >/dev/null || { echo "No npm found: the spec lint needs Node 20.19 or newer" >&2; exit 2; }
	@echo "Installing the spec lint"
	@npm ci --loglevel error
	@touch $@
