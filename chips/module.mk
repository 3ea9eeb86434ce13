# SPDX-License-Identifier: MIT OR Apache-2.0
# Boards name the chip sources they link (boards/*/board.mk). Unit tests
# include single drivers and run them over register blocks in memory.
UNIT_FLAGS_kernel += $(patsubst %,-I%,$(wildcard chips/*/include))

# The slice timer: two calls in each switch of processes.
FLAGS_chips += $(if $(filter chips/%/clint,$*),-O2)
