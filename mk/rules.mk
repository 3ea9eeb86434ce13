# How each kind of object is made. Sources come from the module.mk files.

# The objects of tools, kernels and tests depend on where their flags come from.
RULES := $(filter-out Makefile boards/%,$(MAKEFILE_LIST))

say = @$(if $(V),:,printf '  %-8s %s\n' '$(1)' '$(2)')
Q   := $(if $(V),,@)

# --- host tools and their libraries --------------------------------------

HOST_LIB_OBJ := $(LIB_SRC:%.c=$(B)/host/%.o)

$(B)/host/%.o: %.c $(RULES)
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOST_FLAGS) $(FLAGS_$(firstword $(subst /, ,$*))) -c $< -o $@

$(B)/host/lib.a: $(HOST_LIB_OBJ)
	$(Q)rm -f $@ && ar rcs $@ $^

$(B)/bin/elf2tbf: $(ELF2TBF_SRC:%.c=$(B)/host/%.o) $(B)/host/lib.a
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOST_LDFLAGS) $^ $(ELF2TBF_LIBS) $(LIB_LIBS) -o $@

$(B)/bin/tockloader-c: $(TOCKLOADER_SRC:%.c=$(B)/host/%.o) \
		$(B)/host/gen/board_table.o $(B)/host/lib.a
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOST_LDFLAGS) $^ $(TOCKLOADER_LIBS) $(LIB_LIBS) -o $@

# --- board data ------------------------------------------------------------

BOARD_JSON := $(sort $(wildcard boards/*/board.json tockloader-c/boards/*.json))

$(B)/gen/board_table.c: $(BOARD_JSON) mk/board.py
	$(call say,GEN,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(PYTHON) mk/board.py table $(BOARD_JSON) > $@

$(B)/host/gen/board_table.o: $(B)/gen/board_table.c
	$(Q)mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOST_FLAGS) -Itockloader-c -c $< -o $@

$(B)/test/gen/board_table.o: $(B)/gen/board_table.c
	$(Q)mkdir -p $(@D)
	$(Q)$(HOST_CC) $(TEST_FLAGS) -Itockloader-c -c $< -o $@

# --- kernels -----------------------------------------------------------------
# boards/<board>/board.mk sets, with <board> for B:
#   B_CROSS  compiler prefix         B_CPU   processor flags; -DPLACE_ONLY=kind
#   B_INC    -I of port and chip     B_SRC   port, chip and board sources (.c .S)
#   B_LD     linker script, if not boards/<board>/layout.ld

TARGET_SRC := $(LIB_TARGET_SRC) lib/base/mem.c $(KERNEL_SRC) $(CAPSULE_SRC)

define board_rules
$(1)_OBJ := $$(patsubst %,$$(B)/boards/$(1)/obj/%.o,$$(basename $$(TARGET_SRC) $$($(1)_SRC)))
$(1)_GEN := $$(B)/boards/$(1)/gen
$(1)_LD ?= boards/$(1)/layout.ld

$$($(1)_GEN)/board.h: boards/$(1)/board.json mk/board.py
	$(Q)mkdir -p $$(@D)
	$(Q)$$(PYTHON) mk/board.py header $$< > $$@

$$($(1)_GEN)/board.ld: boards/$(1)/board.json mk/board.py
	$(Q)mkdir -p $$(@D)
	$(Q)$$(PYTHON) mk/board.py linker $$< > $$@

$$(B)/boards/$(1)/obj/%.o: %.c $(RULES) boards/$(1)/board.mk | $$($(1)_GEN)/board.h
	$$(call say,CC,$$< [$(1)])
	$(Q)mkdir -p $$(@D)
	$(Q)$$($(1)_CROSS)gcc $$(TARGET_FLAGS) $$($(1)_CPU) $$(INC) $$($(1)_INC) \
		-Icapsules -I$$($(1)_GEN) $$(FLAGS_$$(firstword $$(subst /, ,$$*))) \
		-fcallgraph-info=su -c $$< -o $$@

$$(B)/boards/$(1)/obj/%.o: %.S $(RULES) boards/$(1)/board.mk
	$$(call say,AS,$$< [$(1)])
	$(Q)mkdir -p $$(@D)
	$(Q)$$($(1)_CROSS)gcc $$($(1)_CPU) $$(INC) $$($(1)_INC) -g -MMD -MP -c $$< -o $$@

$$(B)/boards/$(1)/kernel.elf: $$($(1)_OBJ) $$($(1)_LD) $$($(1)_GEN)/board.ld
	$$(call say,LD,$$@)
	$(Q)$$($(1)_CROSS)gcc $$(TARGET_LDFLAGS) $$($(1)_CPU) -L$$($(1)_GEN) \
		-Wl,-Map=$$@.map -T $$($(1)_LD) $$($(1)_OBJ) -lgcc -o $$@

$$(B)/boards/$(1)/kernel.bin: $$(B)/boards/$(1)/kernel.elf
	$(Q)$$($(1)_CROSS)objcopy -O binary $$< $$@
endef
$(foreach b,$(BOARDS),$(eval $(call board_rules,$(b))))

KERNELS := $(foreach b,$(BOARDS),$(B)/boards/$(b)/kernel.elf $(B)/boards/$(b)/kernel.bin)

# --- unit tests: tests/unit/<part>/test_*.c, linked with that part ---------

UNIT_SRC := $(sort $(wildcard tests/unit/*/test_*.c))
UNIT_BIN := $(UNIT_SRC:tests/unit/%.c=$(B)/test/unit/%)

# Sources beside lib that the tests of one part are linked with.
UNIT_PART_elf2tbf      := $(filter-out %/main.c,$(ELF2TBF_SRC))
UNIT_PART_tockloader-c := $(filter-out %/main.c,$(TOCKLOADER_SRC))
UNIT_PART_kernel       := $(KERNEL_SRC) $(CAPSULE_SRC) $(HOST_PORT_SRC)
# Criterion finds its tests by their section and the sanitizers register every
# global, so that no section can be left out: libarchive is the shared one here.
UNIT_LIBS := -lcriterion $(ELF2TBF_LIBS) $(TOCKLOADER_LIBS) \
	$(filter-out %-Bstatic %-Bdynamic,$(LIB_LIBS)) -Wl,--no-gc-sections

# The kernel's sources see the host port's arch/context.h.
FLAGS_kernel += $(if $(findstring /test/,$@)$(findstring /fuzz/,$@),-Iarch/host/include)
FLAGS_arch   += $(if $(findstring /test/,$@)$(findstring /fuzz/,$@),-Iarch/host/include)
FLAGS_capsules += $(if $(findstring /boards/,$@),,-Icapsules -Iarch/host/include)

$(B)/test/%.o: %.c $(RULES)
	$(call say,CC,$< [test])
	$(Q)mkdir -p $(@D)
	$(Q)$(HOST_CC) $(TEST_FLAGS) $(FLAGS_$(firstword $(subst /, ,$*))) -c $< -o $@

$(B)/test/lib.a: $(LIB_SRC:%.c=$(B)/test/%.o)
	$(Q)rm -f $@ && ar rcs $@ $^

define unit_part
$(B)/test/part-$(1).a: $(UNIT_PART_$(1):%.c=$(B)/test/%.o) $(if $(filter tockloader-c,$(1)),$(B)/test/gen/board_table.o)
	$(Q)rm -f $$@ && ar rcs $$@ $$^
$(B)/test/unit/$(1)/test_%: tests/unit/$(1)/test_%.c $(B)/test/tests/unit/leaks.o $(B)/test/lib.a $(if $(UNIT_PART_$(1)),$(B)/test/part-$(1).a)
	$$(call say,TEST,$$<)
	$(Q)mkdir -p $$(@D)
	$(Q)$$(HOST_CC) $$(TEST_FLAGS) $$(TEST_LDFLAGS) -Wno-conversion -Wno-pedantic \
		-Wno-discarded-qualifiers \
		-I. -Itests -I$(1) $(if $(filter kernel,$(1)),-Iarch/host/include -Icapsules) \
		$$(UNIT_FLAGS_$(1)) $$< $(B)/test/tests/unit/leaks.o \
		$(if $(UNIT_PART_$(1)),-Wl$(comma)--start-group $(B)/test/part-$(1).a) \
		$(B)/test/lib.a $(if $(UNIT_PART_$(1)),-Wl$(comma)--end-group) $$(UNIT_LIBS) -o $$@
endef
comma := ,
$(foreach p,$(sort $(patsubst tests/unit/%/,%,$(dir $(UNIT_SRC)))),$(eval $(call unit_part,$(p))))

# elf2tbf as a whole under the sanitizers: tests/cli/malformed-elf.py.
$(B)/test/bin/elf2tbf: $(B)/test/elf2tbf/main.o $(B)/test/part-elf2tbf.a $(B)/test/lib.a
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(HOST_CC) $(TEST_LDFLAGS) $^ $(filter-out -lcriterion,$(UNIT_LIBS)) -o $@

# The same of tockloader-c: tests/cli/format-safety.py.
$(B)/test/bin/tockloader-c: $(B)/test/tockloader-c/main.o $(B)/test/part-tockloader-c.a $(B)/test/lib.a
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(HOST_CC) $(TEST_LDFLAGS) $^ $(filter-out -lcriterion,$(UNIT_LIBS)) -o $@

# --- fuzz targets: tests/fuzz/fuzz_<name>.c ----------------------------------

FUZZ_SRC := $(sort $(wildcard tests/fuzz/fuzz_*.c))
FUZZ_BIN := $(FUZZ_SRC:tests/fuzz/%.c=$(B)/fuzz/%)

$(B)/fuzz/%.o: %.c $(RULES)
	$(call say,CC,$< [fuzz])
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(FUZZ_FLAGS) $(FLAGS_$(firstword $(subst /, ,$*))) -c $< -o $@

$(B)/fuzz/lib.a: $(LIB_SRC:%.c=$(B)/fuzz/%.o)
	$(Q)rm -f $@ && ar rcs $@ $^

FUZZ_PART_OBJ := $(patsubst %.c,$(B)/fuzz/%.o,$(UNIT_PART_elf2tbf))

$(B)/fuzz/kernel.a: $(patsubst %.c,$(B)/fuzz/%.o,$(UNIT_PART_kernel))
	$(Q)rm -f $@ && ar rcs $@ $^

$(B)/fuzz/fuzz_%: tests/fuzz/fuzz_%.c $(B)/fuzz/lib.a $(FUZZ_PART_OBJ) $(B)/fuzz/kernel.a
	$(call say,FUZZ,$<)
	$(Q)$(CLANG) $(filter-out -fsanitize=fuzzer-no-link%,$(FUZZ_FLAGS)) \
		-fsanitize=fuzzer,address,undefined -I. -Ikernel -Icapsules \
		-Iarch/host/include $(FUZZ_WRAP) $< $(FUZZ_PART_OBJ) $(B)/fuzz/kernel.a \
		$(B)/fuzz/lib.a $(ELF2TBF_LIBS) $(LIB_LIBS) $(FUZZ_LIBS) -o $@

# The fuzzer of system calls looks at what capsules ask the kernel and tickv,
# and compares what they compute with OpenSSL.
$(B)/fuzz/fuzz_syscalls: FUZZ_WRAP := \
	$(addprefix -Wl$(comma)--wrap=,upcall_schedule tickv_set tickv_invalidate)
$(B)/fuzz/fuzz_syscalls: FUZZ_LIBS := -lcrypto
$(B)/fuzz/fuzz_syscalls: $(wildcard tests/fuzz/syscalls/*.h)

-include $(shell find $(B) -name '*.d' 2>/dev/null)
