# Every target sets up what it needs first: a Python >= 3.11 and make are enough.
# PYTHON=... chooses the interpreter for .venv; ARGS=... goes to pytest in `make test`, SEED=... is the order of
# `make test-random`, CELERY=... the Celery of `make test-celery`; STORM=... goes to the storm, GAUNTLET=... to the
# gauntlet, MUTANTS=... to the study of mutants, REALWORLD=... to that of released projects.

BIN = .venv/bin
ARGS =
CELERY = 5.6
SEED =
# Two processes; whoever is done takes over tests from the end of what the other still has, so that tests that
# share a worker mostly stay together.
PARALLEL = -n 3 --dist worksteal
STORM =
SOAK =
GAUNTLET =
MUTANTS =
REALWORLD =

.PHONY: help setup demo verify test test-quick test-thorough test-random coverage test-oldest test-celery lint format types layers docs site workflows generate generate-check contracts-check \
	api changelog check bench fuzz soak storm gauntlet mutants realworld dist constraints clean

help: ## Say what can be made.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

setup: ## Install everything into .venv; quick when that was done before.
	@PYTHON="$(PYTHON)" sh .ci/setup

demo: setup ## Show the main job with no servers: a worker, its contracts verified, a break caught.
	@$(BIN)/python -m demo

verify: setup ## Replay the consumers' contracts on a live pusher.
	$(BIN)/python -m demo.s3 $(BIN)/python -m pytest --taskcontract $(ARGS)

test: setup ## Run all tests but the docs' examples, which are in `make docs`.
ifeq ($(strip $(ARGS)),)
	$(BIN)/python -m pytest $(PARALLEL) tests/live
	$(BIN)/python -m pytest $(PARALLEL) --ignore=tests/docs --ignore=tests/live
else
	$(BIN)/python -m pytest --ignore=tests/docs $(ARGS)
endif

test-quick: setup ## Run the tests that stay in one process and take no time; while you work.
	$(BIN)/python -m pytest $(PARALLEL) -q -m "not live and not process and not slow" tests/unit tests/rules examples $(ARGS)

test-thorough: setup ## Try all of which every other run tries a sample: each pair of types, each result store.
	THOROUGH=1 $(BIN)/python -m pytest $(PARALLEL) -m thorough tests/unit tests/live $(ARGS)

test-random: setup ## Run the tests in another order each time; SEED=17 repeats the one that it was.
	$(BIN)/python -m pytest $(PARALLEL) --ignore=tests/docs --random-order $(SEED:%=--random-order-seed=%) $(ARGS)

coverage: setup ## Run the tests and count which branches they take, in workers too; too few are an error.
	rm -rf .cache/coverage && mkdir -p .cache/coverage
	$(BIN)/python -m coverage run -m pytest $(PARALLEL) --ignore=tests/docs $(ARGS)
	$(BIN)/python -m coverage combine --quiet
	$(BIN)/python -m coverage report

test-oldest: setup ## Run the tests on the lowest versions that pyproject.toml allows.
	@sh .ci/versions >/dev/null
	.cache/oldest/bin/python -m pytest --ignore=tests/docs --ignore=tests/unit/setup $(ARGS)

test-celery: setup ## Run the tests on another Celery, that of CELERY=5.6 or the like.
	@sh .ci/versions $(CELERY) >/dev/null
	.cache/celery-$(CELERY)/bin/python -m pytest --ignore=tests/docs --ignore=tests/unit/setup $(ARGS)

lint: setup ## Look for mistakes and for unformatted code.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: setup ## Format the code.
	$(BIN)/ruff check --fix --select I .
	$(BIN)/ruff format .

types: setup ## Check the types with mypy and, at the same time, with pyright.
	@printf '%s\0' 'mypy && $(BIN)/mypy tests/typing' 'pyright && $(BIN)/pyright --project tests/typing' \
		| xargs -0 -P 2 -I '{}' sh -c '$(BIN)/{}'

layers: setup ## Check who imports whom.
	$(BIN)/lint-imports --no-logo

docs: setup ## Run the examples in README.md and docs/.
	$(BIN)/python -m pytest $(PARALLEL) -q tests/docs

site: setup ## Build the documentation site into .cache/site; a dead link is an error.
	$(BIN)/python -m website .cache/website
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict -f .cache/website/mkdocs.yml -d ../site

workflows: setup ## Check what GitHub and pre-commit read: workflows, forms, hooks; offline.
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/[!c]*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-actions action.yml
	$(BIN)/zizmor --offline --quiet .github action.yml
	$(BIN)/pre-commit validate-config .pre-commit-config.yaml
	$(BIN)/pre-commit validate-manifest .pre-commit-hooks.yaml

generate: setup ## Write bindings/delegates.py anew.
	$(BIN)/taskcontract generate bindings.pusher

generate-check: setup ## Check that the generated delegates are fresh.
	$(BIN)/taskcontract generate bindings.pusher --check

contracts-check: setup ## Check that contracts/ holds what the consumers' tests record, and that versions say enough.
	@rm -rf .cache/contracts && mkdir -p .cache/contracts
	$(BIN)/python -m pytest -q examples --taskcontract-contracts=.cache/contracts
	@diff -r -x pusher contracts .cache/contracts || \
		{ echo "contracts/ is stale: run \`make test\` and commit what changed there" >&2; exit 1; }
	$(BIN)/taskcontract check

api: setup ## Write tests/unit/api/promised.txt anew: the Python API that users are promised.
	$(BIN)/python -m tests.support.public_api >.venv/promised.txt
	mv .venv/promised.txt tests/unit/api/promised.txt

changelog: setup ## Show what the fragments in changelog.d will add to CHANGELOG.md at the next release.
	@$(BIN)/towncrier build --draft 2>.venv/towncrier.log || { tail -2 .venv/towncrier.log >&2; exit 1; }

check: test lint types layers docs site workflows generate-check contracts-check ## Check everything that CI checks.

bench: setup ## Measure what the project promises, each figure as a ratio within one run.
	@sh .ci/peers
	@for file in benchmarks/[a-z]*.py; do \
		name=$${file##*/}; echo "== $${name%.py}"; $(BIN)/python -m "benchmarks.$${name%.py}" || exit 1; \
	done

fuzz: setup ## Hold the engines to their oracles, and the readers to their word, at full length.
	@for file in tests/fuzz/fuzz_*.py; do \
		name=$${file##*/}; echo "== $${name%.py}"; $(BIN)/python -m "tests.fuzz.$${name%.py}" || exit 1; \
	done

soak: setup ## Run the live verification tests 200 times, half of them with busy cores; SOAK="--runs 20".
	$(BIN)/python -m tests.soak $(SOAK)

storm: setup ## Send 10,000 calls through a rolling deploy, on each broker, on bare Celery and with taskcontract.
	$(BIN)/python -m tests.storm $(STORM)

dist: setup ## Build what is published into dist/; TAG=v1.2.3 must then be the version's.
	@sh .ci/dist

gauntlet: setup ## Send 2,000 hostile messages among 10,000 honest calls, on each broker and to each pool.
	$(BIN)/python -m tests.gauntlet $(GAUNTLET)

mutants: setup ## Make 86 breaking and 39 harmless edits of pusher: each of the first is caught, none of the others.
	$(BIN)/python -m tests.mutants $(MUTANTS)

realworld: setup ## Read and compare released projects, downloaded through pip, against hand-checked lists; REALWORLD="-k weblate".
	$(BIN)/python -m tests.realworld $(REALWORLD)

constraints: setup ## Renew constraints.txt with the newest releases of what is needed.
	$(BIN)/python -m pip install --quiet --dry-run --ignore-installed --report .venv/report.json \
		-e '.[diff,metrics,verify,redis,s3,source,sqs,testing]' --group dev --group clusters
	$(BIN)/python .ci/constraints.py .venv/report.json >.venv/constraints.txt
	mv .venv/constraints.txt constraints.txt

clean: ## Remove everything that was made.
	rm -rf .venv .demo .cache build dist *.egg-info bindings/build bindings/*.egg-info \
		.pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
