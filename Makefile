# Two commands do everything: `make chat` and `make test`. The first run installs into .venv; later ones start at once.
PYTHON ?= python3
BIN := .venv/bin
ARTICLES ?= articles
PORT ?= 7860

.PHONY: chat test slow threats fuzz sbom check fix bench clean
chat: .venv/ready
	$(BIN)/doichieu serve --library "$(ARTICLES)" --port $(PORT)

test: .venv/ready-dev
	$(BIN)/python -m pytest

# What takes minutes, or an extra that readers do not need.
slow: .venv/ready-slow
	$(BIN)/python -m pytest -m slow

# What was tried against each threat, into the table of docs/security.md.
threats: .venv/ready-dev
	FAULTS=300 $(BIN)/python -m pytest tests -m threat --threats=docs/security.md

# Inputs that nobody thought of, for SECONDS; what breaks a promise is kept in tests/fuzz/found.
SECONDS ?= 1200
fuzz: .venv/ready-dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[fuzz]"
	PYTHONPATH=. $(BIN)/python tests/fuzz/run.py $(SECONDS)

# What is installed, with licences and hashes of the weights, in CycloneDX 1.6; an auditor such as pip-audit reads it.
sbom: .venv/ready
	$(BIN)/python docs/sbom.py > sbom.json

check: .venv/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Figures, not tests: each prints what it measured on this machine.
bench: .venv/ready-dev
	$(BIN)/python -m benchmarks.speed
	$(BIN)/python -m benchmarks.page

fix: .venv/ready-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# PyTorch comes first and by its exact version: left to a resolver it would bring gigabytes of CUDA packages.
.venv/ready: pyproject.toml constraints.txt
	@echo "Setting up .venv (once; a few minutes) ..."
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt torch
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

.venv/ready-dev: .venv/ready
	@echo "Adding what the tests and checks need ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[test,check]"
	@touch $@

.venv/ready-slow: .venv/ready-dev
	@echo "Adding Milvus and Ray ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[test,check,milvus,ray]"
	@touch $@

clean:
	rm -rf .venv
