# SPDX-License-Identifier: MIT OR Apache-2.0
BOARDS += mps2_an511

mps2_an511_CROSS := $(ARM)
mps2_an511_CPU := -mcpu=cortex-m3 -DPLACE_ONLY=PLACE_ARMV7M $(MPS2_CPU)
mps2_an511_INC := $(MPS2_INC) -Iarch/cortex-m/v7m/include
mps2_an511_SRC := $(MPS2_SRC) arch/cortex-m/v7m/variant.c chips/mps2/map/an511.c
mps2_an511_LD := boards/mps2/layout.ld
