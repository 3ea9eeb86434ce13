# SPDX-License-Identifier: MIT OR Apache-2.0
BOARDS += mps2_an500

mps2_an500_CROSS := $(ARM)
mps2_an500_CPU := -mcpu=cortex-m7 -DPLACE_ONLY=PLACE_ARMV7M $(MPS2_CPU)
mps2_an500_INC := $(MPS2_INC) -Iarch/cortex-m/v7m/include
mps2_an500_SRC := $(MPS2_SRC) arch/cortex-m/v7m/variant.c chips/mps2/map/an386.c
mps2_an500_LD := boards/mps2/layout.ld
