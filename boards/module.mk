# SPDX-License-Identifier: MIT OR Apache-2.0
# The MPS2 boards share their sources and linker script (boards/mps2); each
# adds its processor, the port's variant and the map of its peripherals.
# Soft float: the kernel leaves the FPU off.
MPS2_CPU := -mthumb -mfloat-abi=soft
MPS2_INC := -Iboards -Iarch/cortex-m/include -Ichips/mps2/include \
	-Ichips/memory/include
MPS2_SRC := $(wildcard arch/cortex-m/*.[cS] chips/mps2/*.c chips/memory/*.c \
	boards/mps2/*.c boards/qemu/*.c)

FLAGS_boards += -DPROJECT_VERSION='"$(VERSION)"'
