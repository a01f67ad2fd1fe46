# make run    starts the house            make test   every test, lint and types
# Both set up everything they need in .venv. Others: quick lint types bench docs lock fmt clean

PY := .venv/bin/python
JOBS ?= 2
ARGS ?=
export PYTHONUTF8 := 1

# One temporary folder for each user: the lock file of the tests' PostgreSQL must not be somebody else's.
PYTEST = TMPDIR="$$(dir="$${TMPDIR:-/tmp}/nuanxin-$$(id -u)"; mkdir -p "$$dir"; echo "$$dir")" \
	NUANXIN_CHROMIUM="$$(sh tools/setup.sh chromium)" $(PY) -m pytest

.PHONY: help run test quick lint types imports bench docs lock fmt clean setup-run setup-test

help:
	@sed -n 's/^# //p' Makefile | head -2

setup-run:
	@sh tools/setup.sh run

setup-test:
	@sh tools/setup.sh test

run: setup-run
	@$(PY) -m bot serve $(ARGS)

# lint, format, types and the import contract are tests too (tests/test_house.py).
# What holds a bound in seconds runs afterwards, alone: beside other tests it would measure those; it runs also when
# others failed, so that one run shows everything. No test at all (5) is a failure; where ARGS choose, of both halves.
NONE := $(if $(strip $(ARGS)),5,none)
test: setup-test
	@rm -rf build/screens && mkdir -p build/screens
	@$(PYTEST) -n $(JOBS) --dist loadgroup -m "not alone" $(ARGS); many=$$?; \
	[ $$many -ne 2 ] || { echo "make test: FAILED, it was interrupted or could not begin"; exit 2; }; \
	$(PYTEST) -n 0 -m alone $(ARGS); alone=$$?; \
	case $$many.$$alone in \
	0.0|0.$(NONE)|$(NONE).0) echo "make test: passed" ;; \
	*) echo "make test: FAILED (side by side: $$many, alone: $$alone)"; exit 1 ;; \
	esac

quick: setup-test
	@$(PYTEST) -q -m "not slow and not kill and not journey and not load and not postgres" $(ARGS)

lint: setup-test
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .

types: setup-test
	@$(PY) -m mypy

imports: setup-test
	@$(PY) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()' --cache-dir build/imports

bench: setup-test
	@$(PY) -m tests.bench $(ARGS)

docs: setup-test
	@$(PY) -c 'import pathlib, bot.settings.page as p; p.write(pathlib.Path("docs/settings.md"))'

fmt: setup-test
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

# The locks hold names, versions and hashes, and no address
COMPILE = $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url $(ARGS)
lock: setup-test
	@$(COMPILE) requirements/uv.in -o requirements/uv.txt
	@$(COMPILE) requirements/run.in -o requirements/run.txt
	@$(COMPILE) requirements/test.in -o requirements/test.txt

# never the house's own data
clean:
	@rm -rf .venv build .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
