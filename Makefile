# irzhub: `make run` starts the hub, `make test` proves it. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

CONFIG ?= config
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TOOLS := .tools
# An installed uv is used as it is; without one a private copy is fetched, and nothing outside this folder changes.
ifndef UV
UV := $(shell command -v uv || echo $(TOOLS)/bin/uv)
endif
# The demo keeps away from the ports of a hub that may run here.
MODEMS ?= 50
DEMO := IRZHUB__HUB__ID=demo IRZHUB__MQTT__PORT=11883 IRZHUB__WEB__PORT=18080 \
	IRZHUB__RELAY__MODEMS__HOST=127.0.0.1 IRZHUB__RELAY__MODEMS__PORT=15009 \
	IRZHUB__RELAY__MODEMS__REGISTER_LIMIT=100000/min \
	IRZHUB__RELAY__POLLING__POOLS='[{"host": "127.0.0.1", "first": 21000, "last": 31999}]'
export UV_PYTHON_DOWNLOADS := never
# A program that may not keep its compiled modules compiles them at each start, and the tests start it hundreds of times.
unexport PYTHONDONTWRITEBYTECODE
# Certificates of the system: where a company inspects TLS, its authority is installed there.
export UV_SYSTEM_CERTS := true
export UV_PROJECT_ENVIRONMENT := $(VENV)

.PHONY: help frontend wheel run demo test faults-short faults faults-bite kills long quick check bench screenshots soak fuzz fix docs clean install install-dev servers

help: ## list what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

frontend: ## build the dispatcher page: takes Node 20.19+, or fetches one for itself from PyPI
	@PYTHON=$(PYTHON) bash frontend/build.sh

wheel: frontend | $(UV) ## build the page, then the sdist, then the wheel from it alone, into dist/
	@rm -rf dist
	@$(UV) build --quiet --sdist --out-dir dist
	@$(UV) build --quiet --wheel --out-dir dist dist/irzhub-*.tar.gz
	@ls dist/irzhub-*

run: install frontend ## start the hub with config/: SQLite, own broker, page on http://127.0.0.1:8080
	@exec $(BIN)/irzhub run --config $(CONFIG)

demo: install frontend ## start a hub of its own with MODEMS=50 simulated modems that end with it; nothing of it is kept
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; trap 'exit 0' INT TERM; \
	cp config/irzhub.yaml "$$folder/"; \
	$(DEMO) $(BIN)/irzhub run --config "$$folder" --practice $(MODEMS) & hub=$$!; \
	trap 'kill $$hub 2>/dev/null || true; wait; rm -rf "$$folder"' EXIT; \
	wait $$hub

test: install-dev servers ## install what the tests need, then run every check and every test
	@$(MAKE) --no-print-directory check
	@# Most tests wait for servers, so four run on two cores. Deadlines can be missed there: what failed must pass alone.
	@$(BIN)/python -m pytest -n 4 --dist loadfile -m "not long" --ignore tests/faults || \
	{ echo "once more, alone: what failed"; \
	$(BIN)/python -m pytest --last-failed --last-failed-no-failures none -m "not long" --ignore tests/faults; }
	@# A third of the short faults, another at each run: all of them are `make faults-short`.
	@export IRZHUB_FAULT_SHARE=3 IRZHUB_FAULT_SEED=$${IRZHUB_FAULT_SEED:-$$RANDOM}; echo "IRZHUB_FAULT_SEED=$$IRZHUB_FAULT_SEED"; \
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not long" tests/faults || \
	{ echo "once more, alone: what failed"; \
	$(BIN)/python -m pytest --last-failed --last-failed-no-failures none -m "not long" tests/faults; }

faults-short: install-dev servers ## the fault tests in their short form; IRZHUB_FAULT_SEED repeats a run
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m "not long" tests/faults

COUNTS := docs/reliability_counts.json
faults: install-dev servers ## harm a running hub in every way that docs/reliability.md names, in twenty minutes
	@IRZHUB_FAULT_COUNTS=$(COUNTS) $(BIN)/python -m pytest -n 2 --dist loadfile tests/faults
	@$(BIN)/python -m tests.faults.document

faults-bite: install-dev servers ## take each protection out of a copy and see its fault test fail: BITE="F05 F12" for some
	@$(BIN)/python -m tests.faults.bite

KILLS ?= 200
kills: install-dev servers ## KILLS seeded kill -9 of hub, worker, broker and database; nothing committed may be lost
	@KILLS=$(KILLS) IRZHUB_FAULT_COUNTS=$(COUNTS) $(BIN)/python -m tests.faults.kills
	@$(BIN)/python -m tests.faults.document

long: install-dev servers ## the tests that `make test` leaves out for their length, without the faults
	@$(BIN)/python -m pytest -m long --ignore tests/faults

quick: install-dev ## the tests without the slow ones
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow" -q --ignore tests/faults

check: install-dev ## format, lint, types, layers and generated pages
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m irzhub.cli.configuration_page --check docs/configuration.md
	@$(BIN)/python -m irzhub.mqtt.document --check docs/topics.md
	@$(BIN)/python -m irzhub.web.api_page --check docs/api.md
	@$(BIN)/python -m irzhub.fleet.settings_document --check docs/modem_settings.md
	@PYTHON=$(PYTHON) bash frontend/build.sh check

bench: install-dev ## measure everything beside its goals into docs/performance.md; ten minutes, wants a quiet machine
	@bash tests/install_servers.sh haproxy:haproxy nginx:libnginx-mod-stream socat:socat \
		mosquitto:mosquitto mariadbd:mariadb-server
	@$(BIN)/python -m benchmarks.run

screenshots: install-dev servers ## take the pictures of README and docs again, from a practice fleet; five minutes
	@$(BIN)/python -m tests.page.photographs

SOAK_MINUTES ?= 60
soak: install-dev servers ## a random fault every minute for SOAK_MINUTES, and every promise checked after each
	@SOAK_MINUTES=$(SOAK_MINUTES) IRZHUB_FAULT_COUNTS=$(COUNTS) $(BIN)/python -m tests.faults.soak
	@$(BIN)/python -m tests.faults.document

FUZZ_SECONDS ?= 60
FUZZ_TARGETS ?= hello frames connection config automations template mqtt json backup decode

fuzz: install-dev ## look for input that breaks a reader: FUZZ_SECONDS=60 for each of FUZZ_TARGETS
	@$(UV) sync --frozen --quiet --inexact --group fuzz && $(BIN)/python -c "import atheris" || { \
	echo "atheris cannot be had here (it is built for Linux on x86-64); what was found before is tried by make test"; exit 1; }
	@failed=""; for target in $(FUZZ_TARGETS); do \
	echo "== $$target, $(FUZZ_SECONDS) s"; \
	$(BIN)/python -m tests.fuzz $$target $(FUZZ_SECONDS) || failed="$$failed $$target"; done; \
	test -z "$$failed" || { echo "broken:$$failed; see tests/corpora/<target>/regressions"; exit 1; }

fix: install-dev ## format and mend what can be mended by itself
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix

docs: install-dev ## write the pages that are made from the code
	@$(BIN)/python -m irzhub.cli.configuration_page docs/configuration.md
	@$(BIN)/python -m irzhub.mqtt.document docs/topics.md
	@$(BIN)/python -m irzhub.web.api_page docs/api.md
	@$(BIN)/python -m irzhub.fleet.settings_document docs/modem_settings.md

clean: ## remove what was built, never data or configuration
	@rm -rf frontend/node_modules irzhub/web/static $(VENV) $(TOOLS) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find irzhub tests integrations benchmarks -name __pycache__ -prune -exec rm -rf {} +

install: $(VENV)/.installed

install-dev: $(VENV)/.installed-dev

$(TOOLS)/bin/uv:
	@$(PYTHON) -m venv $(TOOLS) || { echo "python3-venv is missing: apt-get install python3-venv"; exit 1; }
	@$(TOOLS)/bin/pip install --quiet uv

# The stamps, not the folder: a half-made environment is made again.
$(VENV)/.installed: pyproject.toml uv.lock | $(UV)
	@$(UV) sync --frozen --quiet --no-dev --inexact
	@touch $@

$(VENV)/.installed-dev: pyproject.toml uv.lock | $(UV)
	@$(UV) sync --frozen --quiet
	@touch $@ $(VENV)/.installed

servers: ## install the servers that the tests talk to and the browser of the page's tests, where that is allowed
	@bash tests/install_servers.sh mosquitto:mosquitto mariadbd:mariadb-server chromium:chromium
