# GridCrew: everything a newcomer or CI needs. `make demo` sets up and answers; `make test` proves it.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO_HOME ?= out/demo

.PHONY: help setup system lock demo test lint bench clean

help:
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/'

setup: $(STAMP) ## make the virtual environment from the lock

# torch first and alone: where a CPU build is at hand pip takes it, and the rest of the lock is satisfied by it.
$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet "$$(grep -E '^torch==' requirements.lock)" "$$(grep -E '^uv==' requirements.lock)"
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	touch $@

system: ## system packages: the PDF engine's pango, and the browser that tests open the report in
	scripts/system-packages

lock: ## resolve pyproject.toml anew into requirements.lock
	UV_FIND_LINKS="$$PIP_FIND_LINKS" $(BIN)/uv pip compile pyproject.toml --extra dev --python-version 3.11 --upgrade \
	  --no-emit-find-links --quiet --output-file requirements.lock
	sed -i -E 's/^(torch==[0-9.]+)\+cpu/\1/' requirements.lock

demo: setup system ## ask a first question on a real grid and write its report
	GRIDCREW_HOME=$(DEMO_HOME) $(BIN)/gridcrew demo

# All that needs no server runs where only loopback exists: nothing can leave the machine, whatever a library tries.
test: setup system ## the whole suite, on every core
	failed=0; \
	scripts/only-loopback $(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder -m "not service" || failed=1; \
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder -m service || failed=1; \
	exit $$failed

lint: setup ## ruff, mypy --strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup ## the budgets, as ratios against the named reference in one run
	$(BIN)/python -m benchmarks

clean: ## remove what make made
	rm -rf $(VENV) out build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
