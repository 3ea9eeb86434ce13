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
    case PROCESS_FAULT_REQUEST:
        debug_line(" On request");
        break;
    }
}

static bool may_restart(const struct process *p)
{
    const struct kernel_config *config = kernel.config;

    switch (config->fault_policy) {
    case KERNEL_FAULT_RESTART:
        return true;
    case KERNEL_FAULT_RESTART_STOP:
    case KERNEL_FAULT_RESTART_PANIC:
        return p->restart_count <= config->fault_restarts;
    default:
        return false;
    }
}

static bool must_panic(void)
{
    enum kernel_fault_policy policy = kernel.config->fault_policy;

    return policy == KERNEL_FAULT_PANIC || policy == KERNEL_FAULT_RESTART_PANIC;
}

/* Nobody can excuse a process that has no stack to go on with. */
static bool is_excused(struct process *p)
{
    return kernel.config->fault_hook != NULL &&
           arch_fits(&p->context, &p->bounds) && kernel.config->fault_hook(p);
}

void process_fault(struct process *p, enum process_fault_reason reason)
{
    struct span name = process_name(p);

    if (is_excused(p))
        return;
    p->state = PROCESS_FAULTED;
    process_note_completion(p, PROCESS_KILLED, 0);
    debug_line("Process %.*s had a fault", TEXT_ARGS(name));
    explain(p, reason);
    if (!may_restart(p) && must_panic())
        kernel_panic("fault policy is panic", __FILE__, __LINE__);
    if (kernel.config->dump != NULL)
        kernel.config->dump(p);
    if (may_restart(p)) {
        debug_line("Process %.*s faulted and will be restarted.",
                   TEXT_ARGS(name));
        process_restart(p);
    } else {
        process_end(p, PROCESS_FAULTED);
        debug_line("Process %.*s faulted and was stopped.", TEXT_ARGS(name));
    }
}
