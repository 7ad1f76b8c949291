# `make test` and `make demo` need Python 3.11 or newer, git and make, and nothing else:
# both make the environment in .venv first, where it is missing or older than its lists.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
READY := $(VENV)/ready
.DEFAULT_GOAL := help
# What is started again and again is compiled once.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help test check demo table bench lock clean

help:
	@echo "make test    format, lint, types, layers and tests: the whole check (also: make check)"
	@echo "make demo    an invented year of the example project in journeys/mobility: run, explained, reported, changed"
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

# One member of the invented year; and what makes the project an earlier one, in which a wait was shorter.
MEMBER := member-number=M-0021
SHORTER := -e 's/up to 14 days/up to 7 days/'
MADE := build/demo

demo: $(READY)
	@rm -rf $(MADE) && mkdir -p $(MADE)
	@echo "A year of a motoring club, invented but plausible:"
	@$(BIN)/python -m benchmarks.years mobility --people 800 --out $(MADE)/log
	@echo
	@echo "Are its journeys right, and do they keep what their scenarios promise?"
	$(BIN)/verbline test journeys/mobility
	@echo
	@echo "The year happens: through the durable store, on its own time, and nothing is sent."
	$(BIN)/verbline run journeys/mobility --log $(MADE)/log --store $(MADE)/club.db --rehearse
	@echo
	@echo "What happened to one member, and why?"
	$(BIN)/verbline explain journeys/mobility --log $(MADE)/log --store $(MADE)/club.db $(MEMBER)
	@echo
	@echo "Did it move the business?"
	$(BIN)/verbline report journeys/mobility --log $(MADE)/log --store $(MADE)/club.db
	@$(BIN)/verbline report journeys/mobility --log $(MADE)/log --store $(MADE)/club.db --format html --out $(MADE)/report.html
	@echo
	@echo "Suppose the last wait was 7 days before: what do the 14 days of today change? (Ends in 2: something does.)"
	@mkdir $(MADE)/before && cp -r journeys/mobility/. $(MADE)/before && sed -i.old $(SHORTER) $(MADE)/before/journeys/*.journey
	$(BIN)/verbline plan journeys/mobility --against $(MADE)/before --log $(MADE)/log --format markdown > $(MADE)/plan.md || test $$? = 2
	@sed -n '1,30p' $(MADE)/plan.md
	@echo
	@echo "To look at: $(MADE)/report.html in a browser, $(MADE)/plan.md whole,"
	@echo "and what would have left, one intent a line, in $(MADE)/club.db.intents.jsonl."

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
