# The verbs. `make demo` and `make test` are all a newcomer needs; a second run takes seconds.
.DEFAULT_GOAL := help
.PHONY: env dev spark demo test test-debian check bench docs translations lock clean help
MAKEFLAGS += --no-print-directory

VENV := .venv
PY   := $(VENV)/bin/python
PIP  := $(PY) -m pip --disable-pip-version-check install --quiet --require-hashes
WORKERS ?= 2

env: $(VENV)/.run  ## the environment with what Dishu needs to run
dev: $(VENV)/.dev  ## the environment with what tests and checks need besides

$(VENV)/.run: requirements.txt scripts/find-python scripts/link_project.py
	@if ! $(PY) -c 'import sys, pip; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then \
	    python=$$(scripts/find-python) || exit 1; \
	    echo "建立运行环境 / making the environment: $$python" >&2; \
	    "$$python" -m venv --clear $(VENV) || exit 1; \
	fi
	@echo "安装固定版本的程序包 / installing pinned packages" >&2
	@$(PIP) -r requirements.txt
	@$(PY) scripts/link_project.py
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	@echo "安装测试用的程序包 / installing packages for tests" >&2
	@$(PIP) -r requirements-dev.txt
	@touch $@

# PySpark comes as source: what builds it is pinned in the same file and goes in first.
$(VENV)/.spark: $(VENV)/.dev requirements-spark.txt
	@echo "安装 PySpark / installing PySpark" >&2
	@awk '/^[^ ]/ {on = /^setuptools==/} on' requirements-spark.txt > $(VENV)/build.txt
	@$(PIP) -r $(VENV)/build.txt
	@$(PIP) --no-build-isolation --use-pep517 -r requirements-spark.txt
	@touch $@

spark: $(VENV)/.spark  ## PySpark, the second backend (needs Java 17 or newer)

demo: env  ## made-up rosters, the main job on them, the six 100 % as a table; then the site (Ctrl-C ends it)
	@$(VENV)/bin/dishu demo $(DEMO)

test: dev  ## all tests; those of the second backend where Java is
	@if java -version >/dev/null 2>&1; then $(MAKE) spark; \
	else printf '%s\n' '' \
	    '*********************************************************************************************' \
	    '*** 没有找到 Java：Spark 后端的测试不运行（其余照常）。装上 Java 17 以上后再运行即可。    ***' \
	    '*** No Java here: the tests of the Spark backend do NOT run. Install Java 17+ to run them. ***' \
	    '*********************************************************************************************' '' >&2; fi
	@scripts/get-browser
	@$(PY) -m pytest -n $(WORKERS) --dist loadfile -rs

test-debian: dev  ## the site's tests once more, on Debian's PostgreSQL 15 (installed where it is missing)
	@WORKERS=$(WORKERS) scripts/test-debian

check: dev  ## format, lint, types, contracts, sizes, captions, reference pages
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@$(VENV)/bin/lint-imports --no-cache
	@$(PY) -m pytest tests/shape

bench: dev  ## the benchmarks, each printed with rows, memory and ratio
	@$(VENV)/bin/dishu bench

docs: env  ## print the reference pages and the tree of ARCHITECTURE.md from the code
	@$(PY) scripts/print_reference.py

translations: env  ## gather the messages of the site and compile its English; names what lacks English
	@$(PY) scripts/translations.py

lock: dev  ## make the pinned files again from requirements*.in
	@for name in requirements requirements-dev requirements-spark; do \
	    $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url \
	        --no-emit-find-links --no-header $$name.in --output-file $$name.txt || exit 1; \
	done

clean:  ## remove what was made: environment, demo, caches
	rm -rf $(VENV) demo build .hypothesis .mypy_cache .ruff_cache .import_linter_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*  ## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{printf "%-17s %s\n", $$1, $$2}'
