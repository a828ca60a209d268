# What a person types. Each target says in one line what it does; `make help` prints these lines.

PYTHON_HERE = .venv/bin/python
READY = .venv/ready
OURS = app bot desk learning mailroom storage templates web workflow

.PHONY: help setup demo test lint format types requirements figures bench campaign lock clean

help:  ## print this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1  /p' Makefile

setup: $(READY)  ## make .venv with .venv/bin/redress in it; quick when nothing changed
	@$(PYTHON_HERE) -m compileall -q $(OURS)

$(READY): requirements.lock pyproject.toml scripts/setup
	@sh scripts/setup
	@touch $(READY)

demo: setup  ## set everything up and run the demonstration until Ctrl-C
	@.venv/bin/redress demo

test: setup  ## everything that CI checks: style, types, layers, tests on SQLite and PostgreSQL, coverage, requirements
	@sh scripts/system-packages
	@$(PYTHON_HERE) -m tests.everything

lint: setup  ## style and layers only
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/lint-imports

format: setup  ## mend what can be mended by itself
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

types: setup  ## types only
	@.venv/bin/mypy

requirements: setup  ## how many of the numbered requirements a test proves, and which none does
	@$(PYTHON_HERE) -m tests.requirements

figures: setup  ## what the mailroom makes of the corpora, that an fsync precedes each "accepted", what an idle tick reads
	@$(PYTHON_HERE) -m tests.figures.mail_figures
	@$(PYTHON_HERE) -m tests.figures.fsync_order
	@$(PYTHON_HERE) -m tests.figures.tick_rows

bench: setup  ## how fast: mail in, mail to case, a case's dates, the desk with many cases, digests over ten years, the bot's answers
	@$(PYTHON_HERE) -m tests.bench.intake
	@$(PYTHON_HERE) -m tests.bench.filing
	@$(PYTHON_HERE) -m tests.bench.clocks
	@$(PYTHON_HERE) -m tests.bench.desk
	@$(PYTHON_HERE) -m tests.bench.digest
	@$(PYTHON_HERE) -m tests.bench.chat

campaign: setup  ## long: kill receivers and senders, of mail and of chat, again and again, and count what is lost or doubled
	@$(PYTHON_HERE) -m tests.figures.kill_campaign
	@$(PYTHON_HERE) -m tests.figures.send_campaign
	@$(PYTHON_HERE) -m tests.figures.chat_campaign
	@$(PYTHON_HERE) -m tests.figures.updates_campaign
	@$(PYTHON_HERE) -m tests.figures.digests_campaign

lock:  ## work the lock files out again from pyproject.toml; needs uv
	uv lock
	uv export -q --locked --no-emit-project --no-header --format requirements-txt -o requirements.lock
	uv export -q --locked --no-emit-project --no-header --format requirements-txt --no-dev --group build -o docker/requirements.lock

clean:  ## throw away what can be made again, but not var/
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage* htmlcov
