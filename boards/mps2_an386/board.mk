# SPDX-License-Identifier: MIT OR Apache-2.0
BOARDS += mps2_an386

mps2_an386_CROSS := $(ARM)
# Soft float: the kernel leaves the FPU off.
mps2_an386_CPU := -mcpu=cortex-m4 -mthumb -mfloat-abi=soft
mps2_an386_INC := -Iarch/cortex-m/include -Ichips/mps2/include
mps2_an386_SRC := $(wildcard arch/cortex-m/*.c arch/cortex-m/*.S) \
	$(wildcard chips/mps2/*.c) boards/mps2_an386/main.c
