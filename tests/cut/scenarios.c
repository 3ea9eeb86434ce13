/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "world.h"

#include "boot.h"
#include "host/alloc.h"
#include "nor.h"
#include "tbf/build.h"

#include <stdlib.h>
#include <string.h>

/* Odd: the checksum has its lowest bit, so that clearing it is possible. */
enum parity { ODD, EVEN };

/* Memory of a world, until forget. */
static void *kept[256];
static size_t kept_count;

static void *keep(size_t size)
{
    if (kept_count == ARRAY_COUNT(kept))
        abort();
    return kept[kept_count++] = alloc_zeroed(size, 1);
}

void forget_worlds(void)
{
    while (kept_count > 0)
        free(kept[--kept_count]);
}

static struct app_bytes make_app_at(const struct world *w, const char *name,
                                    uint32_t version, uint32_t size,
                                    enum parity parity, uint32_t fixed)
{
    struct app_bytes app = {NULL, size};
    uint8_t *bytes = keep(size);
    struct tbf_spec spec = {
        .flags = TBF_FLAG_ENABLED,
        .total_size = size,
        .minimum_ram = 2048,
        .binary_end = size,
        .version = 2 * version,
        .name = name,
        .name_len = (uint16_t)strlen(name),
        .has_kernel_version = true,
        .kernel_major = 2,
        .has_fixed_addresses = fixed != 0,
        .fixed_ram = w->board.app_ram.start + (fixed - START),
        .fixed_flash = fixed + 0x80,
    };
    uint64_t random = version * 31 + size + (unsigned char)name[0];

    for (uint32_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)nor_random(&random);
    spec.protected_size = fixed != 0 ? 0x80 : tbf_header_size(&spec);
    spec.init_offset = spec.protected_size;
    if (!tbf_build_header(&spec, bytes, size))
        abort();
    if ((bytes[12] & 1) != (parity == ODD)) {
        spec.version++;
        if (!tbf_build_header(&spec, bytes, size))
            abort();
    }
    app.bytes = bytes;
    return app;
}

static struct app_bytes make_app(const struct world *w, const char *name,
                                 uint32_t version, uint32_t size,
                                 enum parity parity)
{
    return make_app_at(w, name, version, size, parity, 0);
}

static struct app_bytes with_flags(struct app_bytes app, uint32_t flags)
{
    uint8_t *bytes = keep(app.len);

    memcpy(bytes, app.bytes, app.len);
    tbf_set_flags(bytes, flags);
    return (struct app_bytes){bytes, app.len};
}

static void put(struct world *w, struct app_bytes app)
{
    memcpy(w->flash + w->end, app.bytes, app.len);
    w->end += app.len;
}

static void pad_to_page(struct world *w)
{
    uint32_t rest = w->end % w->page;

    if (rest == 0)
        return;
    tbf_build_padding(w->flash + w->end, w->page - rest);
    w->end += w->page - rest;
}

static void put_retired(struct world *w, struct app_bytes app)
{
    put(w, app);
    memset(w->flash + w->end - app.len + 8, 0, 8);
}

/* An app that must never be harmed. */
static void put_other(struct world *w, struct app_bytes app)
{
    put(w, app);
    w->expect.others[w->expect.other_count++] = app;
}

/* What the command is about. */
static void put_old(struct world *w, struct app_bytes app)
{
    put(w, app);
    w->expect.old[w->expect.old_count++] = app;
}

/* The image is copied: size counts for the hardware's rules as it is. */
static void wish(struct world *w, struct app_bytes app)
{
    struct err e = {0};

    if (image_check("an app", app.bytes, app.len, &w->images[w->image_count++],
                    &e) != 0)
        abort();
    w->expect.new[w->expect.new_count++] = app;
}

static void name(struct world *w, const char *app)
{
    w->names[w->name_count++] = app;
}

/* Whole apps of an earlier life behind the end of the list. */
static void leave_stale(struct world *w, uint32_t first_page)
{
    struct app_bytes stale = make_app(w, "stale", 7, w->page, ODD);

    for (uint32_t at = w->end + first_page * w->page;
         at + 3 * w->page <= w->board.apps.size && at < w->end + 20 * w->page;
         at += w->page)
        memcpy(w->flash + at, stale.bytes, stale.len);
    if (first_page == 0)
        w->flash[w->end] = 0; /* the end as loaders mark it */
}

/* --- scenarios */

static void four_apps(struct world *w)
{
    put_other(w, make_app(w, "alpha", 1, 4 * w->page, ODD));
    put_other(w, make_app(w, "beta", 1, 2 * w->page, ODD));
    put_other(w, make_app(w, "gamma", 1, 2 * w->page, EVEN));
    put_other(w, make_app(w, "delta", 1, w->page, ODD));
}

static void around_beta(struct world *w, enum parity parity, uint32_t pages)
{
    put_other(w, make_app(w, "alpha", 1, 4 * w->page, ODD));
    put_old(w, make_app(w, "beta", 1, pages * w->page, parity));
    put_other(w, make_app(w, "gamma", 1, 2 * w->page, EVEN));
    put_other(w, make_app(w, "delta", 1, w->page, ODD));
    w->expect.must_have_target = true;
}

static void install_behind(struct world *w)
{
    four_apps(w);
    wish(w, make_app(w, "new", 1, w->page, ODD));
}

static void install_with_gap(struct world *w)
{
    four_apps(w);
    wish(w, make_app(w, "new", 1, 4 * w->page, ODD));
}

static void install_less_than_a_page(struct world *w)
{
    four_apps(w);
    wish(w, make_app(w, "new", 1, w->page / 2, ODD));
}

static void install_three(struct world *w)
{
    four_apps(w);
    wish(w, make_app(w, "one", 1, 2 * w->page, ODD));
    wish(w, make_app(w, "two", 1, w->page, EVEN));
    wish(w, make_app(w, "three", 1, w->page / 2, ODD));
}

static void install_on_blank(struct world *w)
{
    wish(w, make_app(w, "new", 1, 2 * w->page, ODD));
}

static void install_over_stale(struct world *w)
{
    four_apps(w);
    leave_stale(w, 0);
    wish(w, make_app(w, "new", 1, 2 * w->page, ODD));
}

static void install_over_small_stale(struct world *w)
{
    struct app_bytes stale = make_app(w, "stale", 9, w->page / 4, ODD);

    four_apps(w);
    for (uint32_t i = 0; i < 4; i++)
        memcpy(w->flash + w->end + i * stale.len, stale.bytes, stale.len);
    w->flash[w->end] = 0;
    wish(w, make_app(w, "new", 1, w->page, ODD));
}

static void update_same_size(struct world *w)
{
    around_beta(w, ODD, 2);
    wish(w, make_app(w, "beta", 2, 2 * w->page, ODD));
}

static void update_even_checksum(struct world *w)
{
    around_beta(w, EVEN, 2);
    wish(w, make_app(w, "beta", 2, 2 * w->page, EVEN));
}

static void update_larger(struct world *w)
{
    around_beta(w, ODD, 2);
    wish(w, make_app(w, "beta", 2, 4 * w->page, ODD));
}

static void update_smaller(struct world *w)
{
    around_beta(w, ODD, 2);
    wish(w, make_app(w, "beta", 2, w->page / 2, EVEN));
}

static void update_last(struct world *w)
{
    put_other(w, make_app(w, "alpha", 1, 2 * w->page, ODD));
    put_old(w, make_app(w, "beta", 1, 2 * w->page, ODD));
    w->expect.must_have_target = true;
    wish(w, make_app(w, "beta", 2, 2 * w->page, ODD));
}

static void update_over_retired(struct world *w)
{
    put_other(w, make_app(w, "alpha", 1, 2 * w->page, ODD));
    put(w, with_flags(make_app(w, "beta", 1, 2 * w->page, ODD), 0));
    put_old(w, make_app(w, "beta", 2, 2 * w->page, ODD));
    put_retired(w, make_app(w, "gone", 1, 2 * w->page, ODD));
    put_retired(w, make_app(w, "gone2", 1, w->page, ODD));
    w->expect.must_have_target = true;
    wish(w, make_app(w, "beta", 3, 2 * w->page, ODD));
}

static void update_two_with_stale(struct world *w)
{
    around_beta(w, ODD, 2);
    put_old(w, make_app(w, "eps", 1, w->page, EVEN));
    w->expect.must_have_target = false; /* the judge cannot tell them apart */
    leave_stale(w, 0);
    wish(w, make_app(w, "beta", 2, 2 * w->page, ODD));
    wish(w, make_app(w, "eps", 2, 2 * w->page, ODD));
}

static void update_fixed(struct world *w)
{
    uint32_t slot = 4 * w->page;

    put_other(w, make_app_at(w, "alpha", 1, 2 * w->page, ODD, START));
    tbf_build_padding(w->flash + w->end, slot - w->end);
    w->end = slot;
    put_old(w, make_app_at(w, "beta", 1, 2 * w->page, ODD, START + slot));
    w->expect.must_have_target = true;
    wish(w, make_app_at(w, "beta", 2, 2 * w->page, ODD, START + 2 * slot));
    w->board.place = PLACE_PMP;
}

static void append_in_the_middle_of_a_page(struct world *w)
{
    put_other(w, make_app(w, "alpha", 1, 2 * w->page, ODD));
    /* A quarter of a page from the border: cut in all ways there. */
    put_old(w, make_app(w, "beta", 1, w->page / 2 + w->page / 4, ODD));
    w->board.place = PLACE_PMP;
    w->expect.must_have_target = true;
    wish(w, make_app(w, "beta", 2, w->page + 40, ODD));
}

static void remove_first(struct world *w)
{
    put_old(w, make_app(w, "beta", 1, 4 * w->page, ODD));
    put_other(w, make_app(w, "gamma", 1, 2 * w->page, EVEN));
    w->command = REMOVE;
    name(w, "beta");
}

static void remove_middle(struct world *w)
{
    around_beta(w, EVEN, 2);
    w->expect.must_have_target = false;
    w->command = REMOVE;
    name(w, "beta");
}

static void remove_last(struct world *w)
{
    four_apps(w);
    put_old(w, make_app(w, "omega", 1, 2 * w->page, ODD));
    w->command = REMOVE;
    name(w, "omega");
}

static void remove_last_two(struct world *w)
{
    put_other(w, make_app(w, "alpha", 1, 2 * w->page, ODD));
    put_retired(w, make_app(w, "gone", 1, w->page, ODD));
    put_old(w, make_app(w, "beta", 1, w->page / 2, ODD));
    pad_to_page(w);
    put_old(w, make_app(w, "gamma", 1, w->page, EVEN));
    w->command = REMOVE;
    name(w, "beta");
    name(w, "gamma");
}

static void remove_with_predecessor(struct world *w)
{
    put_other(w, make_app(w, "alpha", 1, 2 * w->page, ODD));
    put(w, with_flags(make_app(w, "beta", 1, w->page, ODD), 0));
    put_other(w, make_app(w, "gamma", 1, w->page, ODD));
    put_old(w, make_app(w, "beta", 2, w->page, ODD));
    w->command = REMOVE;
    name(w, "beta");
}

static void remove_with_stale(struct world *w)
{
    put_other(w, make_app(w, "alpha", 1, 2 * w->page, ODD));
    put_old(w, make_app(w, "beta", 1, 2 * w->page, EVEN));
    leave_stale(w, 0);
    w->command = REMOVE;
    name(w, "beta");
}

static void disable_odd(struct world *w)
{
    around_beta(w, ODD, 2);
    w->expect.must_have_target = false; /* dead between its two bits */
    w->command = DISABLE;
    name(w, "beta");
    w->expect.new[w->expect.new_count++] = with_flags(w->expect.old[0], 0);
}

static void disable_even(struct world *w)
{
    around_beta(w, EVEN, 2);
    w->command = DISABLE;
    name(w, "beta");
    w->expect.new[w->expect.new_count++] = with_flags(w->expect.old[0], 0);
}

static void enable(struct world *w)
{
    struct app_bytes app = make_app(w, "beta", 1, 2 * w->page, ODD);

    put_other(w, make_app(w, "alpha", 1, 2 * w->page, ODD));
    put_old(w, with_flags(app, 0));
    put_other(w, make_app(w, "gamma", 1, w->page, ODD));
    w->expect.must_have_target = true;
    w->old_may_stay = true;
    w->command = ENABLE;
    name(w, "beta");
    w->expect.new[w->expect.new_count++] = app;
}

static void replace_all(struct world *w)
{
    put_old(w, make_app(w, "beta", 1, 2 * w->page, ODD));
    put_old(w, make_app(w, "gamma", 1, w->page, EVEN));
    w->erase_others = true;
    wish(w, make_app(w, "new", 1, 2 * w->page, ODD));
}

const struct scenario scenarios[] = {
    {"install behind the list", install_behind},
    {"install with a gap in front", install_with_gap},
    {"install less than a page", install_less_than_a_page},
    {"install three apps", install_three},
    {"install on a blank board", install_on_blank},
    {"install over leftovers", install_over_stale},
    {"install over leftovers in one page", install_over_small_stale},
    {"update, same size", update_same_size},
    {"update, even checksum", update_even_checksum},
    {"update to a larger one", update_larger},
    {"update to a smaller one", update_smaller},
    {"update the last app", update_last},
    {"update where retired ones stand last", update_over_retired},
    {"update two apps over leftovers", update_two_with_stale},
    {"update an app with a fixed address", update_fixed},
    {"append in the middle of a page", append_in_the_middle_of_a_page},
    {"remove the first", remove_first},
    {"remove one in the middle", remove_middle},
    {"remove the last", remove_last},
    {"remove the last two", remove_last_two},
    {"remove one with a retired predecessor", remove_with_predecessor},
    {"remove the last in front of leftovers", remove_with_stale},
    {"disable in place", disable_odd},
    {"disable by a copy", disable_even},
    {"enable", enable},
    {"replace all by one", replace_all},
};

const size_t scenario_count = sizeof scenarios / sizeof scenarios[0];

const struct scenario *find_scenario(const char *name)
{
    for (size_t i = 0; i < scenario_count; i++)
        if (strcmp(scenarios[i].name, name) == 0)
            return &scenarios[i];
    abort();
}

struct world make_world(const struct scenario *scenario, uint32_t page,
                        uint32_t unit, bool has_journal)
{
    uint32_t front = has_journal ? JOURNAL_FRONT * page : 0;
    struct world w = {
        .board =
            {
                .name = "model",
                .place = PLACE_ARMV7M,
                .page_size = page,
                .storage = {START - front, front},
                .journal = {START - front, front},
                .apps = {START, MAX_PAGES * page},
                .app_ram = {0x20000000, MAX_PAGES * page},
            },
        .page = page,
        .unit = unit,
        .size = front + MAX_PAGES * page,
        .front = front,
    };

    w.image = keep(w.size);
    w.flash = w.image + front;
    memset(w.image, 0xff, w.size);
    scenario->make(&w);
    return w;
}
