# SPDX-License-Identifier: MIT OR Apache-2.0
KERNEL_SRC += $(sort $(wildcard kernel/*.c))

# The path of every system call: here speed is worth the size.
KERNEL_FAST := kernel/share kernel/loop kernel/syscall kernel/grant kernel/memory \
	kernel/sched_rr kernel/upcall kernel/queue
FLAGS_kernel += $(if $(filter $(KERNEL_FAST),$*),-O2)
