/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* System calls: docs/abi.md. */

#include "arch/arch.h"
#include "kernel/process.h"

/* Do what the process asks for and write its return registers: Commands, and
 * the calls of all other classes. */
void syscall_command(struct process *p);
void syscall_handle(struct process *p, uint32_t class);

/* Class 5. Writes the answer to words and returns how many there are. */
uint32_t memop(struct process *p, uint32_t op, uint32_t arg, uint32_t words[2]);
