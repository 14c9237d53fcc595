PYTHON ?= .venv/bin/python

.PHONY: check test lint types oracle report gate escape suites bench

# All of it, as CI runs it.
check:
	bash .ci/run

test:
	sh tests/run.sh

lint:
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .

types:
	$(PYTHON) -m mypy

# Executes every row of the corpus in real shells and compares what it reads; REQUIRE_ORACLES=1 fails where a tool is missing.
oracle:
	$(PYTHON) -m tests.oracle.run

# What the guard says of the corpus: leaks, false denials, false questions.
report:
	$(PYTHON) -m tests.oracle.report

# The corpus through the shell gate: no canary comes out, and harmless commands behave the same with and without it.
gate:
	$(PYTHON) -m tests.oracle.gate

# Every attempt to get round the masks of the shell gate, under real bubblewrap.
escape:
	$(PYTHON) -m tests.confine.escape

# Test suites of public packages, with the shell gate and without it.
suites:
	$(PYTHON) -m tests.oracle.suites

# What a hook call and the shell gate cost, as ratios to a bare interpreter start.
bench:
	$(PYTHON) -m tests.bench.latency
	$(PYTHON) -m tests.bench.shell
