# SPDX-License-Identifier: MIT OR Apache-2.0
SHA2_SRC := $(addprefix lib/sha2/,sha2.c hmac.c)
LIB_SRC += $(SHA2_SRC)
LIB_TARGET_SRC += $(SHA2_SRC)
