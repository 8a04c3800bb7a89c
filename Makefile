# Everything here works on a machine that has Python 3.10 or newer and nothing else; see CONTRIBUTING.md.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARTICLE ?=
BENCH ?=
FUZZ ?=
CHAOS ?= --singles
SOAK ?= --minutes 60

.PHONY: help demo test check audit bench compile fuzz chaos soak lint types format train evaluate asyncapi dashboards site screenshots lock up down clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Each process would compile the packages that it imports where PYTHONDONTWRITEBYTECODE is set: a second of each start.
export UV_COMPILE_BYTECODE := 1

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit("Wasl needs Python 3.10 or newer; this is %d.%d. Remedy: make PYTHON=python3.11 …" % sys.version_info[:2] if sys.version_info < (3, 10) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.5'

# Installed from the lock file with hashes, so that every machine runs the same versions.
$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/uv
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --require-hashes -r requirements.lock
	WASL_COMPILE=never VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(VENV)/.run
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

# Linking is compiled where there is a C compiler, and anew whenever its sources were changed; see hatch_build.py.
SOURCES := hatch_build.py $(wildcard streams/linking/*.py streams/catalog/*.py streams/events/*.py)
$(VENV)/.compiled: $(SOURCES) | $(VENV)/.run
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps -e .
	@$(BIN)/wasl --version
	@touch $@

# The peers that are measured beside Wasl have an environment of their own.
.cache/bench/venv/.bench: requirements-bench.lock | $(BIN)/uv
	$(PYTHON) -m venv .cache/bench/venv
	VIRTUAL_ENV=.cache/bench/venv $(BIN)/uv pip install --quiet --require-hashes -r requirements-bench.lock
	@touch $@

demo: $(VENV)/.run ## Articles through a broker, a worker and Redis (ARTICLE=FILE for one of your own)
	@$(BIN)/wasl demo $(if $(ARTICLE),--article "$(ARTICLE)")

test: $(VENV)/.dev $(VENV)/.compiled ## Run the tests against real servers, which they start and stop
	$(BIN)/python -m pytest

check: lint types test ## Exactly what CI runs: format, lint, types, tests

bench: .cache/bench/venv/.bench $(VENV)/.compiled ## Measure speed beside peers (BENCH="--quick", "--full", "--only link" …)
	.cache/bench/venv/bin/python -m bench $(BENCH)

fuzz: $(VENV)/.dev ## Try millions of hostile inputs (FUZZ="--count 10000000 --target fold --seed 1" …)
	$(BIN)/python -m fuzz $(FUZZ)

chaos: $(VENV)/.dev $(VENV)/.compiled ## Make things fail, and check that nothing is lost (CHAOS="--seed 1 --runs 200" …)
	$(BIN)/python -m chaos $(CHAOS)

soak: $(VENV)/.dev $(VENV)/.compiled ## One worker near its limit for an hour, with ten stalls (SOAK="--minutes 10" …)
	$(BIN)/python -m chaos.soak $(SOAK)

compile: $(VENV)/.compiled ## Compile linking, where there is a C compiler; test, bench and chaos do it themselves

.cache/audit/venv/.audit: requirements-audit.lock | $(BIN)/uv
	$(PYTHON) -m venv .cache/audit/venv
	VIRTUAL_ENV=.cache/audit/venv $(BIN)/uv pip install --quiet --require-hashes -r requirements-audit.lock
	@touch $@

audit: .cache/audit/venv/.audit ## Ask for known vulnerabilities of what is locked
	.cache/audit/venv/bin/python ops/audit.py requirements.lock requirements-dev.lock

lint: $(VENV)/.dev ## Check the format and the house rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.dev ## Check the types
	$(BIN)/mypy

format: $(VENV)/.dev ## Rewrite the code in the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Learning is deterministic: one thread, in which sums have one order.
TODAY := $(shell date +%F)
train: $(VENV)/.dev ## Learn the weights of linking anew
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m streams.evaluate.train --date $(TODAY)

evaluate: $(VENV)/.dev ## Measure linking, and write a dated result to docs/results
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m streams.evaluate.results --date $(TODAY)

screenshots: $(VENV)/.dev ## Make the screenshots of the monitor page anew (needs Chromium)
	$(BIN)/python ops/screenshots.py

asyncapi: $(VENV)/.dev ## Write schemas/asyncapi.json anew from the code and the schemas
	$(BIN)/python ops/make_asyncapi.py

dashboards: $(VENV)/.dev ## Write the Grafana dashboards anew from ops/make_dashboards.py
	$(BIN)/python ops/make_dashboards.py

site: $(VENV)/.dev ## Build the documentation as a site in .cache/site/html
	$(BIN)/python ops/make_site.py

lock: $(BIN)/uv ## Resolve the dependencies anew and write the lock files
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.10 --generate-hashes --no-header --no-annotate --extra embedded pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.10 --generate-hashes --no-header --no-annotate --extra embedded --extra sources --group dev pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.10 --generate-hashes --no-header --no-annotate --extra embedded --group bench pyproject.toml -o requirements-bench.lock
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.10 --generate-hashes --no-header --no-annotate --group audit -o requirements-audit.lock

up: $(VENV)/.run ## Start the embedded broker, Redis and a worker in the background
	@$(BIN)/wasl up --detach

down: $(VENV)/.run ## Stop what `make up` started
	@$(BIN)/wasl down

clean: ## Remove the environment, caches and local state
	rm -rf $(VENV) .cache .wasl .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build streams/_native
