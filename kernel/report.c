/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "report.h"

#include "abi/abi.h"
#include "debug_text.h"
#include "kernel/debug.h"
#include "lifecycle.h"
#include "memory.h"
#include "queue.h"
#include "state.h"

static const char *const class_texts[] = {
    [TOCK_CLASS_YIELD] = "Yield",
    [TOCK_CLASS_SUBSCRIBE] = "Subscribe",
    [TOCK_CLASS_COMMAND] = "Command",
    [TOCK_CLASS_ALLOW_RW] = "ReadWriteAllow",
    [TOCK_CLASS_ALLOW_RO] = "ReadOnlyAllow",
    [TOCK_CLASS_MEMOP] = "Memop",
    [TOCK_CLASS_EXIT] = "Exit",
    [TOCK_CLASS_ALLOW_UR] = "UserspaceReadableAllow",
};

static const char *class_text(uint8_t class)
{
    if (class == PROCESS_NO_SYSCALL)
        return "None";
    return class < ARRAY_COUNT(class_texts) ? class_texts[class] : "Unknown";
}

struct span process_name(const struct process *p)
{
    struct tbf_header header;

    if (!process_header(p, &header) || header.name_len == 0)
        return (struct span){0};
    return span_part(process_flash(p),
                     (uint32_t)((const uint8_t *)header.name - header.bytes),
                     header.name_len);
}

static void report_completion(const struct process *p)
{
    switch (p->completion) {
    case PROCESS_EXITED:
        debug_line(" Completion Code: %u", (unsigned)p->completion_code);
        break;
    case PROCESS_KILLED:
        debug_line(" Completion Code: Faulted");
        break;
    default:
        debug_line(" Completion Code: None");
        break;
    }
}

static void report_memory(const struct process *p)
{
    debug_line(" Flash %x to %x, app start %x", (unsigned)p->flash_start,
               (unsigned)(p->flash_start + p->flash_size),
               (unsigned)(p->flash_start + p->protected_size));
    debug_line(" RAM %x to %x, break %x, grants from %x",
               (unsigned)p->ram.start, (unsigned)(p->ram.start + p->ram.size),
               (unsigned)p->bounds.app_break, (unsigned)p->kernel_break);
    if (p->stack_top != 0)
        debug_line(" Stack top %x, heap from %x", (unsigned)p->stack_top,
                   (unsigned)p->heap_start);
}

/* What it does, as people know it from Tock. */
static void report_activity(const struct process *p)
{
    struct upcall_id id = p->awaited;

    switch (process_activity(p)) {
    case PROCESS_RUNNING:
        debug_text("Running");
        break;
    case PROCESS_YIELDED:
        debug_text("Yielded");
        break;
    case PROCESS_YIELDED_FOR:
        if (upcall_id_equal(id, UPCALL_ID_NONE))
            debug_text("YieldedFor(no such upcall)");
        else
            debug_piece("YieldedFor(UpcallId { driver_num: %#x, "
                        "subscribe_num: %u })",
                        (unsigned)kernel.config->drivers[id.driver].number,
                        (unsigned)id.number);
        break;
    case PROCESS_FAULTED:
        debug_text("Faulted");
        break;
    case PROCESS_TERMINATED:
        debug_text("Terminated");
        break;
    case PROCESS_EMPTY:
        debug_text("Empty");
        break;
    }
}

void report_state(const struct process *p)
{
    bool is_stopped = (p->state & PROCESS_STOPPED) != 0;

    if (is_stopped)
        debug_text("Stopped(");
    report_activity(p);
    if (is_stopped)
        debug_text(")");
}

void report_process(const struct process *p)
{
    struct span name = process_name(p);

    /* "App" in mathematical bold, as people's scripts look for it. */
    debug_piece("\360\235\220\200\360\235\220\251\360\235\220\251: %.*s"
                "   -   [",
                TEXT_ARGS(name));
    report_state(p);
    debug_line("]");
    debug_line(" Events Queued: %u   Syscall Count: %u   "
               "Dropped Upcall Count: %u",
               (unsigned)p->upcalls.count, (unsigned)p->syscall_count,
               (unsigned)p->dropped_upcalls);
    debug_line(" Restart Count: %u", (unsigned)p->restart_count);
    debug_line(" Last Syscall: %s", class_text(p->last_class));
    report_completion(p);
    report_memory(p);
}

static void put(void *sink, const char *text)
{
    (void)sink;
    debug_text(text);
}

void report_registers(const struct process *p)
{
    arch_describe_fault(&p->context, &p->bounds, put, NULL);
}
