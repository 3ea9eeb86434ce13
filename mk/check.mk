# Gates that need no board: `make check`.

CHECK_SRC = $(shell git ls-files -co --exclude-standard '*.c' '*.h')
CHECK_HDR = $(filter %.h,$(CHECK_SRC))
# Code that may hold no integer-to-pointer cast: the only door from a target
# address to bytes is arch_bytes() of the ports.
CORE_SRC = $(filter kernel/%.c,$(CHECK_SRC))
CORE_FLAGS = -std=c11 $(INC) -Iarch/host/include
CLANG_FORMAT ?= clang-format-14
CLANG_QUERY  ?= clang-query-14

.PHONY: check check-format check-layers check-headers check-core check-capsules check-kernels check-stack check-static
check: check-format check-layers check-headers check-core check-capsules check-kernels check-stack check-static ## formatting, layers, core rules, static analysis

check-format:
	$(call say,FORMAT,$(words $(CHECK_SRC)) files)
	$(Q)$(CLANG_FORMAT) --dry-run -Werror \
		$(filter-out tests/gate/bad/word-%graph.c,$(CHECK_SRC))

check-layers: all
	@mk/check-layers $(B)

check-headers:
	$(call say,HEADERS,each compiles alone and tells what a driver does)
	$(Q)mk/check-driver-tables $(CAPSULE_SRC)
	$(Q)for h in $(filter lib/%.h kernel/%.h capsules/%.h elf2tbf/%.h tockloader-c/%.h,$(CHECK_HDR)); do \
		$(HOST_CC) -std=c11 -D_GNU_SOURCE -Wall -Werror $(INC) -Iarch/host/include \
			-Icapsules -Ielf2tbf -Itockloader-c -fsyntax-only -include $$h -x c /dev/null || exit 1; \
	done

check-core:
	$(call say,CORE,no made-up pointers in kernel/)
	$(Q)out=$$($(CLANG_QUERY) -f mk/core.query $(CORE_SRC) -- $(CORE_FLAGS) 2>&1); \
		if printf '%s' "$$out" | grep -E 'binds here|error:'; then exit 1; fi

# The gate of docs/capsules.md, over sources and what they became on each board.
CAPSULE_CLANG = $(CLANG) --target=armv7m-none-eabi -std=c11 -ffreestanding \
	$(INC) -Icapsules
# Headers without a source of the same name are judged by themselves.
CAPSULE_HDR = $(filter capsules/%.h,$(CHECK_HDR))
CAPSULE_ALONE = $(filter-out capsules/guard.h $(CAPSULE_SRC:.c=.h),$(CAPSULE_HDR))

check-capsules: $(KERNELS)
	$(call say,CAPSULES,$(words $(CAPSULE_SRC)) in $(words $(BOARDS)) kernels)
	$(Q)mk/check-capsules $(foreach b,$(BOARDS),--objects $(B)/boards/$(b)/obj) \
		$(CAPSULE_SRC) $(CAPSULE_ALONE) -- $(CAPSULE_CLANG)

# For tests/gate: how a capsule is judged, and compiled for each board.
$(B)/boards/capsule-commands: $(MAKEFILE_LIST)
	$(Q)mkdir -p $(@D)
	$(Q){ echo 'gate $(CAPSULE_CLANG)'; \
	$(foreach b,$(BOARDS),echo '$(b) $($(b)_CROSS)gcc \
		$(filter-out -MMD -MP,$(TARGET_FLAGS)) $($(b)_CPU) $(INC) $($(b)_INC) \
		-Icapsules -I$($(b)_GEN) $(FLAGS_capsules)';) } > $@
unit-tests: $(B)/boards/capsule-commands

check-kernels: $(KERNELS)
	$(call say,KERNELS,no allocator linked)
	$(Q)for k in $(filter %.elf,$(KERNELS)); do \
		if $(ARM)nm $$k | grep -E ' (malloc|calloc|realloc|free|sbrk|_sbrk)$$'; then \
			echo "$$k: links an allocator" >&2; exit 1; fi; \
	done

# The worst stack of each kernel: mk/check-stack has how it is found.
check-stack: $(KERNELS)
	$(call say,STACK,$(words $(BOARDS)) kernels)
	$(Q)$(foreach b,$(BOARDS),mk/check-stack $(if $(V),-v) \
		$(B)/boards/$(b)/kernel.elf $($(b)_OBJ) &&) :

check-static:
	$(call say,CPPCHECK,$(words $(filter %.c,$(CHECK_SRC))) files)
	$(Q)cppcheck --quiet --std=c11 --enable=warning,portability --error-exitcode=1 \
		--inline-suppr --suppressions-list=mk/cppcheck.suppressions $(INC) -D__GNUC__ \
		$(filter-out tests/%,$(filter %.c,$(CHECK_SRC)))
