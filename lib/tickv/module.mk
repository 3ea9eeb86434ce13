# SPDX-License-Identifier: MIT OR Apache-2.0
TICKV_SRC := $(addprefix lib/tickv/,siphash.c format.c write.c store.c reclaim.c)
LIB_SRC += $(TICKV_SRC)
LIB_TARGET_SRC += $(TICKV_SRC)
