# The words people type. What they do in more than a line stands in .ci/.
# PYTHON=python3.12 chooses the interpreter; ARGS="-k history" goes to pytest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo run setup test test-sqlite test-pg check lint types arch fix words bench runtime dev

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: runtime  ## an invented company at http://127.0.0.1:8000, one login a role
	@exec .venv/bin/python -m flask --app wsgi demo

run: runtime  ## your own database; prints a one-time link while there is no admin
	@exec .venv/bin/python -m flask --app wsgi serve

setup: dev  ## all that the tests need: packages, Chromium, PostgreSQL
	@.ci/system

test: setup  ## every test, on SQLite and on PostgreSQL, browser included
	@.ci/tests $(ARGS)

test-sqlite: setup  ## every test on SQLite
	@.ci/tests sqlite $(ARGS)

test-pg: setup  ## every test on PostgreSQL
	@.ci/tests pg $(ARGS)

check: lint types arch test  ## what CI runs: lint, types, floors, every test

lint: dev  ## ruff: rules and layout
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

types: dev  ## pyright
	.venv/bin/pyright --pythonpath .venv/bin/python

arch: dev  ## who may import whom
	.venv/bin/lint-imports

fix: dev  ## mends what ruff can mend
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

words: dev  ## collects messages for translation, lists what is not translated
	@.venv/bin/python .ci/words.py

bench: dev  ## a large department on both databases: fills, measures, compares
	@.ci/bench $(if $(CLIENTS),--clients $(CLIENTS)) $(ARGS)

runtime:
	@.ci/venv runtime

dev:
	@.ci/venv dev
