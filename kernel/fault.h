/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* What the kernel does about a process that broke a rule. */

#include "kernel/process.h"

/* Why; the hardware's part of it is told by arch_describe_fault. */
enum process_fault_reason {
    PROCESS_FAULT_HARDWARE, /* memory protection, illegal instruction...   */
    PROCESS_FAULT_CLASS,    /* a system call class that does not exist     */
    PROCESS_FAULT_STACK,    /* no room on its stack for a call or answer   */
    PROCESS_FAULT_REQUEST,  /* management wants to see what happens        */
};

/* Prints the dump, then follows the board's fault policy. */
void process_fault(struct process *p, enum process_fault_reason reason);
