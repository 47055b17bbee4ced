# Two commands matter: `make demo` and `make test`. Both set everything up first.
PY ?= python3
VENV := .venv
BIN := $(VENV)/bin
ENV := PYTHONUTF8=1 DAGSTER_DISABLE_TELEMETRY=1 GX_ANALYTICS_ENABLED=false

.PHONY: demo test test-postgres check bench bench-peers crash policy dev lock clean

# uv is faster and compiles byte code; where it cannot be had, pip does the same work.
$(VENV)/ready: requirements.lock pyproject.toml
	$(PY) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check uv || true
	$(BIN)/uv pip install -q --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.lock \
	  || $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

demo: $(VENV)/ready
	@$(ENV) $(BIN)/oneform demo

test: $(VENV)/ready check
	$(ENV) $(BIN)/python -m pytest -n 2 --dist loadgroup tests

# Style, types, and the direction of imports.
check: $(VENV)/ready
	$(BIN)/ruff check schemas pipelines assets tests data/sample
	$(BIN)/ruff format --check schemas pipelines assets tests data/sample
	$(BIN)/mypy
	$(BIN)/lint-imports

# Needs a PostgreSQL server's programs (Debian: postgresql); starts one of its own in a temporary folder. Minutes:
# 1,000 random sets of grants.
test-postgres: $(VENV)/ready
	$(ENV) ONEFORM_GRANT_SETS=1000 $(BIN)/python -m tests.postgres

bench: $(VENV)/ready
	$(ENV) $(BIN)/python -m tests.bench

# Published matchers that bench reports beside ours, in a Python of their own; COMA needs Java.
bench-peers: $(VENV)/ready
	$(PY) -m venv $(VENV)/peers
	$(VENV)/peers/bin/python -m pip install -q --disable-pip-version-check -r tests/bench/requirements-peers.txt

# The sharing policy at length: 1,000 random sets of grants on every path, an exact adversary, many requests.
policy: $(VENV)/ready
	$(ENV) ONEFORM_GRANT_SETS=1000 ONEFORM_EXAMPLES=100 ONEFORM_REQUESTS=200 $(BIN)/python -m pytest -n 2 --dist loadgroup \
	  tests/property/test_no_path_leaks.py tests/property/test_suppression.py tests/property/test_own_openapi.py

# SIGKILL at 200 random moments of receiving 200 files (minutes); a short form is among the tests.
crash: $(VENV)/ready
	$(ENV) $(BIN)/python -W ignore -m tests.bench.crash_receiving

dev: $(VENV)/ready
	$(ENV) $(BIN)/oneform dev

lock: $(VENV)/ready
	$(BIN)/uv pip compile pyproject.toml --group dev --generate-hashes --no-header --universal --python-version 3.11 -o requirements.lock

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache
