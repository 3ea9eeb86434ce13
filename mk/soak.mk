# SPDX-License-Identifier: MIT OR Apache-2.0
# Power cuts (tests/cut). `make test` tries a fixed sample, `make soak` all.

CUT_SRC := tests/cut/cut.c tests/cut/judge.c tests/cut/nor.c

$(B)/cut/cut: $(CUT_SRC) $(wildcard tests/cut/*.h) $(B)/test/part-tockloader-c.a \
		$(B)/test/lib.a
	$(call say,TEST,tests/cut)
	$(Q)mkdir -p $(@D)
	$(Q)$(HOST_CC) $(filter-out -MMD -MP,$(TEST_FLAGS)) $(TEST_LDFLAGS) \
		-Itockloader-c -Itests/cut $(CUT_SRC) \
		-Wl$(comma)--start-group $(B)/test/part-tockloader-c.a $(B)/test/lib.a \
		-Wl$(comma)--end-group $(TOCKLOADER_LIBS) \
		$(filter-out %-Bstatic %-Bdynamic,$(LIB_LIBS)) -o $@

$(B)/cut/killer.so: tests/cut/killer.c
	$(call say,TEST,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(HOST_CC) -std=c11 $(WARN) -Wno-pedantic -D_GNU_SOURCE -O1 -fPIC -shared \
		$< -o $@ -ldl

unit-tests: $(B)/cut/cut $(B)/cut/killer.so

.PHONY: soak
soak: all $(B)/cut/cut $(B)/cut/killer.so ## long loops: every power cut, 500 kills, fuzzing
	B=$(B) $(PYTHON) tests/cut/cuts.py --all
	B=$(B) $(PYTHON) tests/cut/kill.py 500
	$(MAKE) fuzz
