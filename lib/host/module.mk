# SPDX-License-Identifier: MIT OR Apache-2.0
LIB_SRC += lib/host/alloc.c lib/host/cli.c lib/host/completion.c lib/host/err.c \
	lib/host/file.c \
	lib/host/interrupt.c lib/host/json.c lib/host/notes.c lib/host/text.c \
	lib/host/toml.c lib/host/ui.c lib/host/utf8.c
