# SPDX-License-Identifier: MIT OR Apache-2.0
ELF2TBF_SRC += $(addprefix elf2tbf/,main.c attributes.c cmdline.c convert.c \
	elf.c emit.c footers.c layout.c lint.c outputs.c report.c segments.c)
# Commands for objects that exist already.
ELF2TBF_SRC += $(addprefix elf2tbf/,subcommand.c editing.c cmd_bundle.c \
	cmd_completion.c cmd_extract.c cmd_inspect.c cmd_set.c cmd_sign.c \
	cmd_verify.c)
ELF2TBF_LIBS += -lelf
