# SPDX-License-Identifier: MIT OR Apache-2.0
BOARDS += mps2_an385

mps2_an385_CROSS := $(ARM)
mps2_an385_CPU := -mcpu=cortex-m3 -DPLACE_ONLY=PLACE_ARMV7M $(MPS2_CPU)
mps2_an385_INC := $(MPS2_INC) -Iarch/cortex-m/v7m/include
mps2_an385_SRC := $(MPS2_SRC) arch/cortex-m/v7m/variant.c chips/mps2/map/an386.c
mps2_an385_LD := boards/mps2/layout.ld
