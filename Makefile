# Thin targets; what they do is in deploy/*.sh, pyproject.toml and the program itself.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup run demo test dev check lint types arch fmt unit fuzz bench lab soak deb bundle field audit lock

BIN := .venv/bin
CODE := model detectors exporters collector tests benchmarks
CONFIG ?= config.toml
# What pytest is to run, for example: make unit T=tests/model
T ?=
ONLY ?=
KEY ?=

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

setup: ## everything the program needs; leaves .venv/bin/vonggac
	@deploy/setup.sh run

run: setup ## set up, then start with config.toml (CONFIG=another.toml)
	@exec $(BIN)/vonggac run --config $(CONFIG)

demo: setup ## set up, then show a recorded commune; needs no privilege
	@exec $(BIN)/vonggac demo

dev: ## what the tests and gates need beside the program
	@deploy/setup.sh dev

# What runs beside what, and in which order, is said in tests/workers.py.
test: dev check ## set up, all gates, all tests against real servers
	@deploy/fetch-test-servers.sh
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 3 --no-loadscope-reorder

unit: dev ## the tests alone, or some: make unit T=tests/model
	$(BIN)/python -m pytest $(T)

check: dev lint types arch ## the four gates without the tests

lint: dev ## ruff: rules and layout
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check --quiet --output-format concise $(CODE)

types: dev ## mypy, strict
	$(BIN)/mypy

arch: dev ## import-linter: the arrows
	$(BIN)/lint-imports

fmt: dev ## ruff: repair what it can
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

fuzz: ## every reader against hostile bytes, guided by what they reach: make fuzz T=60 ONLY="mdns web_page" (seconds for each; else all of them)
	@deploy/setup.sh fuzz
	$(BIN)/python tests/fuzz/run.py $(if $(T),--seconds $(T)) $(ONLY)

bench: ## speed and memory beside tcpdump and nDPI; rewrites the table in docs/performance.md (root)
	@deploy/setup.sh bench
	$(BIN)/python benchmarks/bench.py

lab: ## play every scenario of the laboratory at both ports; rewrites the table in docs/network.md (root)
	@deploy/setup.sh lab
	$(BIN)/python tests/lab/play.py --table --together 2

soak: ## what takes long: the server of the PCs killed a hundred times while it takes answers in, core and export a thousand times, a node of a cluster killed under load, as boxes and the province meet it
	@deploy/setup.sh dev
	VONGGAC_KILLS=100 $(BIN)/python -m pytest --timeout 1800 tests/endpoints/test_kill.py
	VONGGAC_KILLS=1000 $(BIN)/python -m pytest --timeout 7200 tests/system/test_kill_split.py
	@deploy/fetch-test-servers.sh
	$(BIN)/python -m pytest --timeout 1800 tests/exporters/elastic/soak_cluster.py tests/province/soak_cluster.py

deb: dev ## build/vonggac_*.deb, without network once the locked wheels are there
	@deploy/deb/wheels.sh "$${VONGGAC_WHEELS:-$$HOME/.cache/vonggac-wheels}"
	@$(BIN)/python deploy/deb/build.py --wheels "$${VONGGAC_WHEELS:-$$HOME/.cache/vonggac-wheels}" --out build

bundle: dev ## build/bundle.tar for a site without Internet, signed with KEY=private-key.pem
	@deploy/bundle.sh --key "$(KEY)"

field: ## the package in a fresh Debian, booted: a screen becomes an alert while units are killed; rewrites the table in docs/field.md (root)
	@deploy/setup.sh field
	$(BIN)/python -m pytest --timeout 1200 tests/field/field.py

audit: ## known vulnerabilities of the locked libraries, by pip-audit (needs Internet)
	@deploy/audit.sh

lock: ## resolve the dependencies again and write the hashes
	@deploy/lock.sh
