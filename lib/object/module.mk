# SPDX-License-Identifier: MIT OR Apache-2.0
LIB_SRC += $(addprefix lib/object/,batch.c binary.c change.c describe.c \
	file.c json.c verify.c)
