/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "fault.h"

#include "kernel/debug.h"
#include "lifecycle.h"
#include "report.h"
#include "state.h"

static void explain(const struct process *p, enum process_fault_reason reason)
{
    switch (reason) {
    case PROCESS_FAULT_HARDWARE:
        break;
    case PROCESS_FAULT_CLASS:
        debug_line(" System call class %u does not exist",
                   (unsigned)p->last_class);
        break;
    case PROCESS_FAULT_STACK:
        debug_line(" No room on its stack for an upcall or an answer");
        break;
    }
}

static void stop(struct process *p, struct span name)
{
    process_end(p, PROCESS_FAULTED);
    debug_line("Process %.*s faulted and was stopped.", TEXT_ARGS(name));
}

static void restart(struct process *p, struct span name)
{
    debug_line("Process %.*s faulted and will be restarted.", TEXT_ARGS(name));
    process_restart(p);
}

void process_fault(struct process *p, enum process_fault_reason reason)
{
    const struct kernel_config *config = kernel.config;
    struct span name = process_name(p);

    p->state = PROCESS_FAULTED;
    process_note_completion(p, PROCESS_KILLED, 0);
    debug_line("Process %.*s had a fault", TEXT_ARGS(name));
    explain(p, reason);
    if (config->fault_policy == KERNEL_FAULT_PANIC)
        kernel_panic("fault policy is panic", __FILE__, __LINE__);
    report_process(p);
    report_registers(p);
    if (config->fault_policy == KERNEL_FAULT_RESTART &&
        p->restart_count < config->fault_restarts)
        restart(p, name);
    else
        stop(p, name);
}
