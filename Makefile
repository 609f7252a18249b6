# make run and make test need nothing but Python 3.11 or newer; `make help` lists the rest.

PIP_INSTALL = .venv/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
PINNED = pyproject.toml constraints.txt
# What takes longest is begun first (tests/conftest.py) and told of at the end.
PYTEST_OPTIONS = -q -n 2 --dist loadfile --no-loadscope-reorder --durations=40 --durations-min=4

.PHONY: help run test fuzz audit faults lint format bench accessibility screenshots clean messages rights \
	processing

help:  ## list these targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1 - /p' Makefile

run: .venv/.installed-run  ## serve the app on http://localhost:8501
	@.venv/bin/sandkasse run

test: .venv/.installed-test  ## run every test, in the browser too
	@chromium="$$(scripts/ensure-chromium)" && \
	SANDKASSE_CHROMIUM="$$chromium" .venv/bin/python -m pytest $(PYTEST_OPTIONS)

faults: .venv/.installed-test  ## kill, fill, flip and interrupt in full length (a quarter of an hour)
	@chromium="$$(scripts/ensure-chromium)" && \
	SANDKASSE_CHROMIUM="$$chromium" SANDKASSE_FAULTS=full .venv/bin/python -m pytest -q tests/faults

fuzz: .venv/.installed-test  ## give every write ten thousand cases, and every form all strings (hours)
	@chromium="$$(scripts/ensure-chromium)" && \
	SANDKASSE_CHROMIUM="$$chromium" SANDKASSE_FUZZ=10000 .venv/bin/python -m pytest -q tests/security

audit: .venv/.installed-dev  ## look for known holes in the code and in the libraries (needs the net)
	@.venv/bin/bandit --quiet --configfile pyproject.toml --recursive sandkasse pages app.py
	@.venv/bin/pip-audit --requirement constraints.txt --no-deps --disable-pip --strict

lint: .venv/.installed-dev  ## check style, types and who imports whom
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --check --quiet . || { echo 'Run make format.'; exit 1; }
	@.venv/bin/mypy --no-error-summary
	@.venv/bin/lint-imports --no-logo

format: .venv/.installed-dev  ## put the code in its style
	@.venv/bin/ruff check --fix --quiet .
	@.venv/bin/ruff format --quiet .

bench: .venv/.installed-test  ## measure pages, figures and submissions
	@.venv/bin/python -m tests.benchmarks

accessibility: .venv/.installed-test  ## have axe look at every page, and write down what it finds
	@chromium="$$(scripts/ensure-chromium)" && \
	SANDKASSE_CHROMIUM="$$chromium" SANDKASSE_ACCESSIBILITY_RECORD=data/accessibility.json \
	.venv/bin/python -m pytest -q tests/browser/test_accessibility.py -k any_page

screenshots: .venv/.installed-test  ## draw docs/screenshots/*.png anew
	@chromium="$$(scripts/ensure-chromium)" && \
	SANDKASSE_CHROMIUM="$$chromium" .venv/bin/python -m tests.screenshots

rights: .venv/.installed-run  ## print docs/rights.md from the table of rights
	@.venv/bin/python -m sandkasse.rights > docs/rights.md

processing: .venv/.installed-run  ## print docs/processing.md from the classes of records
	@.venv/bin/python -m sandkasse.privacy.processing > docs/processing.md

messages: .venv/.installed-run  ## bring the catalogues in step with the code
	@.venv/bin/pybabel -q extract -F babel.cfg -k _ -k N_ -k ngettext_:1,2 --no-location \
		--sort-output -o sandkasse/locale/sandkasse.pot app.py pages sandkasse
	@.venv/bin/pybabel -q update -i sandkasse/locale/sandkasse.pot -d sandkasse/locale -D sandkasse \
		--no-fuzzy-matching --ignore-obsolete --no-wrap
	@rm sandkasse/locale/sandkasse.pot

clean:  ## remove .venv and everything that is made; the data stays
	rm -rf .venv build sandkasse.egg-info .pytest_cache .mypy_cache .ruff_cache \
		.import_linter_cache .hypothesis test-results .coverage
	find sandkasse pages tests -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.created: scripts/create-venv
	@scripts/create-venv
	@touch $@

.venv/.installed-run: .venv/.created $(PINNED)
	@echo 'Installing what the app needs (a minute or two the first time) ...'
	@$(PIP_INSTALL) -e .
	@touch $@

.venv/.installed-test: .venv/.created $(PINNED)
	@echo 'Installing what the tests need (a minute or two the first time) ...'
	@$(PIP_INSTALL) -e '.[test]'
	@touch $@ .venv/.installed-run

.venv/.installed-dev: .venv/.created $(PINNED)
	@echo 'Installing what the checks need (a minute or two the first time) ...'
	@$(PIP_INSTALL) -e '.[test,dev]'
	@touch $@ .venv/.installed-test .venv/.installed-run
