# Packages are installed into $(VENV). Nothing outside this folder is touched, but that a browser for
# the tests, where there is none, goes where Playwright keeps its own.
VENV ?= .venv
PY := $(VENV)/bin/python

# TensorFlow has builds for Python 3.11 to 3.13; a newer or older python3 is passed over.
PYTHON ?= $(shell for p in python3 python3.12 python3.11 python3.13; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$p && break; done)

# A stamp is named after the requirements' content: a checkout that only touches the files installs
# nothing, a changed pin installs again.
checksum = $(shell cat $(1) | cksum | cut -d ' ' -f 1)
RUNTIME := requirements.txt
ALL := requirements.txt train/requirements.txt requirements-dev.txt
RUNTIME_STAMP := $(VENV)/.runtime-$(call checksum,$(RUNTIME))
ALL_STAMP := $(VENV)/.all-$(call checksum,$(ALL))

# The browser tests start $HARF_CHROMIUM. A found name must also answer: some distributions
# ship a stub that only says how to install the browser.
HARF_CHROMIUM ?= $(shell for c in chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable \
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do \
	"$$c" --version >/dev/null 2>&1 && command -v "$$c" && break; done)

.PHONY: help run test lint report bench cold soak screenshots clean install install-all browser
.DELETE_ON_ERROR:

help:  ## say what there is
	@sed -n 's/^\([a-z-]*\):.*## */\1: /p' Makefile | awk -F ': ' '{printf "make %-12s %s\n", $$1, $$2}'

run: install  ## start the page (GRADIO_SERVER_NAME and GRADIO_SERVER_PORT are honoured)
	@$(PY) app.py

# A file's tests stay together: they share a page, which each worker starts for itself. In the
# order of their names; by their number the slow ones, which are few, would come last, one by one.
test: install-all browser  ## run the tests; ARGS="tests/test_ink.py -k dots" picks some
	@HARF_CHROMIUM="$(HARF_CHROMIUM)" $(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: install-all  ## check style and types
	@# Gradio writes stubs beside its components; mypy would read those instead of the code.
	@rm -f page/*.pyi
	@$(PY) -m ruff check .
	@$(PY) -m mypy

report: install-all  ## list licences and known advisories of all that is installed
	@$(PY) .ci/report.py

bench: install-all browser  ## measure how fast it is, about six minutes, into benchmarks/results.json and README
	@HARF_CHROMIUM="$(HARF_CHROMIUM)" $(PY) -m benchmarks

cold: install-all  ## time `make run` in a fresh clone, nothing cached, into the same places
	@$(PY) -m benchmarks.cold

screenshots: install-all browser  ## picture every view into runs/screenshots, and the README's and the preview's pictures
	@HARF_CHROMIUM="$(HARF_CHROMIUM)" $(PY) -m tests.browser.screenshots runs/screenshots

soak: install-all  ## half an hour of mixed traffic on this machine; SECONDS=60 for less
	@$(PY) -m benchmarks.soak $(SECONDS)

clean:  ## remove what these commands made; runs/ and data/ stay
	rm -rf "$(VENV)" .pytest_cache .ruff_cache .mypy_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -f page/*.pyi
	rm -rf build *.egg-info

install: $(RUNTIME_STAMP)  ## install what the page needs

install-all: $(ALL_STAMP)  ## install what training, tests and linters need besides

browser: install-all
	@test -n "$(HARF_CHROMIUM)" || $(PY) -m playwright install chromium || { \
		echo "No Chromium was found or fetched. Install one, or set HARF_CHROMIUM to its path."; exit 1; }

$(RUNTIME_STAMP): | $(VENV)/bin/pip
	@echo "Installing what Harf runs on, only this once: about 450 MB to fetch on Linux."
	@$(PY) -m pip install -r $(RUNTIME)
	@rm -f $(VENV)/.runtime-* && touch $@

$(ALL_STAMP): | $(VENV)/bin/pip
	@echo "Installing what training, tests and linters need too: about 100 MB more than the page alone."
	@$(PY) -m pip install $(addprefix -r ,$(ALL))
	@rm -f $(VENV)/.all-* $(VENV)/.runtime-* && touch $@ $(RUNTIME_STAMP)

# pip comes last into a new environment: where it is missing, an earlier try was cut off.
$(VENV)/bin/pip:
	@test -n "$(PYTHON)" || { echo "Harf needs Python 3.11, 3.12 or 3.13, and none was found on PATH."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments (on Debian and Ubuntu: apt-get install python3-venv)."; exit 1; }
	@$(PYTHON) -m venv $(VENV)
