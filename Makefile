# The few verbs a person types. Each does all the set-up that it needs; ARGS is passed on (make test ARGS=tests/local).
.DEFAULT_GOAL := help
.PHONY: help demo demo-quality test check bench chaos fuzz simulate setup requirements
ARGS ?=

help:  ## list the verbs
	@sed -n 's/^\([a-z%-]*\):.*##  *\(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

demo: setup  ## run the whole chain on this machine, on a real Kafka, with sample invoices
	@.venv/bin/quittance demo $(ARGS)

demo-quality: setup  ## how a correction becomes a release that mends it, and how a bad release is stopped
	@.venv/bin/quittance demo --quality $(ARGS)

test: setup-tests  ## check, and pass every test
	@status=0; scripts/check || status=1; .venv/bin/pytest $(ARGS) || status=1; exit $$status

check: setup-tests  ## format, lint, types, import rules
	@scripts/check

bench: setup-tests  ## measure; results go to benchmarks/results
	@.venv/bin/python -m benchmarks $(ARGS)

chaos: setup-tests  ## kill, pause, cut and bounce for two hours (results in var/chaos); `make test` has the short form
	@.venv/bin/python -m tests.chaos $(ARGS)

simulate: setup-tests  ## twenty thousand worlds in memory, by seed (ARGS="--from 0 --seeds 200" for the gate; docs/simulation.md)
	@.venv/bin/python -m tests.simulation $(or $(ARGS),--seeds 20000 --jobs 2 --json var/simulation.json)

chaos-%: setup-tests  ## one kind: chaos-r1, -r2, -r3, -r5, -r6, -rolling; ARGS=--gate is the short form
	@.venv/bin/python -m tests.chaos $* $(ARGS)

fuzz: setup-tests  ## 10,000 mutants, every bomb, an hour of fuzzing by coverage; ARGS="H4 --gate" is less (var/fuzz)
	@.venv/bin/python -m tests.fuzz $(ARGS)

setup:  ## make .venv and bring Kafka; afterwards .venv/bin/quittance works
	@scripts/setup

.PHONY: setup-tests
setup-tests:
	@scripts/setup tests

requirements: setup  ## compile requirements/*.in, pinned and hashed
	@scripts/requirements $(ARGS)
