/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* System calls: docs/abi.md. */

#include "arch/arch.h"
#include "kernel/process.h"

/* Does what the trapped process asks for and writes its return registers. */
void syscall_handle(struct process *p, const struct arch_trap *trap);

/* Class 5. Writes the answer to words and returns how many there are. */
uint32_t memop(struct process *p, uint32_t op, uint32_t arg, uint32_t words[2]);
