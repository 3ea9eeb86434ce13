/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "load.h"

#include "abi/abi.h"
#include "base/bits.h"
#include "identity.h"
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

/* The name, or its beginning, for "%.*s". */
#define LABEL_ARGS(header) \
    label_len(header), (header)->name_len == 0 ? no_name : (header)->name

static const char no_name[] = "unnamed app";

static int label_len(const struct tbf_header *header)
{
    uint32_t len = header->name_len == 0 ? sizeof(no_name) : header->name_len;

    return (int)(len < TBF_RUN_NAME_MAX ? len : TBF_RUN_NAME_MAX);
}

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
    p->is_filtered =
        kernel.config->uses_permissions && header->permissions != NULL;
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

/* Of two apps with the same id, is a to run and not b? */
static bool wins(const struct tbf_header *a, const struct tbf_header *b)
{
    return a->version > b->version ||
           (a->version == b->version && a->bytes < b->bytes);
}

static struct tbf_walk walk_flash(void)
{
    const struct kernel_area *area = &kernel.config->app_flash;

    return tbf_walk_start(arch_bytes(area->start, area->size), area->size);
}

static enum tbf_status runnable(const struct tbf_object *object, uint32_t addr)
{
    if (object->status != TBF_OK)
        return object->status;
    return tbf_runnable(&object->header, addr, TOCK_KERNEL_MAJOR,
                        TOCK_KERNEL_MINOR);
}

/* Is there a better one in flash with the same id? */
static bool is_superseded(const struct tbf_header *header)
{
    uint32_t id = identity_short_id(header);
    struct tbf_walk walk = walk_flash();
    struct tbf_object other;

    while (id != 0 && tbf_walk_next(&walk, &other)) {
        uint32_t addr = kernel.config->app_flash.start + other.offset;

        if (runnable(&other, addr) == TBF_OK &&
            identity_short_id(&other.header) == id &&
            wins(&other.header, header))
            return true;
    }
    return false;
}

static bool load(const struct tbf_header *header, uint32_t addr)
{
    const char *reason = "another one has its id and is newer, or comes first";

    if (!is_superseded(header))
        reason = start(free_slot(), header, addr);
    if (reason != NULL)
        report(header, addr, reason);
    return reason == NULL;
}

static void walk(bool wants_fixed)
{
    uint32_t flash_start = kernel.config->app_flash.start;
    struct tbf_walk walk = walk_flash();
    struct tbf_object object;

    while (tbf_walk_next(&walk, &object)) {
        const struct tbf_header *header = &object.header;
        uint32_t addr = flash_start + object.offset;
        enum tbf_status status = runnable(&object, addr);

        if (status == TBF_OK && is_fixed(header) == wants_fixed)
            load(header, addr);
        else if (status != TBF_OK && status != TBF_PADDING && !wants_fixed)
            report(header, addr, tbf_status_text(status));
    }
    if (!wants_fixed && walk.end != TBF_END)
        debug_line("App list ends at %x: %s",
                   (unsigned)(flash_start + walk.offset),
                   tbf_status_text(walk.end));
}

void load_apps(void)
{
    walk(true);
    walk(false);
}

/* Runs already, or would be a second one with its id? */
static bool is_loaded(const struct tbf_header *header, uint32_t addr)
{
    uint32_t id = identity_short_id(header);

    for (uint32_t i = 0; i < kernel.config->process_count; i++) {
        const struct process *p = &kernel.config->processes[i];
        struct tbf_header other;

        if (p->state == PROCESS_EMPTY)
            continue;
        if (p->flash_start == addr || (id != 0 && process_header(p, &other) &&
                                       identity_short_id(&other) == id))
            return true;
    }
    return false;
}

bool load_app(uint32_t addr)
{
    const struct kernel_area *area = &kernel.config->app_flash;
    uint32_t off = addr - area->start;
    struct tbf_object object = {0};

    if (off >= area->size)
        return false;
    object.status = tbf_parse(arch_bytes(addr, area->size - off),
                              area->size - off, &object.header);

    enum tbf_status status = runnable(&object, addr);

    if (status == TBF_OK && !is_loaded(&object.header, addr))
        return load(&object.header, addr);
    report(&object.header, addr,
           status == TBF_OK ? "it, or another one with its id, is loaded"
                            : tbf_status_text(status));
    return false;
}
