# The two commands are `make demo` and `make test`. Both need Python 3.11+, make and a package index.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOME_FOLDER ?= ward
PORT ?= 8337
DATA ?= $(firstword $(wildcard ../shared/data))

.PHONY: demo test check conformance measure clean install

install: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Bogam needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another with: make demo PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing Bogam into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.tested: $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test]'
	@touch $@

demo: install
	@exec $(BIN)/bogam demo --home $(HOME_FOLDER) --port $(PORT) $(if $(ONCE),--once)

test: $(VENV)/.tested
	@$(BIN)/python -m pytest $(PYTEST)

check: $(VENV)/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright --pythonpath $(BIN)/python

# The official MCP conformance suite and the Inspector, with the node that they need, beside the tests that use them.
tests/conformance/node_modules/.installed: tests/conformance/package.json
	@npm install --prefix tests/conformance --no-audit --no-fund --no-package-lock --loglevel=error
	@touch $@

conformance: $(VENV)/.tested tests/conformance/node_modules/.installed
	@$(BIN)/python tests/conformance/run.py

measure: $(VENV)/.tested
	$(BIN)/bogam measure --all --write docs/measured.md $(if $(DATA),--data $(DATA))

clean:
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
