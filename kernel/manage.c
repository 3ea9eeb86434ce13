/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capsule/manage.h"

#include "capsule/self.h"
#include "fault.h"
#include "grant.h"
#include "identity.h"
#include "lifecycle.h"
#include "load.h"
#include "memory.h"
#include "report.h"
#include "share.h"
#include "state.h"

/* In capsule/manage.h's order of states, and for a stopped one. */
static enum process_status status(const struct process *p)
{
    static const uint8_t statuses[] = {
        [PROCESS_RUNNING] = PROCESS_STATUS_RUNNING,
        [PROCESS_YIELDED] = PROCESS_STATUS_YIELDED,
        [PROCESS_YIELDED_FOR] = PROCESS_STATUS_YIELDED_FOR,
        [PROCESS_FAULTED] = PROCESS_STATUS_FAULTED,
        [PROCESS_TERMINATED] = PROCESS_STATUS_TERMINATED,
    };

    if (p->state & PROCESS_STOPPED)
        return PROCESS_STATUS_STOPPED;
    return (enum process_status)statuses[p->state];
}

/* A capsule cannot make a capability, but its struct may be zeroed: then the
 * board gave it none, and it is a bug that it calls. */
static void demand(const struct capability_manage *capability)
{
    kernel_assert(capability != NULL);
}

uint32_t manage_slots(const struct capability_manage *capability)
{
    demand(capability);
    return kernel.config->process_count;
}

struct process *manage_process(const struct capability_manage *capability,
                               uint32_t slot)
{
    demand(capability);
    return process_in_slot(slot);
}

void manage_info(const struct capability_manage *capability,
                 const struct process *process, struct process_info *out)
{
    struct tbf_header header;
    bool has_header;

    demand(capability);
    has_header = process_header(process, &header);
    *out = (struct process_info){
        .ref = process_ref(process),
        .short_id = has_header ? identity_short_id(&header) : 0,
        .version = has_header ? header.version : 0,
        .name = process_name(process),
        .status = status(process),
        .expired_slices = process->expired_slices,
        .syscalls = process->syscall_count,
        .restarts = process->restart_count,
        .dropped_upcalls = process->dropped_upcalls,
        .grants_used = grant_count_used(process),
        .grants_total = kernel.grant_count,
    };
}

static void terminate(struct process *p)
{
    if (process_is_alive(p))
        process_end(p, PROCESS_TERMINATED);
    else if (p->state == PROCESS_FAULTED)
        p->state = PROCESS_TERMINATED;
    else
        return;
    process_note_completion(p, PROCESS_KILLED, 0);
}

static void act(struct process *p, enum process_action action)
{
    switch (action) {
    case PROCESS_ACTION_RESUME:
        p->state &= (uint8_t)~PROCESS_STOPPED;
        break;
    case PROCESS_ACTION_STOP:
        if (process_is_alive(p))
            p->state |= PROCESS_STOPPED;
        break;
    case PROCESS_ACTION_FAULT:
        if (process_is_alive(p))
            process_fault(p, PROCESS_FAULT_REQUEST);
        break;
    case PROCESS_ACTION_TERMINATE:
        terminate(p);
        break;
    case PROCESS_ACTION_BOOT:
        if (p->state == PROCESS_TERMINATED)
            process_boot(p);
        break;
    }
}

static void act_on_all(struct deferred *requests)
{
    (void)requests;
    for (uint32_t i = 0; i < kernel.config->process_count; i++) {
        struct process *p = &kernel.config->processes[i];
        enum process_action action = (enum process_action)p->request;

        p->request = 0;
        act(p, action);
    }
}

void manage_request(const struct capability_manage *capability,
                    struct process *process, enum process_action action)
{
    demand(capability);
    process->request = (uint8_t)(action & 7);
    kernel.requests.run = act_on_all;
    deferred_set(&kernel.requests);
}

void manage_unload(const struct capability_manage *capability,
                   struct process *process)
{
    demand(capability);
    if (process_is_alive(process))
        process_end(process, PROCESS_TERMINATED);
    share_end(process);
    *process = (struct process){.slot = process->slot};
}

bool manage_load(const struct capability_manage *capability, uint32_t addr)
{
    demand(capability);
    return load_app(addr);
}

void manage_put_state(const struct capability_manage *capability,
                      const struct process *process, struct print_sink *to)
{
    demand(capability);
    report_state(process, to);
}

bool manage_put_process_line(const struct capability_manage *capability,
                             const struct process *process, uint32_t line,
                             struct print_sink *to)
{
    demand(capability);
    return report_line(process, line, to);
}

bool manage_put_kernel_line(const struct capability_manage *capability,
                            uint32_t line, struct print_sink *to)
{
    demand(capability);
    return report_kernel_line(line, to);
}

void manage_panic(const struct capability_manage *capability, const char *text)
{
    demand(capability);
    kernel_panic(text, __FILE__, __LINE__);
}
