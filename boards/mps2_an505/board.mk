# SPDX-License-Identifier: MIT OR Apache-2.0
BOARDS += mps2_an505

mps2_an505_CROSS := $(ARM)
mps2_an505_CPU := -mcpu=cortex-m33 -DPLACE_ONLY=PLACE_ARMV8M $(MPS2_CPU)
mps2_an505_INC := $(MPS2_INC) -Iarch/cortex-m/v8m/include
mps2_an505_SRC := $(MPS2_SRC) arch/cortex-m/v8m/variant.c chips/mps2/map/an505.c
mps2_an505_LD := boards/mps2/layout.ld
