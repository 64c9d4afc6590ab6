# Everything a newcomer needs. `make` lists it.
PYTHON ?= python3
PORT ?= 8000
DATA ?= data
BIN := .venv/bin
# Test processes; with two cores more than this wait for one another.
SIDE_BY_SIDE ?= 3
ARM := --platform manylinux2014_aarch64 --platform manylinux_2_17_aarch64 --platform manylinux_2_28_aarch64 \
	--python-version 3.11 --implementation cp --abi cp311 --abi abi3 --abi none

.PHONY: help run test quick faults fuzz containers wheels bom demo check format lock schemas clean

help:  ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 12

.venv/run: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed") if sys.version_info < (3, 11) else 0'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/test: requirements-test.lock .venv/run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.lock
	@touch $@

run: .venv/run  ## serve the whole platform on one port (PORT=8000, DATA=data)
	$(BIN)/gongzhi run --port $(PORT) --data-dir $(DATA)

demo: .venv/run  ## play a resident's need through to the street's scorecard, on a platform of its own
	$(BIN)/gongzhi demo

check: .venv/test  ## lint, formatting, types, import laws
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check  ## everything: the checks, and the tests on SQLite, MongoDB and a real RabbitMQ
	$(BIN)/python -m pytest -n $(SIDE_BY_SIDE) --dist loadgroup

quick: check  ## the checks and the rules of what was changed, in seconds
	$(BIN)/python -m tests.quick

faults: .venv/test  ## kill a service 100 times at each kill point, on RabbitMQ and on the local bus
	$(BIN)/python -m tests.faults.run --times 100

fuzz: .venv/test  ## every operation of the API as every role, twenty times: no fault, no answer that isn't declared
	$(BIN)/python -m tests.fuzz.run

containers: .venv/test  ## build the image, start docker-compose.yml and three RabbitMQ 4 nodes; as root, minutes
	$(BIN)/python -m pytest -q tests/containers

wheels: .venv/run  ## check that everything locked has a wheel for 64-bit ARM, too
	$(BIN)/python -m pip download --quiet --no-deps --require-hashes --only-binary :all: $(ARM) -d build/arm64 -r requirements.lock

bom: build/bom/bin/cyclonedx-py  ## write build/bom.json: the image's Python packages with their hashes, as CycloneDX
	build/bom/bin/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --mc-type application --sv 1.6 --output-reproducible --of JSON -o build/bom.json

build/bom/bin/cyclonedx-py: requirements-bom.lock
	$(PYTHON) -m venv build/bom
	build/bom/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bom.lock
	@touch $@

format: .venv/test  ## format and fix what can be fixed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

schemas: .venv/run  ## write the JSON Schemas and the AsyncAPI document from contracts/
	$(BIN)/python -m gongzhi.schemas

lock: .venv/test  ## lock the dependencies again, with hashes
	$(BIN)/uv pip compile --quiet --no-header --no-emit-index-url --universal --generate-hashes --python-version 3.11 --allow-unsafe --group build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --no-header --no-emit-index-url --universal --generate-hashes --python-version 3.11 --allow-unsafe --group build --group test -c requirements.lock pyproject.toml -o requirements-test.lock
	$(BIN)/uv pip compile --quiet --no-header --no-emit-index-url --universal --generate-hashes --python-version 3.11 --allow-unsafe --group build --group test --group peers -c requirements-test.lock pyproject.toml -o requirements-peers.lock
	$(BIN)/uv pip compile --quiet --no-header --no-emit-index-url --universal --generate-hashes --python-version 3.11 --allow-unsafe --group bom -o requirements-bom.lock

clean:  ## remove what was set up; data/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build *.egg-info
