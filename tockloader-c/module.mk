# SPDX-License-Identifier: MIT OR Apache-2.0
TOCKLOADER_SRC += $(addprefix tockloader-c/,main.c boards.c region.c image.c bundle.c \
	request.c layout.c layout_gaps.c layout_ram.c layout_why.c \
	layout_compact.c layout_append.c \
	plan.c plan_ops.c plan_append.c change.c apply.c pending.c session.c survey.c \
	report.c document.c describe.c check.c backup.c apps.c confirm.c \
	rewrite.c saved.c \
	cmd_backup.c cmd_boards.c cmd_erase.c cmd_flags.c cmd_flash.c cmd_install.c cmd_list.c \
	cmd_map.c cmd_plan.c cmd_recover.c cmd_restore.c cmd_tidy.c cmd_uninstall.c cmd_verify.c \
	cmd_completion.c cmd_tab.c cmd_tbf.c tabs.c tbf_action.c \
	link/file.c)
FLAGS_tockloader-c += -Itockloader-c
