/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "layout_why.h"

#include "base/bits.h"
#include "layout_gaps.h"
#include "place/place.h"

#include <string.h>

/* --- what stands in the way ----------------------------------------------- */

static void append(char *text, size_t room, const char *more)
{
    size_t len = strlen(text);

    snprintf(text + len, room - len, "%s", more);
}

static void name_of(const struct layout_item *item, char *out, size_t room)
{
    const struct tbf_header *h = layout_header(item);
    const char *of_it = item->retires ? "the old " : "";

    if (h != NULL && h->name_len != 0)
        snprintf(out, room, "%s'%.*s'", of_it, (int)h->name_len, h->name);
    else if (item->kept != NULL && item->kept->is_retired)
        snprintf(out, room, "a retired app at 0x%08x", item->start);
    else if (item->kept != NULL && !region_is_padding(item->kept))
        snprintf(out, room, "the object at 0x%08x", item->start);
    else
        snprintf(out, room, "padding at 0x%08x", item->start);
}

/* Why this alternative cannot be used: " 0x80100000 (taken by 'hello')". */
static void explain(const struct layout *layout, const struct image *image,
                    char *out, size_t room)
{
    char name[80];
    uint32_t addr = 0;
    struct image_ram ram;
    bool has_addr = image_fixed_address(&image->header, &addr);
    size_t above = layout_first_above(layout, addr);

    image_ram_block(layout->region->board, &image->header, &ram);
    const struct layout_item *clash = layout_ram_clash(layout, &ram);

    if (!has_addr ||
        !range_inside(addr, image->size, layout_start(layout), layout->limit)) {
        snprintf(out, room, " 0x%08x (outside the app region)",
                 image->header.fixed_flash);
    } else if (!place_flash_fits(layout->region->board->place, addr,
                                 image->size)) {
        snprintf(out, room, " 0x%08x (cannot be mapped there)", addr);
    } else if (above < layout->count &&
               layout->items[above].start < addr + image->size) {
        name_of(&layout->items[above], name, sizeof name);
        snprintf(out, room, " 0x%08x (taken by %s)", addr, name);
    } else if (clash != NULL) {
        name_of(clash, name, sizeof name);
        snprintf(out, room, " 0x%08x (its RAM at 0x%08x is needed by %s)", addr,
                 ram.start, name);
    } else {
        snprintf(out, room, " 0x%08x (not beside the other apps)", addr);
    }
}

/* Whatever else is on the board. */
static bool is_impossible(const struct layout *layout,
                          const struct image *image)
{
    const struct region *region = layout->region;
    uint32_t addr;

    return layout_is_fixed(image) &&
           (!image_fixed_address(&image->header, &addr) ||
            !range_inside(addr, image->size, region->board->apps.start,
                          region_limit(region)) ||
            !place_flash_fits(region->board->place, addr, image->size));
}

static int no_fixed_place(const struct layout *layout,
                          const struct layout_wish *wish, struct err *e)
{
    const struct tbf_header *h = &wish->images[0].header;
    char places[400] = "";
    bool is_hopeless = true;

    for (size_t i = 0; i < wish->count; i++) {
        char one[160];

        explain(layout, &wish->images[i], one, sizeof one);
        append(places, sizeof places, i == 0 ? "" : ",");
        append(places, sizeof places, one);
        is_hopeless = is_hopeless && is_impossible(layout, &wish->images[i]);
    }
    err_set(e, is_hopeless ? ERR_INPUT : ERR_STATE,
            "no place for '%.*s', which is linked for%s", (int)h->name_len,
            h->name, places);
    if (layout->request->rule == LAYOUT_APPEND && !is_hopeless)
        return -1;
    if (is_hopeless)
        return err_hint(e,
                        "the app region is 0x%08x to 0x%08x: link the app for "
                        "addresses in it that the board's memory protection "
                        "can map",
                        layout_start(layout), region_limit(layout->region) - 1);
    return err_hint(e, "uninstall what stands there, or link the app for one "
                       "more pair of addresses");
}

static int no_room(const struct layout *layout, const struct layout_wish *wish,
                   struct err *e)
{
    const struct image *image = &wish->images[0];
    const struct tbf_header *h = &image->header;
    struct board_area gap = layout_largest_gap(layout);

    err_set(e, ERR_STATE,
            "no room for '%.*s': it needs %u bytes, the largest free place "
            "has %u at 0x%08x",
            (int)h->name_len, h->name, image->size, gap.size, gap.start);
    return err_hint(e, "`tockloader-c map` shows what stands where; "
                       "`tockloader-c uninstall NAME` makes room");
}

int layout_why_tail(const struct region *region, struct err *e)
{
    err_set(e, ERR_STATE, "%s", region_tail_text(region).text);
    return err_hint(e, "keep a copy of the flash image, then repeat the "
                       "command with --force to overwrite what is there");
}

int layout_why_not(const struct layout *layout, const struct layout_wish *wish,
                   struct err *e)
{
    if (layout->limit < region_limit(layout->region))
        return layout_why_tail(layout->region, e);
    if (layout_is_all_fixed(wish))
        return no_fixed_place(layout, wish, e);
    return no_room(layout, wish, e);
}

int layout_why_not_behind(const struct layout *layout,
                          const struct layout_wish *wish, uint32_t end,
                          struct err *e)
{
    const struct image *image = &wish->images[0];
    const struct tbf_header *h = &image->header;

    if (layout_is_all_fixed(wish))
        no_fixed_place(layout, wish, e);
    else
        err_set(e, ERR_STATE,
                "no room for '%.*s' behind the list of apps: it needs %u "
                "bytes, %u are free from 0x%08x on",
                (int)h->name_len, h->name, image->size, layout->limit - end,
                end);
    return err_hint(e,
                    "on this link nothing in front of 0x%08x can be replaced "
                    "safely; `tockloader-c tidy` frees retired apps, "
                    "--in-place rewrites the list with a copy on the host",
                    end);
}
