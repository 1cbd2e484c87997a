# Tổ Số: `make run` opens it, `make test` proves it. Needs Python 3.11 or newer, and make.
.DEFAULT_GOAL := help
.PHONY: help run test check fix bench dev pictures messages clean always

UV_VERSION := 0.13.9
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := .venv

# The environment serves only the folder and the Python that it was made with.
HERE := $(shell test -x $(BIN)/python && test "$$(cat .venv/made-in 2>/dev/null)" = "$(CURDIR)" && echo yes)
MADE_OF := pyproject.toml uv.lock CHANGELOG.md $(if $(HERE),,always)

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

run: .venv/ready ## open it: the program with an invented district, its sign-ins and its address
	@exec $(BIN)/toso run

dev: .venv/ready-dev ## the same, starting anew whenever a file changes
	@exec $(BIN)/toso run --reload

test: .venv/ready-dev ## prove it: style, types, layers, then the suite on SQLite, PostgreSQL, Chromium
	@exec $(BIN)/python -m tests.run

check: .venv/ready-dev ## style, types and layers only
	@exec $(BIN)/python -m tests.run check

fix: .venv/ready-dev ## put imports and layout of the code in order
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: .venv/ready-dev ## measure speed and memory
	@exec $(BIN)/python -m bench

pictures: .venv/ready-dev ## take the pictures of the README from the invented district
	@exec $(BIN)/python -m bench.pictures

messages: .venv/ready-dev ## gather the texts of the code into translations/vi.po
	@exec $(BIN)/python -m translations

clean: ## remove what the commands made; data/ stays
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -not -path './data/*' -prune -exec rm -rf {} +

.venv/ready: $(MADE_OF)
	@UV_VERSION=$(UV_VERSION) sh setup.sh --no-dev --inexact
	@touch $@

.venv/ready-dev: $(MADE_OF)
	@UV_VERSION=$(UV_VERSION) sh setup.sh
	@touch .venv/ready $@
