# SPDX-License-Identifier: MIT OR Apache-2.0
# The only makefile that is run. Everything is written below $(B).

B ?= build
.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:
MAKEFLAGS += --no-builtin-rules

.PHONY: all
all: ## both tools, all board kernels, all sample apps
VERSION := $(shell cat VERSION)

include mk/flags.mk
include $(sort $(wildcard lib/*/module.mk */module.mk))
include $(sort $(wildcard boards/*/board.mk))
include mk/rules.mk
include mk/apps.mk
include mk/check.mk
include mk/bench.mk
include mk/soak.mk

all: $(B)/bin/elf2tbf $(B)/bin/tockloader-c $(KERNELS) $(APP_TABS)

.PHONY: deps
deps: ## install the Debian packages that are missing
	@mk/deps test

.PHONY: demo
demo: ## the main job in QEMU: build, install, boot, update, boot again
	@mk/deps demo
	@$(MAKE) --no-print-directory -j2 all
	@B=$(B) tests/demo

.PHONY: test
test: ## all tests; T=word runs those whose name matches
	@mk/deps test
	@$(MAKE) --no-print-directory -j2 all unit-tests fuzz-targets
	@B=$(B) $(PYTHON) tests/run.py $(T)

.PHONY: unit-tests fuzz-targets
unit-tests: $(UNIT_BIN) $(B)/test/bin/elf2tbf $(B)/test/bin/tockloader-c
fuzz-targets: $(FUZZ_BIN)

FUZZ_SECONDS ?= 60
.PHONY: fuzz
fuzz: $(FUZZ_BIN) ## each fuzz target for FUZZ_SECONDS (60); T=word selects
	@for f in $(foreach f,$(FUZZ_BIN),$(if $(or $(if $(T),,all),$(findstring $(T),$(f))),$(f))); do \
		corpus=tests/fuzz/corpus/$${f##*/fuzz_}; mkdir -p $(B)/corpus/$${f##*/}; \
		echo "$$f"; $$f -max_total_time=$(FUZZ_SECONDS) -verbosity=0 -print_final_stats=1 \
			$(B)/corpus/$${f##*/} $$([ -d $$corpus ] && echo $$corpus) || exit 1; \
	done

BOARD ?= mps2_an386
APPS ?= hello ticker
.PHONY: run
run: all ## boot BOARD in QEMU with APPS ("hello ticker")
	@B=$(B) mk/run-board $(BOARD) $(APPS)

.PHONY: clean
clean: ## remove everything that was built
	rm -rf $(B)

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile mk/*.mk
