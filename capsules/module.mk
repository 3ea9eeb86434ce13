# SPDX-License-Identifier: MIT OR Apache-2.0
CAPSULE_SRC += $(sort $(wildcard capsules/*/*.c))

# What two processes tell each other costs each of them.
FLAGS_capsules += $(if $(filter capsules/extra/ipc,$*),-O2)

# In the shipped image an array subscript out of bounds traps: the kernel's
# exception handler then prints what happened. The guard poisons words that
# the host's own headers use.
FLAGS_capsules += $(if $(findstring /boards/,$@),-include capsules/guard.h \
	-fsanitize=bounds-strict -fsanitize-undefined-trap-on-error)
