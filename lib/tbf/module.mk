# SPDX-License-Identifier: MIT OR Apache-2.0
TBF_SRC := $(addprefix lib/tbf/,parse.c permission.c walk.c footer.c \
	build.c text.c)
LIB_SRC += $(TBF_SRC)
LIB_TARGET_SRC += $(TBF_SRC)
