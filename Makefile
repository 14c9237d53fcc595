PYTHON ?= python3

.PHONY: oracle report escape

# Executes every row of the corpus in real shells and compares what it reads; REQUIRE_ORACLES=1 fails where a tool is missing.
oracle:
	$(PYTHON) -m tests.oracle.run

# What the guard says of the corpus: leaks, false denials, false questions.
report:
	$(PYTHON) -m tests.oracle.report

# Every attempt to get round the masks of the shell gate, under real bubblewrap.
escape:
	$(PYTHON) -m tests.confine.escape
