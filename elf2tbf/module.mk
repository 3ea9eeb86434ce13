# SPDX-License-Identifier: MIT OR Apache-2.0
ELF2TBF_SRC += $(addprefix elf2tbf/,main.c attributes.c cmdline.c convert.c \
	elf.c emit.c footers.c layout.c lint.c outputs.c report.c segments.c)
ELF2TBF_LIBS += -lelf
