# SPDX-License-Identifier: MIT OR Apache-2.0
# The port that the kernel's unit tests run on.
HOST_PORT_SRC += arch/host/port.c arch/host/devices.c

# Entry and exit of processes.
FLAGS_arch += $(if $(filter arch/%/port arch/%/pmp arch/%/mpu arch/%/variant arch/%/systick,$*),-O2)
