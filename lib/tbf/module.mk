# SPDX-License-Identifier: MIT OR Apache-2.0
TBF_SRC := $(addprefix lib/tbf/,parse.c permission.c walk.c footer.c \
	build.c text.c)
# Only tools show and change headers, entry by entry or bit by bit.
LIB_SRC += $(TBF_SRC) lib/tbf/clear.c lib/tbf/edit.c lib/tbf/entry.c
LIB_TARGET_SRC += $(TBF_SRC)
