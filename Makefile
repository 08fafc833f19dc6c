PYTHON ?= python3
SEED ?= 1
WORLDS ?= 2000
EVERY ?= 1
JOBS ?= 2
LITELLM ?= python3
VENV := .venv
BIN := $(VENV)/bin
OPA_VERSION := 1.22.4
CHECKS := service/modelward/bundle/checks
TOOLS := $(CURDIR)/.tools/bin
export PATH := $(TOOLS):$(PATH)
unexport PYTHONDONTWRITEBYTECODE # else each of the many processes of the tests compiles everything anew

.DEFAULT_GOAL := help
.PHONY: published help run test test-long lint types rego bundle-check pytest bench mutants mutants-python trace compare bundle docs lock opa clean

help: ## Say what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/run ## Serve the sample config on 127.0.0.1:4000
	$(BIN)/modelward serve config.yaml

test: ## Everything that CI checks
	$(MAKE) --jobs 2 lint types rego bundle-check
	$(MAKE) pytest

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev
	$(BIN)/mypy

rego: opa
	opa fmt --list --fail policies $(CHECKS)
	opa check --strict --schema bundle/schemas policies
	opa check --strict $(CHECKS)
	opa test --timeout 60s policies $(CHECKS)
	opa test --timeout 60s --coverage --threshold 100 --format json policies $(CHECKS) > /dev/null

bundle-check: $(VENV)/dev opa ## The committed bundle is what the sample config compiles to
	@out=$$(mktemp -d) && trap 'rm -rf "$$out"' EXIT && mkdir "$$out/bundle" && \
	cp bundle/*.wasm.xz "$$out/bundle" && \
	$(BIN)/modelward build config.yaml -o "$$out/bundle" && diff -r bundle "$$out/bundle" || \
	{ echo "bundle/ is not what config.yaml and policies/ compile to; run: make bundle" >&2; exit 1; }

pytest: $(VENV)/dev opa
	$(BIN)/pytest -n 3 --dist worksteal # two cores: tests that wait leave room for a third

test-long: $(VENV)/dev opa ## Large inputs, memory, several workers, and many more drawn examples than `make test`
	$(BIN)/pytest -n 3 --dist worksteal -m "long or hypothesis" --hypothesis-profile=long

bench: $(VENV)/dev opa ## Requests per second beside a bare pass-through, and what a million keys cost
	$(BIN)/python -m bench
	$(BIN)/python -m bench.decisions
	$(BIN)/python -m bench.keys

mutants: $(VENV)/dev opa ## One small fault at a time in the policies, which a test must find; EVERY=1 JOBS=2
	$(BIN)/python tools/mutants.py policies --every $(EVERY) --jobs $(JOBS)

mutants-python: $(VENV)/dev .mutants/installed opa ## The same in the Python that judges; EVERY=30 tests one in 30, JOBS=2
	.mutants/venv/bin/python tools/python_mutants.py $(BIN)/python --every $(EVERY) --jobs $(JOBS)

.mutants/installed: tools/python_mutants.lock
	$(PYTHON) -m venv .mutants/venv
	.mutants/venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $<
	@touch $@

trace: $(VENV)/dev ## The files and functions that one warm chat call passes
	$(BIN)/python -m bench.trace --list

compare: $(VENV)/dev .compare/installed opa ## Drawn worlds through LiteLLM itself and Modelward; SEED=1 WORLDS=2000
	cd tests && $(CURDIR)/$(BIN)/python -m compare --seed $(SEED) --worlds $(WORLDS)

.compare/installed: tests/compare/requirements.lock
	$(PYTHON) -m venv .compare/venv
	.compare/venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $<
	@touch $@

bundle: $(VENV)/dev opa ## Compile config.yaml and policies/ into bundle/
	$(BIN)/modelward build config.yaml -o bundle

published: ## Write the published names of models anew; LITELLM is a Python that has litellm
	$(LITELLM) tools/published_models.py service/modelward/config/published_models.json

docs: $(VENV)/dev bundle ## Write the tables of docs/endpoints.md, docs/refusals.md and docs/rules.md, and those of the providers
	$(BIN)/python tools/endpoint_page.py docs/endpoints.md
	$(BIN)/python tools/rule_tables.py bundle/rules.json
	$(BIN)/python tools/provider_tables.py docs/config.md docs/endpoints.md

opa:
	@opa version 2>/dev/null | grep -qx "Version: $(OPA_VERSION)" || { \
	  command -v go >/dev/null || { echo "tests need OPA $(OPA_VERSION): put it on the PATH, or install Go and run this again" >&2; exit 1; }; \
	  echo "installing OPA $(OPA_VERSION) into .tools"; \
	  GOBIN="$(TOOLS)" go install github.com/open-policy-agent/opa@v$(OPA_VERSION); }

$(VENV)/python:
	@$(PYTHON) -c 'import lzma, sys; sys.exit(sys.version_info < (3, 11))' || { echo "Modelward needs Python 3.11 or newer, with lzma; set PYTHON" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/run: $(VENV)/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/dev: $(VENV)/run requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

lock: $(VENV)/python ## Resolve the dependencies anew
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header -o requirements-dev.lock
	$(BIN)/uv pip compile tests/compare/requirements.in --override tests/compare/overrides.txt --universal --python-version 3.11 --generate-hashes --no-header -o tests/compare/requirements.lock
	$(BIN)/uv pip compile tools/python_mutants.in --universal --python-version 3.11 --generate-hashes --no-header -o tools/python_mutants.lock

clean: ## Remove what was installed and made here
	rm -rf $(VENV) .tools .compare .mutants .mypy_cache .pytest_cache .ruff_cache .hypothesis modelward.db*
