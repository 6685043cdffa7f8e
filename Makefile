# Everything a newcomer needs: `make help` lists it. All targets install what they use into .venv.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin
# Processes that run tests, each with databases, servers and a browser of its own. 0: all in one, to be interrupted.
PROCESSES ?= 2

.DEFAULT_GOAL := help
.PHONY: help run test fuzz mutants clients faults check bench format lock translations clauses clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-8s %s\n", $$1, $$2}'

run: .venv/runtime ## install, start the service and print a request to try
	@$(BIN)/python -m fee_service serve --host $(HOST) --port $(PORT)

test: .venv/development ## install and pass the tests, which reach 95 % of all branches or fail
	@mkdir -p build/coverage
	@PWD="$(CURDIR)" $(BIN)/python -m pytest --ignore=tests/faults --cov --cov-report= \
	  -n $(PROCESSES) --dist loadfile --no-loadscope-reorder

fuzz: .venv/development ## send REQUESTS (100,000) that nobody would send, as everyone; SEED repeats a run
	@$(BIN)/python tests/fuzz $(or $(REQUESTS),100000) $(SEED)

mutants: .venv/development ## change the core a little, SAMPLE (10) times a module, and see tests fail; MODULES, TOTAL, SEED
	@nice -n 10 $(BIN)/python tests/mutants --sample $(or $(SAMPLE),10) $(if $(TOTAL),--total $(TOTAL)) \
	  $(if $(SEED),--seed $(SEED)) $(if $(MODULES),--modules $(MODULES))

clients: .venv/development ## lint the API's description, make clients of it and call the service with them
	@$(BIN)/python -m pytest -rs tests/clients

faults: .venv/development ## kill, fill, lock and tamper with real processes (minutes)
	@$(BIN)/python -m pytest -n $(PROCESSES) tests/faults

check: .venv/development ## style, types and import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m fee_service price-lists check

bench: .venv/development ## measure speed and memory as ratios, into benchmarks/RESULTS.md
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m benchmarks

format: .venv/development ## let ruff lay out the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## pin everything that requirements.txt brings, with hashes, into requirements.lock
	@$(PYTHON) -m venv build/lock
	@build/lock/bin/python -m pip install --quiet --disable-pip-version-check pip-tools==7.6.2
	@build/lock/bin/pip-compile --quiet --generate-hashes --strip-extras --no-annotate --no-header \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file requirements.lock requirements.txt

translations: .venv/development ## find new texts of the pages, then compile what is translated
	@mkdir -p build
	cd fee_service/web && ../../$(BIN)/pybabel -q extract -F babel.cfg --no-location --omit-header --sort-output -o ../../build/pages.pot .
	cd fee_service/web && ../../$(BIN)/pybabel -q update -i ../../build/pages.pot -d translations -l ko --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	cd fee_service/web && ../../$(BIN)/pybabel -q compile -d translations -l ko

clauses: .venv/development ## write docs/clauses.md anew: clause, data, code, cases
	@$(BIN)/python -m tests.support.clauses

clean: ## remove what the other targets made
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .hypothesis

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/runtime: .venv/bin/python requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/development: .venv/runtime requirements-dev.txt requirements-cluster.txt requirements-signatures.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
