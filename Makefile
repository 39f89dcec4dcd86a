# Everything happens in a virtual environment of the checkout's own: nothing is installed elsewhere.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# compat: a path, where setuptools would else import a finder of its own at every start (10 ms).
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --config-settings editable_mode=compat

.PHONY: demo test check fix format lint types dead kernel bench mutants docs clean

## Apply manifests/ to a cluster in a temporary file; print its objects and node n1's rules.
demo: $(VENV)/.runs
	@BIN=$(abspath $(BIN)) sh manifests/demo.sh

## Run the tests.
test: $(VENV)/.tests
	$(BIN)/pytest -q -n auto --dist worksteal

## All that a change must pass: format, lint, types, dead code, then the tests (which hold the layers too).
check: format lint types dead test

format: $(VENV)/.tests
	$(BIN)/ruff format --check .

lint: $(VENV)/.tests
	$(BIN)/ruff check .

types: $(VENV)/.tests
	$(BIN)/mypy

## Print what nothing in svcnet uses; exit status 3 if there is something.
dead: $(VENV)/.tests
	$(BIN)/vulture

## Repair what a machine can repair.
fix: $(VENV)/.tests
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

## Load every captured case into a network namespace of its own and list it back.
kernel: $(VENV)/.tests
	$(BIN)/pytest -q -n auto -m kernel tests/kernel --every-case

## Print how fast it is, as ratios.
bench: $(VENV)/.runs
	$(BIN)/python -m benchmarks.run

## Change the code in a thousand small ways, and list the changes that no test notices: half an hour.
mutants: $(VENV)/.tests
	@$(PIP) --editable '.[mutants]'
	$(BIN)/mutmut run
	$(BIN)/mutmut results

## Write docs/cli.md, the manual page, and the output of the sessions in the docs anew.
docs: $(VENV)/.runs
	$(BIN)/python docs/write_reference.py
	$(BIN)/python docs/write_sessions.py

clean:
	rm -rf $(VENV) .venv-* build mutants *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/.runs: pyproject.toml
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --editable .
	@touch $@

$(VENV)/.tests: $(VENV)/.runs
	@$(PIP) --editable '.[dev]'
	@touch $@
