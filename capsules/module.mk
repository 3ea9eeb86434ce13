# SPDX-License-Identifier: MIT OR Apache-2.0
CAPSULE_SRC += $(sort $(wildcard capsules/*/*.c))
