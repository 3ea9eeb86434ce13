# SPDX-License-Identifier: MIT OR Apache-2.0
AES_SRC := $(addprefix lib/aes/,aes.c modes.c ccm.c)
LIB_SRC += $(AES_SRC)
LIB_TARGET_SRC += $(AES_SRC)
