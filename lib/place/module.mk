# SPDX-License-Identifier: MIT OR Apache-2.0
PLACE_SRC := $(addprefix lib/place/,place.c armv7m.c armv8m.c pmp.c)
LIB_SRC += $(PLACE_SRC)
LIB_TARGET_SRC += $(PLACE_SRC)
