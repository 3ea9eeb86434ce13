# SPDX-License-Identifier: MIT OR Apache-2.0
BOARDS += qemu_rv32_virt

qemu_rv32_virt_CROSS := $(RISCV)
# The 2.2 ISA spec has the CSR instructions in rv32i; newer names find no
# multilib in Debian's compiler. No small data: gp is the process's.
qemu_rv32_virt_CPU = -march=rv32imac -mabi=ilp32 -misa-spec=2.2 \
	-mcmodel=medany -msmall-data-limit=0 -DPLACE_ONLY=PLACE_PMP $(qemu_rv32_virt_SAVE)
# Functions share the code that saves registers, but where speed counts.
qemu_rv32_virt_SAVE = $(if $(findstring -O2,$(FLAGS_$(firstword $(subst /, ,$*)))),,-msave-restore)
qemu_rv32_virt_INC := -Iboards -Iarch/rv32i/include \
	-Ichips/qemu_rv32_virt/include -Ichips/virtio/include \
	-Ichips/memory/include
qemu_rv32_virt_SRC := $(wildcard arch/rv32i/*.[cS] chips/qemu_rv32_virt/*.[cS] \
	chips/virtio/*.c chips/memory/*.c boards/qemu_rv32_virt/*.c boards/qemu/*.c)
