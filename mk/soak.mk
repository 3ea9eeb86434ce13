# SPDX-License-Identifier: MIT OR Apache-2.0
# Power cuts (tests/cut). `make test` tries a fixed sample, `make soak` all.

CUT_SRC := $(addprefix tests/cut/,boot.c cut.c judge.c mutants.c nor.c scenarios.c)

# Not sanitized: it is about time, and the unit tests are.
$(B)/cut/cut: $(CUT_SRC) $(wildcard tests/cut/*.h) \
		$(patsubst %.c,$(B)/host/%.o,$(UNIT_PART_tockloader-c)) \
		$(B)/host/gen/board_table.o $(B)/host/lib.a
	$(call say,TEST,tests/cut)
	$(Q)mkdir -p $(@D)
	$(Q)$(HOST_CC) $(filter-out -MMD -MP,$(HOST_FLAGS)) $(HOST_LDFLAGS) \
		-Itockloader-c -Itests/cut $(filter-out %.h,$^) \
		$(TOCKLOADER_LIBS) $(LIB_LIBS) -o $@

$(B)/cut/killer.so: tests/cut/killer.c
	$(call say,TEST,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(HOST_CC) -std=c11 $(WARN) -Wno-pedantic -D_GNU_SOURCE -O1 -fPIC -shared \
		$< -o $@ -ldl

unit-tests: $(B)/cut/cut $(B)/cut/killer.so

.PHONY: soak
soak: all $(B)/cut/cut $(B)/cut/killer.so ## long loops: every power cut, 700 kills, fuzzing
	B=$(B) $(PYTHON) tests/cut/cuts.py --all
	B=$(B) $(PYTHON) tests/cut/kill.py 500
	B=$(B) $(PYTHON) tests/qemu/storage.py 200
	B=$(B) $(PYTHON) tests/qemu/kv.py 200
	TICKV_CUT_SEED=$$(date +%s) TICKV_CUT_ROUNDS=40 $(B)/test/unit/lib/test_tickv_cut
	B=$(B) $(PYTHON) tests/qemu/hostile.py --all
	$(MAKE) fuzz

# The loader's fuzz target is linked with the loader, the others with elf2tbf:
# both have a layout.
$(B)/fuzz/tockloader.a: $(UNIT_PART_tockloader-c:%.c=$(B)/fuzz/%.o)
	$(Q)rm -f $@ && ar rcs $@ $^

$(B)/fuzz/fuzz_region: tests/fuzz/fuzz_region.c $(B)/fuzz/lib.a $(B)/fuzz/tockloader.a
	$(call say,FUZZ,$<)
	$(Q)$(CLANG) $(filter-out -fsanitize=fuzzer-no-link%,$(FUZZ_FLAGS)) \
		-fsanitize=fuzzer,address,undefined -I. -Itockloader-c $< \
		-Wl$(comma)--start-group $(B)/fuzz/tockloader.a $(B)/fuzz/lib.a \
		-Wl$(comma)--end-group $(LIB_LIBS) -o $@
