# SPDX-License-Identifier: MIT OR Apache-2.0
LIB_SRC += $(addprefix lib/sign/,command.c crypto.c key.c sign.c)
