# SPDX-License-Identifier: MIT OR Apache-2.0
BOARDS += mps2_an386

mps2_an386_CROSS := $(ARM)
mps2_an386_CPU := -mcpu=cortex-m4 -DPLACE_ONLY=PLACE_ARMV7M $(MPS2_CPU)
mps2_an386_INC := $(MPS2_INC) -Iarch/cortex-m/v7m/include
mps2_an386_SRC := $(MPS2_SRC) arch/cortex-m/v7m/variant.c chips/mps2/map/an386.c
mps2_an386_LD := boards/mps2/layout.ld
