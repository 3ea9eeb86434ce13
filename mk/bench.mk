# SPDX-License-Identifier: MIT OR Apache-2.0
# Figures of cost: `make bench`.
#
# Each tests/bench/*.py and *.sh prints lines "area.name<TAB>value<TAB>unit".
# Names are stable: figures are compared over years.

BENCH_SRC := $(sort $(wildcard tests/bench/*.py tests/bench/*.sh))

# Only figures go to the standard output, also when there is much to build.
.PHONY: bench
bench: ## figures of cost, also in build/bench.tsv; T=word selects
	@$(MAKE) --no-print-directory all $(B)/bench/measure >&2
	@B=$(B) mk/bench $(BENCH_SRC)

.PHONY: bench-record
bench-record: ## the kernel's figures into docs/benchmarks.md
	@$(MAKE) --no-print-directory all >&2
	@B=$(B) $(PYTHON) tests/bench/kernel.py > $(B)/bench-kernel.tsv
	@mk/bench-record $(B)/bench-kernel.tsv docs/benchmarks.md

# Runs one command and tells what it cost (tests/bench/measure.c).
$(B)/bench/measure: tests/bench/measure.c
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOST_FLAGS) -static -no-pie $< -o $@
