# `make help` lists what there is. Everything lives in .venv; delete it to begin anew.

VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check -q -c constraints.txt
PYTEST_ARGS ?= -n 2 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help install run test check bench-nlu bench-swaps bench-turn bench-tau bench-crm bench-channels bench-console bench-footprint

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

install: $(VENV)/.serving  ## the serving environment in .venv (no torch)

run: install  ## seed the demo shop and serve it: chat on http://127.0.0.1:8000/, console on /console/
	@$(BIN)/kefu demo seed
	@mkdir -p var/crm && echo "Customer models are fitted in the background; what comes of it: var/crm/fit.log"
	@OMP_NUM_THREADS=1 nice -n 15 $(BIN)/kefu crm fit --if-older 168 > var/crm/fit.log 2>&1 & fit=$$!; \
	trap 'kill $$fit 2> /dev/null' EXIT; trap 'exit 130' INT TERM; KEFU_DEMO=true $(BIN)/kefu serve

test: $(VENV)/.developing  ## every test
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: $(VENV)/.developing  ## format, lint, types, import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench-turn: install  ## messages per second and latency over REST
	$(BIN)/python -m benchmarks.turn

bench-nlu: $(VENV)/.developing  ## understanding: latency, messages a second, training with frozen encoders, variants
	$(BIN)/python -m benchmarks.nlu --training --variants

bench-swaps: install  ## 50 model swaps under load: messages lost, memory
	$(BIN)/python -m benchmarks.swaps 50

bench-tau: install  ## the 74 tau-bench retail tasks in conversation (a functional test, not a tau-bench score)
	$(BIN)/python -m benchmarks.tau

bench-crm: $(VENV)/.developing  ## customer models: recommendation, predictions, segments, next best action, scale
	$(BIN)/python -m benchmarks.crm

bench-channels: $(VENV)/.developing  ## messaging channels: acknowledgement at 100 deliveries a second, lost, answered twice
	$(BIN)/python -m benchmarks.channels

bench-console: $(VENV)/.developing  ## the agents' console: weight, time until it can be used, how soon it hears of a message
	$(BIN)/python -m benchmarks.console
	$(BIN)/python -m benchmarks.websockets

bench-footprint: install  ## install size, second start, resident memory
	$(BIN)/python -m benchmarks.footprint

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Kefu needs Python 3.11 or newer: make install PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.serving: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) -e '.[crm]'
	@touch $@

$(VENV)/.developing: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) -e '.[dev,crm,spark,train,postgres,redis]'
	@touch $@ $(VENV)/.serving
