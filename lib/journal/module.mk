# SPDX-License-Identifier: MIT OR Apache-2.0
JOURNAL_SRC := lib/journal/journal.c
LIB_SRC += $(JOURNAL_SRC)
LIB_TARGET_SRC += $(JOURNAL_SRC)
