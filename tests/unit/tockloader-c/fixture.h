/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Two small boards, flash with apps on it, and the judge of every layout:
 * check_plan carries a plan out on a copy and looks at the result with
 * nothing but lib/tbf's walk and lib/place.
 */

#include "plan.h"
#include "tbf/build.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REGION_SIZE = 0x10000, PAGE_SIZE = 0x1000, MAX_IMAGES = 8 };

#define ARM_START 0x21100000u
#define RV_START  0x80100000u
#define RV_RAM    0x80300000u

static const struct board arm_board = {
    .name = "arm",
    .architectures = {"cortex-m4", "cortex-m3"},
    .place = PLACE_ARMV7M,
    .page_size = PAGE_SIZE,
    .flash = {0x21000000, 0x200000},
    .kernel = {0x21000000, 0x10000},
    .apps = {ARM_START, REGION_SIZE},
    .app_ram = {0x20010000, 0x40000},
};

static const struct board rv_board = {
    .name = "rv",
    .architectures = {"rv32imac"},
    .place = PLACE_PMP,
    .page_size = PAGE_SIZE,
    .flash = {0x80000000, 0x200000},
    .kernel = {0x80000000, 0x10000},
    .apps = {RV_START, REGION_SIZE},
    .app_ram = {RV_RAM, 0x10000},
};

struct flash {
    const struct board *board;
    uint8_t bytes[REGION_SIZE];
    uint32_t end; /* offset where the next object is put */
};

struct app {
    const char *name;
    uint32_t size;
    uint32_t version;
    uint32_t flags; /* 0: enabled */
    uint32_t fixed_flash;
    uint32_t fixed_ram; /* only with fixed_flash */
    uint32_t minimum_ram;
};

#define APP(n, s)      (&(struct app){.name = (n), .size = (s)})
#define APP_V(n, s, v) (&(struct app){.name = (n), .size = (s), .version = (v)})

enum { FIXED_HEADER = 0x80 };

/* Writes the object into buf; the payload depends on name and version. */
static inline void build_app(const struct app *app, uint8_t *buf)
{
    struct tbf_spec spec = {
        .flags = app->flags != 0 ? app->flags : TBF_FLAG_ENABLED,
        .total_size = app->size,
        .minimum_ram = app->minimum_ram != 0 ? app->minimum_ram : 2048,
        .binary_end = app->size,
        .version = app->version,
        .name = app->name,
        .name_len = (uint16_t)strlen(app->name),
        .has_kernel_version = true,
        .kernel_major = 2,
        .has_fixed_addresses = app->fixed_flash != 0,
        .fixed_ram = app->fixed_ram,
        .fixed_flash = app->fixed_flash,
    };
    uint32_t header = tbf_header_size(&spec);

    if (spec.has_fixed_addresses)
        spec.protected_size = FIXED_HEADER;
    else
        spec.protected_size = header;
    spec.init_offset = spec.protected_size;
    for (uint32_t i = 0; i < app->size; i++)
        buf[i] = (uint8_t)(i * 7 + app->version * 31 + (uint32_t)app->name[0]);
    cr_assert(tbf_build_header(&spec, buf, app->size));
}

static inline struct image make_image(const struct app *app)
{
    struct err e = {0};
    struct image image;
    uint8_t *bytes = malloc(app->size);

    build_app(app, bytes);
    cr_assert(zero(int, image_check(app->name, bytes, app->size, &image, &e)),
              "%s", e.text);
    return image;
}

static inline void free_image(struct image *image)
{
    free((void *)(uintptr_t)image->bytes);
}

static inline void blank_flash(struct flash *flash, const struct board *board)
{
    flash->board = board;
    flash->end = 0;
    memset(flash->bytes, 0xff, sizeof flash->bytes);
}

static inline void put_app(struct flash *flash, const struct app *app)
{
    build_app(app, flash->bytes + flash->end);
    flash->end += app->size;
}

static inline void put_padding(struct flash *flash, uint32_t size)
{
    tbf_build_padding(flash->bytes + flash->end, size);
    flash->end += size;
}

/* Carries out the operations as flash would: programming only clears bits. */
static inline void run_ops(const struct plan *plan, uint8_t *bytes)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_op *op = &plan->ops[i];
        uint32_t off = op->addr - plan->start;

        for (uint32_t k = off; k < off + op->len; k++)
            if (op->kind == PLAN_ERASE)
                bytes[k] = 0xff;
            else if (op->kind == PLAN_PROGRAM)
                bytes[k] &= plan->want[k];
            else if (op->kind == PLAN_CLEAR)
                bytes[k] &= op->mask;
    }
}

/* Every object that was to stay stands there as before. */
static inline void check_kept(const struct region *before,
                              const struct layout_request *request,
                              const struct region *after)
{
    for (size_t i = 0; i < before->count; i++) {
        const struct region_object *old = &before->objects[i];
        bool is_there = false;

        if (region_is_padding(old) ||
            (request->is_removed != NULL && request->is_removed[i]))
            continue;
        for (size_t k = 0; k < after->count; k++)
            is_there |= after->objects[k].address == old->address &&
                        after->objects[k].size == old->size;
        cr_expect(is_there, "object at %08x is gone from the list",
                  old->address);
        cr_expect(zero(int, memcmp(region_bytes_of(before, old),
                                   region_bytes_of(after, old), old->size)),
                  "object at %08x was changed", old->address);
    }
}

/* Every new app is in the list, whole, and the hardware can map it. */
static inline void check_new(const struct layout *layout,
                             const struct layout_request *request,
                             const struct region *after)
{
    const struct board *board = after->board;

    for (size_t w = 0; w < request->wish_count; w++) {
        const struct layout_item *item =
            layout_item_of(layout, &request->wishes[w]);
        const struct region_object *found = NULL;

        cr_assert(ne(ptr, (void *)(uintptr_t)item, NULL));
        for (size_t k = 0; k < after->count; k++)
            if (after->objects[k].address == item->start)
                found = &after->objects[k];
        cr_assert(ne(ptr, (void *)(uintptr_t)found, NULL),
                  "new app at %08x is not in the list", item->start);
        cr_expect(region_is_app(found));
        cr_expect(eq(u32, found->size, item->image->size));
        cr_expect(place_flash_fits(board->place, found->address, found->size));
        const struct tbf_header *h = &item->image->header;
        if (h->fixed_flash != TBF_NOT_FIXED)
            cr_expect(
                eq(u32, found->address + h->protected_size, h->fixed_flash));
        /* Behind the header words that flags and size may change. */
        cr_expect(
            zero(int, memcmp(region_bytes_of(after, found) + 16,
                             item->image->bytes + 16, item->image->len - 16)));
    }
}

static inline void check_ram(const struct region *after)
{
    for (size_t i = 0; i < after->count; i++) {
        struct image_ram a, b;

        if (!region_is_app(&after->objects[i]))
            continue;
        image_ram_block(after->board, &after->objects[i].header, &a);
        for (size_t k = 0; k < i; k++) {
            if (!region_is_app(&after->objects[k]))
                continue;
            image_ram_block(after->board, &after->objects[k].header, &b);
            cr_expect(a.end <= b.start || b.end <= a.start,
                      "RAM of the apps at %08x and %08x overlaps",
                      after->objects[i].address, after->objects[k].address);
        }
    }
}

/*
 * All rules at once; flash then holds the result. A list that ended normally
 * ends normally again.
 */
static inline void check_plan(struct flash *flash, const struct region *before,
                              const struct layout_request *request,
                              const struct layout *layout,
                              const struct plan *plan)
{
    uint8_t *bytes = malloc(REGION_SIZE);
    struct region after;

    memcpy(bytes, flash->bytes, REGION_SIZE);
    run_ops(plan, bytes);
    cr_expect(zero(int, memcmp(bytes, plan->want, REGION_SIZE)),
              "the operations do not lead to the wanted bytes");
    region_init(&after, flash->board, bytes);
    cr_expect(eq(u32, after.end, layout_end(layout)));
    if (before->end_status == TBF_END)
        cr_expect(eq(int, after.end_status, TBF_END));
    check_kept(before, request, &after);
    check_new(layout, request, &after);
    check_ram(&after);
    for (size_t i = 0; i + 1 < after.count; i++)
        cr_expect(eq(u32, after.objects[i].address + after.objects[i].size,
                     after.objects[i + 1].address));
    region_free(&after);
    memcpy(flash->bytes, bytes, REGION_SIZE);
    free(bytes);
}

/* One change of the flash, judged. Returns false, nothing changed, with *e
 * set if there is no layout. */
static inline bool change(struct flash *flash, const struct region *region,
                          const struct layout_request *request,
                          struct plan *plan, struct err *e)
{
    struct layout layout;

    *plan = (struct plan){0};
    if (layout_make(region, request, &layout, e) != 0)
        return false;
    plan_begin(plan, &flash->board->apps, PAGE_SIZE, 4, flash->bytes);
    plan_region(plan, &layout, PLAN_REWRITE);
    check_plan(flash, region, request, &layout, plan);
    plan->have = NULL; /* it was borrowed from flash, which is different now */
    layout_free(&layout);
    return true;
}

static inline size_t find_app(const struct region *region, const char *name)
{
    for (size_t i = 0; i < region->count; i++)
        if (region_is_app(&region->objects[i]) &&
            region_is_named(&region->objects[i].header, name, strlen(name)))
            return i;
    return region->count;
}

/* Installs alternatives of one app as `install` does: replacing by name. */
static inline bool install(struct flash *flash, const struct image *images,
                           size_t count, struct plan *plan, struct err *e)
{
    struct region region;
    struct layout_wish wish = {.images = images, .count = count};
    const struct tbf_header *h = &images[0].header;

    region_init(&region, flash->board, flash->bytes);
    bool *is_removed = calloc(region.count + 1, sizeof *is_removed);
    for (size_t i = 0; i < region.count; i++)
        if (region_is_app(&region.objects[i]) &&
            region_is_named(&region.objects[i].header, h->name, h->name_len)) {
            is_removed[i] = true;
            wish.old = &region.objects[i];
        }
    struct layout_request request = {
        .is_removed = is_removed, .wishes = &wish, .wish_count = 1};
    bool done = change(flash, &region, &request, plan, e);
    free(is_removed);
    region_free(&region);
    return done;
}

/* The same for one new app described by app; the plan is dropped. */
static inline bool install_app(struct flash *flash, const struct app *app,
                               struct err *e)
{
    struct image image = make_image(app);
    struct plan plan;

    image_grow(&image, flash->board);
    bool done = install(flash, &image, 1, &plan, e);
    plan_free(&plan);
    free_image(&image);
    return done;
}

static inline bool uninstall(struct flash *flash, const char *name,
                             struct err *e)
{
    struct region region;
    struct plan plan;

    region_init(&region, flash->board, flash->bytes);
    bool *is_removed = calloc(region.count + 1, sizeof *is_removed);
    size_t at = find_app(&region, name);
    cr_assert(lt(sz, at, region.count), "no app %s", name);
    is_removed[at] = true;
    struct layout_request request = {.is_removed = is_removed};
    bool done = change(flash, &region, &request, &plan, e);
    plan_free(&plan);
    free(is_removed);
    region_free(&region);
    return done;
}

/* Offset of the app of that name; REGION_SIZE if there is none. */
static inline uint32_t offset_of(struct flash *flash, const char *name)
{
    struct region region;

    region_init(&region, flash->board, flash->bytes);
    size_t at = find_app(&region, name);
    uint32_t off = at == region.count
                       ? REGION_SIZE
                       : region.objects[at].address - flash->board->apps.start;
    region_free(&region);
    return off;
}
