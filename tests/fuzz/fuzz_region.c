/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Any bytes as a board's app region: the model, every rule of the layout and
 * every order of the plan. Whatever stands there, a plan leads to the bytes it
 * promises, objects that stay are still in the list and unchanged, and in the
 * appending order that holds after each single operation.
 */
#include "plan.h"
#include "survey.h"
#include "tbf/build.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { REGION = 0x4000, APP = 0x300 };

#define START 0x21100000u

/* The first bytes of the input. */
struct choices {
    uint8_t place;
    uint8_t page;
    uint8_t unit;
    uint8_t rule;
    uint8_t removed;
    uint8_t replaced;
    uint8_t forced;
    uint8_t wishes;
};

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void do_op(const struct plan *plan, const struct plan_op *op,
                  uint8_t *bytes)
{
    uint32_t off = op->addr - plan->start;

    must(op->len != 0 && op->len <= plan->page_size && off < plan->size);
    must(off / plan->page_size == (off + op->len - 1) / plan->page_size);
    for (uint32_t i = off; i < off + op->len; i++)
        if (op->kind == PLAN_ERASE)
            bytes[i] = 0xff;
        else if (op->kind == PLAN_PROGRAM)
            bytes[i] &= plan->want[i];
        else if (op->kind == PLAN_CLEAR)
            bytes[i] &= op->mask;
        else
            must(bytes[i] == plan->want[i]);
}

/* Is the object in the list of these bytes, and unchanged? */
static bool is_there(const struct region *before,
                     const struct region_object *old, const uint8_t *bytes)
{
    struct tbf_walk walk = tbf_walk_start(bytes, REGION);
    struct tbf_object now;

    while (tbf_walk_next(&walk, &now))
        if (START + now.offset == old->address)
            return now.size == old->size &&
                   memcmp(bytes + now.offset, region_bytes_of(before, old),
                          old->size) == 0;
    return false;
}

/* Of what stays where it is, nothing is lost. */
static void check_kept(const struct layout *layout, const uint8_t *bytes)
{
    for (size_t i = 0; i < layout->count; i++) {
        const struct layout_item *item = &layout->items[i];

        if (item->kept != NULL && !item->retires && item->image == NULL &&
            item->start == item->kept->address &&
            !region_is_padding(item->kept))
            must(is_there(layout->region, item->kept, bytes));
    }
}

static void carry_out(const struct layout *layout, enum plan_order order,
                      uint32_t unit)
{
    static uint8_t bytes[REGION];
    const struct board *board = layout->region->board;
    struct plan plan;

    memcpy(bytes, layout->region->bytes, REGION);
    plan_begin(&plan, &board->apps, board->page_size, unit, bytes);
    plan.have = layout->region->bytes;
    plan_region(&plan, layout, order);
    for (size_t i = 0; i < plan.count; i++) {
        do_op(&plan, &plan.ops[i], bytes);
        if (order == PLAN_APPEND && i % 8 == 0 && i < 64)
            check_kept(layout, bytes);
    }
    must(memcmp(bytes, plan.want, REGION) == 0);
    check_kept(layout, bytes);
    plan_free(&plan);
}

static void check_items(const struct layout *layout)
{
    uint32_t at = START;

    for (size_t i = 0; i < layout->count; i++) {
        must(layout->items[i].start == at && layout->items[i].end > at);
        at = layout->items[i].end;
    }
    must(at <= START + REGION);
}

static struct image make_image(uint8_t bytes[APP])
{
    static const char name[] = "new";
    struct tbf_spec spec = {
        .flags = TBF_FLAG_ENABLED,
        .total_size = APP,
        .minimum_ram = 2048,
        .binary_end = APP,
        .name = name,
        .name_len = sizeof name - 1,
        .has_kernel_version = true,
        .kernel_major = 2,
    };
    struct image image;
    struct err e = {0};

    memset(bytes, 0x55, APP);
    spec.protected_size = spec.init_offset = tbf_header_size(&spec);
    must(tbf_build_header(&spec, bytes, APP));
    must(image_check("new", bytes, APP, &image, &e) == 0);
    return image;
}

static void change(const struct region *region, const struct choices *choices)
{
    static uint8_t new_app[APP];
    static bool is_removed[REGION / TBF_BASE_SIZE];
    struct image image = make_image(new_app);
    struct layout_wish wishes[2] = {{&image, 1, 0, 0, NULL},
                                    {&image, 1, 0, 0, NULL}};
    struct layout_request request = {
        .rule = (enum layout_rule)(choices->rule % 3),
        .is_removed = is_removed,
        .wishes = wishes,
        .wish_count = choices->wishes % 3,
        .overwrite_tail = choices->forced % 2 != 0,
        .write_unit = choices->unit % 2 == 0 ? 4 : 8,
    };
    struct layout layout;
    struct err e = {0};

    image_grow(&image, region->board);
    memset(is_removed, 0, sizeof is_removed);
    if (choices->removed < region->count)
        is_removed[choices->removed] =
            region_is_app(&region->objects[choices->removed]);
    if (choices->replaced < region->count && request.wish_count != 0 &&
        region_is_app(&region->objects[choices->replaced])) {
        is_removed[choices->replaced] = true;
        wishes[0].old = &region->objects[choices->replaced];
    }
    if (layout_make(region, &request, &layout, &e) != 0) {
        must(e.kind == ERR_STATE || e.kind == ERR_INPUT);
        return;
    }
    check_items(&layout);
    layout_without_ram(&layout);
    carry_out(&layout,
              request.rule == LAYOUT_APPEND ? PLAN_APPEND : PLAN_REWRITE,
              request.write_unit);
    layout_free(&layout);
}

static void recover(const struct region *region, uint32_t unit)
{
    static uint8_t bytes[REGION];
    const struct board *board = region->board;
    struct plan plan;

    memcpy(bytes, region->bytes, REGION);
    plan_begin(&plan, &board->apps, board->page_size, unit, region->bytes);
    plan_recover(&plan, region);
    must(plan.erased == 0);
    for (size_t i = 0; i < plan.count; i++)
        do_op(&plan, &plan.ops[i], bytes);
    plan_free(&plan);
    for (size_t i = 0; i < region->count; i++)
        if (region->objects[i].status == TBF_OK)
            must(is_there(region, &region->objects[i], bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t bytes[REGION];
    static const uint32_t pages[] = {256, 512, 1024};
    struct board board = {
        .name = "fuzz",
        .apps = {START, REGION},
        .app_ram = {0x20000000, 0x10000},
    };
    struct choices choices;
    struct region region;

    if (size < sizeof choices || size > sizeof choices + REGION)
        return 0;
    memcpy(&choices, data, sizeof choices);
    memset(bytes, 0xff, REGION);
    if (size > sizeof choices)
        memcpy(bytes, data + sizeof choices, size - sizeof choices);
    board.place = (enum place_kind)(choices.place % 3);
    board.page_size = pages[choices.page % 3];
    region_init(&region, &board, bytes);
    must(survey_region(&region).used <= REGION);
    region_tail_text(&region);
    recover(&region, choices.unit % 2 == 0 ? 4 : 8);
    change(&region, &choices);
    region_free(&region);
    return 0;
}
