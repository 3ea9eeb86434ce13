/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "load.h"

#include "abi/abi.h"
#include "base/bits.h"
#include "kernel/debug.h"
#include "lifecycle.h"
#include "memory.h"
#include "state.h"
#include "tbf/tbf.h"
#include "tbf/text.h"

/*
 * Two walks. Apps linked for one RAM address come first, because they can be
 * nowhere else; the others then take what is left. Everything that is not
 * started is reported in the second.
 */

/* The name, for "%.*s". */
#define LABEL_ARGS(header)                                                    \
    (header)->name_len == 0 ? (int)sizeof(no_name) : (int)(header)->name_len, \
        (header)->name_len == 0 ? no_name : (header)->name

static const char no_name[] = "unnamed app";

static void report(const struct tbf_header *header, uint32_t addr,
                   const char *reason)
{
    debug_line("%.*s: not started: %s (at %x)", LABEL_ARGS(header), reason,
               (unsigned)addr);
}

static void report_started(const struct process *p,
                           const struct tbf_header *header)
{
    debug_line("%.*s: started at %x, RAM %x to %x", LABEL_ARGS(header),
               (unsigned)p->flash_start, (unsigned)p->ram.start,
               (unsigned)(p->ram.start + p->ram.size));
}

static struct process *free_slot(void)
{
    for (uint32_t i = 0; i < kernel.config->process_count; i++) {
        struct process *p = &kernel.config->processes[i];

        if (p->state == PROCESS_EMPTY) {
            *p = (struct process){.slot = (uint8_t)i};
            return p;
        }
    }
    return NULL;
}

static void describe(struct process *p, const struct tbf_header *header,
                     uint32_t addr)
{
    p->flash_start = addr;
    p->flash_size = header->total_size;
    p->protected_size = header->protected_size;
}

/* Null if it runs now, else why not. */
static const char *start(struct process *p, const struct tbf_header *header,
                         uint32_t addr)
{
    if (!place_flash_fits(ARCH_PLACE_KIND, addr, header->total_size))
        return "the hardware cannot protect flash of this size here";
    if (p == NULL)
        return "no process slot is free";
    describe(p, header, addr);
    switch (process_place(p, header->minimum_ram, header->fixed_ram)) {
    case PLACE_OK:
        break;
    case PLACE_NO_ROOM:
        return "not enough free RAM";
    case PLACE_NOT_THERE:
        return "the RAM it is linked for is not free";
    }
    if (!process_begin(p, addr + header->init_offset)) {
        p->ram = (struct place_block){0};
        return "the hardware cannot protect its memory";
    }
    report_started(p, header);
    return NULL;
}

static bool is_fixed(const struct tbf_header *header)
{
    return header->fixed_ram != TBF_NOT_FIXED;
}

static void load(const struct tbf_object *object, uint32_t addr)
{
    const char *reason = start(free_slot(), &object->header, addr);

    if (reason != NULL)
        report(&object->header, addr, reason);
}

/* True for an app that may run here; reports the others if asked to. */
static bool is_runnable(const struct tbf_object *object, uint32_t addr,
                        bool reports)
{
    enum tbf_status status = object->status;

    if (status == TBF_OK)
        status = tbf_runnable(&object->header, addr, TOCK_KERNEL_MAJOR,
                              TOCK_KERNEL_MINOR);
    if (reports && status != TBF_OK && status != TBF_PADDING)
        report(&object->header, addr, tbf_status_text(status));
    return status == TBF_OK;
}

static void walk(bool wants_fixed)
{
    const struct kernel_area *area = &kernel.config->app_flash;
    struct tbf_walk walk =
        tbf_walk_start(arch_bytes(area->start, area->size), area->size);
    struct tbf_object object;

    while (tbf_walk_next(&walk, &object)) {
        uint32_t addr = area->start + object.offset;

        if (is_runnable(&object, addr, !wants_fixed) &&
            is_fixed(&object.header) == wants_fixed)
            load(&object, addr);
    }
    if (!wants_fixed && walk.end != TBF_END)
        debug_line("App list ends at %x: %s",
                   (unsigned)(area->start + walk.offset),
                   tbf_status_text(walk.end));
}

void load_apps(void)
{
    walk(true);
    walk(false);
}
