# Everything a person types. `make` alone lists it.
PYTHON := $(or $(wildcard .venv/bin/python),$(shell command -v python3.11 || command -v python3))
BIN := .venv/bin

# Without the compiled modules each of the eight processes would compile twelve hundred files at every start.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run test unit quick browser lint test-peers bench bench-large messages lock clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup:  ## prepare everything, start nothing
	@$(PYTHON) tools/setup.py

run: setup  ## the whole of Quanzi on http://127.0.0.1:8000, Ctrl-C stops it
	@exec $(BIN)/python -m commons.cli.run

test: setup  ## ruff, mypy, every test on both databases, the browser
	@exec $(BIN)/python tools/check.py all

unit: setup  ## the tests that ask for no server, in less than a minute
	@exec $(BIN)/python tools/check.py unit

quick: setup  ## all tests but the longest, on both databases
	@exec $(BIN)/python tools/check.py quick

browser: setup  ## only the tests that need a browser
	@exec $(BIN)/python tools/check.py browser

lint: setup  ## ruff and mypy
	@exec $(BIN)/python tools/check.py lint

test-peers: setup  ## the Bluesky channel against the real software of its network, offline (its packages: 480 MB in var/peers)
	@$(BIN)/python -m tests.peers.installing && exec $(BIN)/pytest -v -s tests/peers/bluesky_on_its_network.py

bench: setup  ## the benchmarks, each beside its peer or limit
	@exec $(BIN)/python -m benchmarks

bench-large: setup  ## the fans' pages among 1,720,000 members and 50 million facts (some twenty minutes and 25 GB the first time; kept for the next)
	@exec $(BIN)/python -m benchmarks.circle

messages: setup  ## collect the words on screen into translations/ (WORDS="file.json folder/" fills them in)
	@exec $(BIN)/python tools/messages.py $(WORDS)

lock: setup  ## pin and hash requirements/*.in anew
	@exec $(BIN)/python tools/lock.py

clean:  ## remove what setup made; var/ stays
	@rm -rf .venv node_modules static/vendor .mypy_cache .ruff_cache .pytest_cache .hypothesis reports
