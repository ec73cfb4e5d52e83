# All that is installed goes into .venv, at the versions and hashes pinned in requirements/.
# A stamp file remembers each finished step, so a second run starts at once.

# The first of these that is 3.11 or newer; `make PYTHON=/path/to/python …` chooses another.
PYTHON = python3.14 python3.13 python3.12 python3.11 python3

bin := .venv/bin
uv := $(bin)/uv

# Trust what the system trusts, as git and pip do: campus networks like to sign certificates of their own.
export UV_SYSTEM_CERTS = 1

# Run only when .venv has to be made. $(error) stops before the first step, with this one line.
can_import = $(shell for python in $(PYTHON); do \
	$$python -c 'import $(1), sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
python = $(or $(call can_import,ensurepip),$(if $(call can_import,sys),\
	$(error $(call can_import,sys) has no venv: apt install python3-venv),\
	$(error Python 3.11 or newer is missing: apt install python3 python3-venv, or see python.org)))

.PHONY: help demo test style types boundaries behaviour requirements lock format clean
.NOTPARALLEL:

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

demo: .venv/run.stamp ## try Preceptor in your browser; no account, no token
	@$(bin)/preceptor demo $(ARGS)

test: style types boundaries behaviour ## check everything; ARGS="-k intro" is passed to pytest

style: .venv/dev.stamp
	@echo "Style (ruff)"
	@$(bin)/ruff check --quiet .
	@$(bin)/ruff format --check --quiet .

types: .venv/dev.stamp
	@echo "Types (mypy)"
	@$(bin)/mypy --no-error-summary

boundaries: .venv/dev.stamp
	@echo "Import boundaries (import-linter)"
	@$(bin)/lint-imports --no-logo

behaviour: .venv/dev.stamp
	@echo "Behaviour (pytest)"
	@$(bin)/pytest --quiet --numprocesses auto $(ARGS)

requirements: .venv/dev.stamp ## which tests show which requirement; fails if one has none
	@$(bin)/python -m tests.requirements

lock: .venv/uv.stamp ## pin the requirements again; ARGS=--upgrade takes newer versions
	@echo "Pinning requirements/"
	@$(compile) --group uv --output-file requirements/uv.txt
	@$(compile) pyproject.toml --group build --output-file requirements/run.txt
	@$(compile) pyproject.toml --group build --group dev --extra postgres \
		--constraints requirements/run.txt --output-file requirements/dev.txt

compile = $(uv) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock" $(ARGS)

format: .venv/dev.stamp ## let ruff put the code in order
	@$(bin)/ruff check --quiet --fix . ; $(bin)/ruff format .

clean: ## remove .venv and the caches
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis dist

.venv/uv.stamp: requirements/uv.txt
	@echo "Making .venv with $(python)"
	@$(python) -m venv --clear .venv
	@echo "Installing uv, which installs the rest"
	@$(bin)/python -m pip install -qq --disable-pip-version-check --require-hashes -r $<
	@touch $@

# run: what Preceptor needs. dev: the tests' needs on top, at the same versions, so either may come first.
.venv/%.stamp: requirements/%.txt pyproject.toml .venv/uv.stamp
	@echo "Installing requirements/$*.txt"
	@$(uv) pip install --quiet --python .venv --require-hashes -r $<
	@echo "Installing Preceptor itself"
	@$(uv) pip install --quiet --python .venv --no-deps --no-build-isolation --editable .
	@touch $@
