# Every target does what it needs first. On a bare Debian 12, `make demo` and `make test` are all there is to do.
SHELL := /bin/bash
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
OUT := out
LOCK := packaging/requirements-dev.lock
WORKERS ?= $(shell echo $$(($$(nproc) + 2)))
FAST_TESTS := tests/domain tests/connectors tests/ledger

PACKAGED := dist/.packaged
WINDOWS_PACKAGED := dist/windows/.packaged
PACKAGED_FROM := $(shell find bonifiq_desktop resources docs packaging -type f -not -name '*.pyc')

.PHONY: help setup demo test test-fast coverage soak bench lint imports types hooks check audit advisories sbom package \
        package-bare smoke mocks windows windows-smoke windows-toolchain pictures translations lock clean
.DEFAULT_GOAL := help

help: ## list every target
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

setup: $(VENV)/.done ## make .venv with the program and its tools; installs missing system packages as root
$(VENV)/.done: $(LOCK) pyproject.toml packaging/system-packages.sh packaging/system-packages.txt
	bash packaging/system-packages.sh
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCK)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

demo: setup ## the main job on the embedded training server: a window, or pictures in out/demo without a display
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then $(BIN)/bonifiq-desktop --training; \
	else $(BIN)/bonifiq-desktop tour --out $(OUT)/demo; fi

# A process per core and two more, since the tests wait for a part of their time. Every one has its own windows, keyboard
# focus, clipboard, ports and folders.
test: setup ## all tests
	QT_QPA_PLATFORM=offscreen $(BIN)/python -B -m pytest -n $(WORKERS) --dist worksteal

test-fast: setup ## the tests of rules, connectors and ledger: under a minute
	QT_QPA_PLATFORM=offscreen $(BIN)/python -B -m pytest -n auto --dist worksteal $(FAST_TESTS)

coverage: setup ## all tests, and which lines and branches they reach: out/coverage/index.html; fails below the floor in pyproject.toml
	mkdir -p $(OUT)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -B -m pytest -n auto --dist worksteal --cov --cov-report=term --cov-report=html

soak: setup ## thousands of random days and a thousand killed processes; SEED=… SEQUENCES=… RETURNS=… CHECKOUTS=… KILLS=… WINDOWS=… SHOPS=… JOBS=… replay
	$(BIN)/python -B -m tests.faults.soak

# Compiled like a shop's copy; otherwise the first start would measure the compiler.
bench: $(PACKAGED) dist/bare/bare ## how close everything is to what its parts allow, as a table and in out/bench.json; BENCH=… for its options
	$(BIN)/python -m compileall -q bonifiq_desktop tests/bench
	QT_QPA_PLATFORM=offscreen PYTHONDONTWRITEBYTECODE= $(BIN)/python -m tests.bench $(BENCH)

lint: setup imports ## ruff: rules and format; import-linter: which package may import which
	$(BIN)/ruff check --no-cache .
	$(BIN)/ruff format --no-cache --check .

imports: setup ## import-linter: which package may import which
	$(BIN)/lint-imports --no-logo --no-cache

hooks: setup ## let git run ruff, import-linter and mypy before each commit
	$(BIN)/pre-commit install

# A run of its own for each system, since mypy skips the branches of the others.
types: setup ## mypy, strict, for Linux, Windows and macOS
	$(BIN)/mypy --cache-dir=/dev/null
	$(BIN)/mypy --cache-dir=/dev/null --platform win32 --no-warn-unreachable -p bonifiq_desktop
	$(BIN)/mypy --cache-dir=/dev/null --platform darwin --no-warn-unreachable -p bonifiq_desktop

check: lint types test smoke ## lint, types, tests, and the packaged program

audit: setup ## known vulnerabilities of what the program runs on, by the dated snapshot; AUDIT=… for its options
	$(BIN)/python -B packaging/audit.py $(AUDIT)

advisories: setup ## renew that snapshot, packaging/advisories.json; needs the network: it asks the advisory service
	$(BIN)/python -B packaging/advisories.py $(ADVISORIES)

sbom: setup ## the bill of materials (CycloneDX) of what the program runs on, into out/sbom.json
	$(BIN)/python -B packaging/sbom.py $(OUT)/sbom.json

package: $(PACKAGED) ## the program in one folder, .tar.gz and .deb, in dist/; says how large they are
	@cat $(PACKAGED)
$(PACKAGED): $(VENV)/.done LICENSE $(PACKAGED_FROM)
	bash packaging/system-packages.sh packaging/package-packages.txt
	mkdir -p $(@D)
	$(BIN)/python -B packaging/package.py >$@.part
	mv $@.part $@

package-bare: dist/bare/bare ## a bare window packaged by the same rules, in dist/bare: the yardstick
dist/bare/bare: $(VENV)/.done packaging/bare.spec packaging/bare_window.py packaging/frozen.py
	bash packaging/system-packages.sh packaging/package-packages.txt
	$(BIN)/python -B packaging/package.py --bare
	touch $@

smoke: $(PACKAGED) dist/bare/bare ## run the packaged program as a shop's PC would; as root also install the .deb and remove it
	$(BIN)/python -B -m pytest tests/frozen

windows: windows-smoke ## windows-smoke, and the unit tests and updates killed half-way, all under Wine
	bash packaging/windows/check.sh tests

windows-smoke: windows-toolchain $(WINDOWS_PACKAGED) ## build the Windows program and its installer and run both under Wine; root, Debian 12
	bash packaging/windows/check.sh smoke
$(WINDOWS_PACKAGED): LICENSE $(PACKAGED_FROM) | windows-toolchain
	bash packaging/windows/check.sh build
	touch $@

windows-toolchain: setup ## Wine, a Windows Python with the locked wheels, and Inno Setup, in build/windows
	bash packaging/system-packages.sh packaging/windows/packages.txt
	$(BIN)/python -B packaging/windows/toolchain.py

# Without install scripts: a mock server needs none, and one of its parts reports its use.
PRISM := 5.14.2
mocks: setup build/mocks/.prism-$(PRISM) ## each request of the connectors against schema-driven mock servers (npm) of the contract files
	$(BIN)/python -B -m pytest tests/mocks
build/mocks/.prism-$(PRISM): packaging/mocks-packages.txt
	command -v npm >/dev/null || bash packaging/system-packages.sh packaging/mocks-packages.txt
	rm -rf build/mocks
	npm install --prefix build/mocks --no-audit --no-fund --ignore-scripts --loglevel=error @stoplight/prism-cli@$(PRISM)
	touch $@

pictures: setup ## renew the pictures of the documents, and every screen in every look into out/pictures
	bash packaging/pictures.sh $(OUT)/pictures

translations: setup ## texts out of the code into the .ts files, and .qm files out of those
	$(BIN)/python packaging/translations.py

lock: setup ## resolve the dependencies anew into the lock files
	bash packaging/lock.sh

clean: ## remove what the targets made
	rm -rf $(VENV) $(OUT) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find bonifiq_desktop tests packaging -name __pycache__ -type d -prune -exec rm -rf {} +
