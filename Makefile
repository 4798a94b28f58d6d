# Bedside. `make help` lists what there is; only Python 3.11 or newer and make are needed.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PORT   ?= 8000
DATA   ?= data
LAN    ?=
SIMULATE ?=
JOBS   ?= 2

# Nobody's own settings shall decide where these installs look or what they trust.
PIP := $(BIN)/python -m pip --disable-pip-version-check --require-virtualenv

.DEFAULT_GOAL := help
.PHONY: help demo links test test-fast check format bench soak screens spec docs clean pins dev

help: ## Show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@printf '\n  make demo takes PORT=8000, DATA=data (a folder), LAN=1 (HTTPS on the local network) and SIMULATE=1 (a day that goes on by itself); make test takes JOBS=2.\n'

# ── Run ──────────────────────────────────────────────────────────────────────

demo: $(VENV)/.run ## Run a small invented clinic and print links to try it
	@exec $(BIN)/bedside demo --port "$(PORT)" --data "$(DATA)" $(if $(LAN),--lan "$(LAN)") $(if $(SIMULATE),--simulate "$(SIMULATE)")

links: $(VENV)/.run ## Print new staff links while the demo runs
	@exec $(BIN)/bedside links --data "$(DATA)"

# ── Prove ────────────────────────────────────────────────────────────────────

test: dev ## Run every test, real browsers and kill trials included
	@tools/system-packages
	$(BIN)/pytest -n $(JOBS) --dist worksteal

test-fast: dev ## Run what takes seconds: no browser, no kill trials
	$(BIN)/pytest -n $(JOBS) --dist worksteal -m "not browser and not slow and not soak"

check: dev $(VENV)/.node ## Format, lint, types, layers, scripts, licences, pins, documents
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports
	$(BIN)/python tools/node.py tsc --project tsconfig.json
	$(BIN)/python tools/licences.py
	$(BIN)/python tools/pins.py
	$(BIN)/python tools/docs.py
	$(BIN)/python tools/reference.py --check

docs: dev ## Write the reference pages anew from the code
	$(BIN)/python tools/reference.py

screens: dev ## Draw docs/screens anew
	$(BIN)/pytest -q tests/browser/draw_screens.py

spec: dev ## Say for each item of the ledger whether a test proves it
	@$(BIN)/python tools/spec.py

bench: dev $(VENV)/.node ## Measure, beside a limit in the same run; about four minutes, writes bench/results.json
	$(BIN)/python bench/latency.py
	$(BIN)/python bench/checkins.py
	$(BIN)/python bench/chat.py
	$(BIN)/python bench/fan.py
	$(BIN)/python bench/line.py
	$(BIN)/python bench/pages.py

soak: dev ## Try for long what the tests try shortly; writes bench/soak.json and docs/reference/assurance.md
	@tools/system-packages
	BEDSIDE_SOAK=keep $(BIN)/pytest -m soak -s

# ── Set up ───────────────────────────────────────────────────────────────────

dev: $(VENV)/.dev

format: dev ## Format the code and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

pins: dev ## Choose and pin new versions of everything
	tools/repin

clean: ## Forget the virtual environment and the caches (never the data folder)
	rm -rf $(VENV) node_modules .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# A stamp per step, so that the second time is quick. Each is touched last: an interrupted step runs again.
$(VENV)/.made:
	@PYTHON="$(PYTHON)" tools/make-venv "$(VENV)"
	@touch $@

$(VENV)/.run: requirements/run.txt requirements/build.txt pyproject.toml | $(VENV)/.made
	@echo "Installing what the clinic runs on (once) …"
	@$(PIP) install --quiet --require-hashes -r requirements/run.txt
	@$(PIP) install --quiet --require-hashes -r requirements/build.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@echo "Installing what the tests and checks need (once) …"
	@$(PIP) install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/.node: package-lock.json package.json .npmrc $(VENV)/.dev
	@echo "Installing the type checker for the browser's modules, and a peer to measure beside (once) …"
	@$(BIN)/python tools/node.py npm ci --silent
	@touch $@
