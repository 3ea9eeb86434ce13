# SPDX-License-Identifier: MIT OR Apache-2.0
# Figures of cost: `make bench`.
#
# Each tests/bench/*.py and *.sh prints lines "area.name<TAB>value<TAB>unit".
# Names are stable: figures are compared over years.

BENCH_SRC := $(sort $(wildcard tests/bench/*.py tests/bench/*.sh))

# Kernels with console, alarm and LED only, to be weighed.
define small_rules
SMALL_KERNELS += $(B)/bench/small/$(1).elf
$(B)/bench/small/$(1).elf: tests/bench/kernel/small/main.c \
		$(wildcard tests/bench/kernel/small/$(1)/*.h) $(B)/boards/$(1)/kernel.elf
	$$(call say,LD,$$@)
	$(Q)mkdir -p $$(@D)
	$(Q)$$($(1)_CROSS)gcc $$(filter-out -MMD -MP,$$(TARGET_FLAGS)) $$($(1)_CPU) \
		$$(INC) $$($(1)_INC) -Icapsules -I$$($(1)_GEN) \
		-Itests/bench/kernel/small/$(1) -c $$< -o $$(@:elf=o)
	$(Q)$$($(1)_CROSS)gcc $$(TARGET_LDFLAGS) $$($(1)_CPU) -L$$($(1)_GEN) \
		-T $$($(1)_LD) $$(filter-out %/main.o,$$($(1)_OBJ)) $$(@:elf=o) \
		-lgcc -o $$@
endef
$(foreach b,mps2_an386 qemu_rv32_virt,$(eval $(call small_rules,$(b))))

# Only figures go to the standard output, also when there is much to build.
.PHONY: bench
bench: ## figures of cost, also in build/bench.tsv; T=word selects
	@$(MAKE) --no-print-directory all $(SMALL_KERNELS) $(B)/bench/measure >&2
	@B=$(B) mk/bench $(BENCH_SRC)

.PHONY: bench-record
bench-record: ## figures of kernel and drivers into docs/benchmarks.md
	@$(MAKE) --no-print-directory all $(SMALL_KERNELS) >&2
	@B=$(B) $(PYTHON) tests/bench/kernel.py > $(B)/bench-record.tsv
	@B=$(B) $(PYTHON) tests/bench/drivers.py >> $(B)/bench-record.tsv
	@mk/bench-record $(B)/bench-record.tsv docs/benchmarks.md

# Runs one command and tells what it cost (tests/bench/measure.c).
$(B)/bench/measure: tests/bench/measure.c
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOST_FLAGS) -static -no-pie $< -o $@
