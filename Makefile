# `make test` and `make demo` need Python 3.11 or newer, git and make, and nothing else:
# both make the environment in .venv first, where it is missing or older than its lists.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
READY := $(VENV)/ready
PROJECTS := $(patsubst %/verbline.toml,%,$(wildcard journeys/*/verbline.toml))

COURSE := journeys/mobility/journeys/safe-driving-course.journey

.DEFAULT_GOAL := help
.PHONY: help test check demo table bench lock clean

help:
	@echo "make test    format, lint, types, layers and tests: the whole check (also: make check)"
	@echo "make demo    the commands at work on the example projects in journeys/"
	@echo "make table   write grammar/table.json again after a change of the grammar"
	@echo "make bench   the benchmarks: some minutes; in one: make bench BENCH='--size s'"
	@echo "make lock    write constraints.txt again with the newest versions"
	@echo "make clean   remove the environment and everything else that was made"
	@echo
	@echo "Another Python: make test PYTHON=python3.13 (after make clean)"

test check: $(READY)
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

# Two slips and a forgotten limit, put into a copy on its way to standard input.
SLIPS := -e 's/^  notify the member by email/  notfy the member by email/' \
  -e 's/^use "standard.channels"/use "standard\/chanels"/' \
  -e 's/^\(  wait for "member attends the course"\) .*/\1/'

demo: $(READY)
	@echo "Are the sentences, the names and the values of $(words $(PROJECTS)) example projects right?"
	$(BIN)/verbline check $(PROJECTS)
	@echo
	@echo "Are they written in the one true form?"
	$(BIN)/verbline fmt --check $(PROJECTS)
	@echo
	@echo "Is anything in them allowed but unwise?"
	$(BIN)/verbline lint $(PROJECTS)
	@echo
	@echo "Do the journeys keep what their scenarios promise?"
	$(BIN)/verbline test $(PROJECTS)
	@echo
	@echo "What would two months of events have come to?"
	$(BIN)/verbline simulate journeys/mobility --log journeys/mobility/log
	@echo
	@echo "What if an author slips? (The file itself stays as it is.)"
	@sed $(SLIPS) $(COURSE) | $(BIN)/verbline check --stdin-filename $(COURSE) - || true
	@echo
	@echo "And what does that journey say?"
	$(BIN)/verbline read $(COURSE)

table: $(READY)
	PYTHONHASHSEED=0 $(BIN)/python -m verbline.grammar.build

bench: $(READY)
	$(BIN)/python -m benchmarks $(BENCH)

lock:
	$(PYTHON) -m venv --clear build/lock
	build/lock/bin/python -m pip install --quiet --upgrade setuptools
	build/lock/bin/python -m pip install --quiet --no-build-isolation --editable '.[dev]'
	{ echo "# What the checks run with. Written by \`make lock\`."; \
	  build/lock/bin/python -m pip freeze --all --exclude-editable --exclude pip; } > constraints.txt

clean:
	rm -rf $(VENV) build dist verbline.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# First what builds, then the project itself: so building needs no network of its own.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Verbline needs Python 3.11 or newer: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(BIN)/python -m pip --version > /dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	$(PIP) setuptools
	$(PIP) --no-build-isolation --editable '.[dev]'
	@touch $@
