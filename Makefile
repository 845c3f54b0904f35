.PHONY: audit demo test check durations drill soak bench environment environment-dev docs screenshots
SHELL := /bin/bash
unexport PYTHONDONTWRITEBYTECODE  # every process would compile every package anew: seconds at each start
BIN := .venv/bin

demo: environment            ## the demo city on http://127.0.0.1:8000
	$(BIN)/onemap demo

environment:
	@scripts/environment.sh

environment-dev:
	@scripts/environment.sh --dev

check: environment-dev       ## the fast part: style, types, layers, quick tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/pytest -q -m "not slow and not postgis and not browser and not system and not drill"

test: environment-dev        ## everything: installs the Debian packages the tests need first
	@scripts/system_packages.sh
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	@said=$$(mktemp); nice -n 5 $(BIN)/mypy >$$said 2>&1 & types=$$!; \
	$(BIN)/pytest -q -n auto --maxprocesses=4 --dist loadfile; tests=$$?; \
	wait $$types; types=$$?; cat $$said; rm $$said; exit $$((tests | types))

durations: environment-dev   ## what each folder, file and test costs in processor time: make durations IN=tests/app [KEEP=1]
	$(BIN)/python -m pytest -q -p tests.costs $(if $(KEEP),--keep-costs) $(or $(IN),tests)

audit: environment-dev       ## known vulnerabilities of the locked packages; asks the network
	@scripts/dependency_audit.sh

drill: environment-dev       ## faults on purpose and the tests `make test` leaves out, outside CI; results in docs/drills.md
	$(BIN)/pytest -q -n auto --maxprocesses=4 --dist loadfile -m drill
	$(BIN)/python -m benchmarks.drill
	$(BIN)/python -m benchmarks.incident_kill
	$(BIN)/python -m benchmarks.duty_drills
	$(BIN)/python -m benchmarks.monitoring_drill
	$(BIN)/python -m benchmarks.monitoring --minutes 2
	$(BIN)/python -m benchmarks.hostile
	$(BIN)/python -m tests.matrix.fuzz

soak: environment-dev        ## long runs, outside CI
	$(BIN)/python -m benchmarks.soak
	$(BIN)/python -m benchmarks.monitoring

bench: environment-dev       ## load, query, GetMap, GetFeature, page; prints a table
	$(BIN)/python -m benchmarks

docs: environment-dev
	$(BIN)/mkdocs build --strict

screenshots: environment-dev ## real screenshots of the demo into docs/images
	$(BIN)/python scripts/screenshots.py
