# lib/base/mem.c is only for kernels and apps (mk/rules.mk); hosts have libc.
