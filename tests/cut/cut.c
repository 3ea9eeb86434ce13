/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Power cuts: the real planner and applier over a model of flash (nor.h),
 * stopped before, after and in the middle of every primitive; each image so
 * left is judged (judge.h), recovered by running the command again, and the
 * recovery is cut as well. Mutants, which are plans in a wrong order, show
 * that the judge sees.
 *
 *   cut [--all] [--seed N]
 *
 * Without --all a sample that takes seconds. Output is TAP.
 */

#include "base/bits.h"
#include "change.h"
#include "host/alloc.h"
#include "judge.h"
#include "nor.h"
#include "tbf/build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PAGES = 64, NAME_ROOM = 16 };

#define START 0x21100000u

/* --- one scenario in the making
 * ------------------------------------------------ */

enum command { INSTALL, REMOVE, DISABLE, ENABLE };

struct world {
    struct board board;
    uint32_t page;
    uint32_t unit;
    uint8_t *flash; /* at the beginning */
    uint32_t end;   /* of what stands there */
    enum command command;
    struct image images[MAX_APPS];
    size_t image_count;
    const char *names[MAX_APPS];
    size_t name_count;
    bool erase_others;
    bool old_may_stay; /* the old one is out of use as it is */
    struct expect expect;
};

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

static void forget(void)
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

/* --- scenarios
 * -------------------------------------------------------------------- */

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
    put_old(w, make_app(w, "beta", 1, w->page / 2 + 24, ODD));
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

static const struct scenario {
    const char *name;
    void (*make)(struct world *w);
} scenarios[] = {
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

enum { SCENARIOS = sizeof scenarios / sizeof scenarios[0] };

static struct world make_world(const struct scenario *scenario, uint32_t page,
                               uint32_t unit)
{
    struct world w = {
        .board =
            {
                .name = "model",
                .place = PLACE_ARMV7M,
                .page_size = page,
                .apps = {START, MAX_PAGES * page},
                .app_ram = {0x20000000, MAX_PAGES * page},
            },
        .page = page,
        .unit = unit,
        .flash = keep(MAX_PAGES * page),
    };

    memset(w.flash, 0xff, w.board.apps.size);
    scenario->make(&w);
    return w;
}

/* --- the command, as main runs it
 * --------------------------------------------------- */

typedef void mutator(struct plan *plan);

static void request_install(const struct world *w, struct request *request)
{
    const struct region *region = request->region;

    for (size_t k = 0; k < w->image_count; k++) {
        const struct image *image = &w->images[k];
        const struct region_object *is_new = request_find(request, image, 1);
        bool is_there = false;

        for (size_t i = 0; i < region->count; i++) {
            const struct region_object *object = &region->objects[i];

            if (!region_is_app(object) ||
                !region_is_named(&object->header, image->header.name,
                                 image->header.name_len))
                continue;
            is_there = true;
            if (is_new != NULL && is_new != object)
                request_remove(request, object);
            else
                request_put(request, image, 1, object);
        }
        if (!is_there)
            request_put(request, image, 1, NULL);
    }
    for (size_t i = 0; i < region->count && w->erase_others; i++)
        if (region_is_app(&region->objects[i]) &&
            !request_removes(request, &region->objects[i]))
            request_remove(request, &region->objects[i]);
}

static void request_by_name(const struct world *w, struct request *request)
{
    const struct region *region = request->region;

    for (size_t i = 0; i < region->count; i++)
        for (size_t k = 0; k < w->name_count; k++) {
            const struct region_object *object = &region->objects[i];

            if (!region_is_app(object) ||
                !region_is_named(&object->header, w->names[k],
                                 strlen(w->names[k])))
                continue;
            if (w->command == REMOVE)
                request_remove(request, object);
            else if (w->command == DISABLE)
                request_flags(request, object, 0, TBF_FLAG_ENABLED);
            else
                request_flags(request, object, TBF_FLAG_ENABLED, 0);
        }
}

static int run_on(const struct world *w, struct nor *nor, mutator *mutate,
                  struct err *e)
{
    struct session session = {
        .board = &w->board, .link = &nor->link, .appends = true};
    struct request request;
    struct change change;
    int result = session_read_region(&session, SESSION_CHANGE, e);

    if (result == 0) {
        request_begin(&request, &session.region, true, w->image_count);
        if (w->command == INSTALL)
            request_install(w, &request);
        else
            request_by_name(w, &request);
        result = change_plan(&session, &request, &change, e);
        if (result == 0) {
            if (mutate != NULL)
                mutate(&change.plan);
            result = change_apply(&session, &change, e);
            change_free(&change);
        }
        request_free(&request);
    }
    notes_free(&session.notes);
    region_free(&session.region);
    free(session.bytes);
    return result;
}

/* Runs the command on flash with these bytes. */
static struct nor *run(const struct world *w, const uint8_t *bytes,
                       mutator *mutate)
{
    struct nor *nor = nor_open(START, w->board.apps.size, w->page, w->unit);
    struct err e = {0};

    memcpy(nor->bytes, bytes, w->board.apps.size);
    if (run_on(w, nor, mutate, &e) != 0 && mutate == NULL) {
        printf("# %s: %s\n", e.text, e.where);
        link_close(&nor->link);
        return NULL;
    }
    return nor;
}

/* --- cutting
 * ---------------------------------------------------------------------------
 */

struct tally {
    unsigned long cuts;
    unsigned long recoveries;
    unsigned long nested;
    unsigned long bad[VERDICTS];
    unsigned worst_writes; /* programs of one unit between two erasures */
    uint64_t random;
    bool all;
    bool stop_at_first;
    char first[160];
};

static unsigned long bad_of(const struct tally *tally)
{
    unsigned long bad = 0;

    for (int i = FINE + 1; i < VERDICTS; i++)
        bad += tally->bad[i];
    return bad;
}

static void count(struct tally *tally, enum verdict verdict, const char *when,
                  size_t prim, size_t of)
{
    if (verdict != FINE && bad_of(tally) == 0)
        snprintf(tally->first, sizeof tally->first,
                 "%s, primitive %zu of %zu: %s", when, prim, of,
                 verdict_text(verdict));
    tally->bad[verdict]++;
}

static void judge_cut(struct tally *tally, const struct world *w,
                      const uint8_t *bytes, const char *when, size_t prim,
                      size_t of)
{
    count(tally, judge(bytes, w->board.apps.size, &w->expect), when, prim, of);
}

static void judge_finished(struct tally *tally, const struct world *w,
                           const uint8_t *bytes, const char *when, size_t prim,
                           size_t of)
{
    struct expect expect = w->expect;

    if (w->old_may_stay)
        expect.old_count = 0;
    count(tally, judge_end(bytes, w->board.apps.size, &expect), when, prim, of);
}

/* Does the primitive write into what a walk reads: the first words of an
 * object? These are cut in all ways, the others in a few. */
static bool is_critical(const struct nor *nor, size_t index)
{
    const struct nor_prim *prim = &nor->log[index];

    return prim->kind == NOR_ERASE ||
           prim->off % (nor->link.info.page_size / 4) < 16;
}

static void nested_cuts(struct tally *tally, const struct world *w,
                        const uint8_t *bytes, const struct nor *recovery)
{
    uint8_t *now = alloc_resize(NULL, w->board.apps.size, 1);
    uint8_t saved[4096];

    memcpy(now, bytes, w->board.apps.size);
    for (size_t i = 0; i < recovery->count; i++) {
        const struct nor_prim *prim = &recovery->log[i];
        uint32_t extent = nor_extent(recovery, prim);

        memcpy(saved, now + prim->off, extent);
        if (is_critical(recovery, i) || i % 61 == 0) {
            judge_cut(tally, w, now, "nested", i, recovery->count);
            tally->nested++;
            for (unsigned v = 0; v < 6; v++) {
                /* A few of the ways, chosen by chance. */
                if (!nor_tear(recovery, prim,
                              (unsigned)(nor_random(&tally->random) % 40), true,
                              &tally->random, now))
                    continue;
                judge_cut(tally, w, now, "nested and torn", i, recovery->count);
                tally->nested++;
                if (v == 0 && nor_random(&tally->random) % 8 == 0) {
                    struct nor *again = run(w, now, NULL);

                    judge_finished(tally, w, again == NULL ? now : again->bytes,
                                   "second recovery", i, recovery->count);
                    if (again != NULL)
                        link_close(&again->link);
                }
                memcpy(now + prim->off, saved, extent);
            }
        }
        nor_do(recovery, prim, now);
    }
    free(now);
}

static void recover(struct tally *tally, const struct world *w,
                    const uint8_t *bytes, bool nested, size_t prim, size_t of)
{
    struct nor *again = run(w, bytes, NULL);

    tally->recoveries++;
    if (again == NULL) {
        count(tally, UNFINISHED, "recovery", prim, of);
        return;
    }
    judge_finished(tally, w, again->bytes, "recovery", prim, of);
    if (nested)
        nested_cuts(tally, w, bytes, again);
    link_close(&again->link);
}

/* Units are to be programmed twice at most between two erasures. */
static void count_writes(struct tally *tally, const struct nor *nor,
                         const uint8_t *start)
{
    uint32_t unit = nor->link.info.write_unit;
    uint32_t page = nor->link.info.page_size;
    unsigned *writes = alloc_zeroed(nor->link.info.size / unit, sizeof *writes);

    for (uint32_t i = 0; i < nor->link.info.size; i++)
        if (start[i] != 0xff)
            writes[i / unit] = 1;
    for (size_t i = 0; i < nor->count; i++) {
        const struct nor_prim *prim = &nor->log[i];

        if (prim->kind == NOR_ERASE)
            memset(writes + prim->off / unit, 0, page / unit * sizeof *writes);
        else if (++writes[prim->off / unit] > tally->worst_writes)
            tally->worst_writes = writes[prim->off / unit];
    }
    free(writes);
}

static void cut_at(struct tally *tally, const struct world *w,
                   const struct nor *done, size_t i, uint8_t *now,
                   bool recovers)
{
    const struct nor_prim *prim = &done->log[i];
    uint32_t extent = nor_extent(done, prim);
    bool critical = is_critical(done, i);
    uint8_t saved[4096];

    judge_cut(tally, w, now, "cut", i, done->count);
    tally->cuts++;
    if (recovers)
        recover(tally, w, now,
                critical &&
                    (!tally->all || nor_random(&tally->random) % 16 == 0),
                i, done->count);
    memcpy(saved, now + prim->off, extent);
    for (unsigned v = 0; nor_tear(done, prim, v, critical, &tally->random, now);
         v++) {
        judge_cut(tally, w, now, "torn", i, done->count);
        tally->cuts++;
        if (recovers && nor_random(&tally->random) % 16 == 0)
            recover(tally, w, now,
                    critical && nor_random(&tally->random) % 16 == 0, i,
                    done->count);
        memcpy(now + prim->off, saved, extent);
    }
}

static void cut_scenario(struct tally *tally, const struct world *w,
                         mutator *mutate)
{
    struct nor *done = run(w, w->flash, mutate);
    uint8_t *now = alloc_resize(NULL, w->board.apps.size, 1);
    size_t stride = tally->all ? 97 : 997;

    memcpy(now, w->flash, w->board.apps.size);
    for (size_t i = 0; done != NULL && i < done->count; i++) {
        bool critical = is_critical(done, i);
        bool sampled = nor_random(&tally->random) % (tally->all ? 1 : 12) == 0;
        bool recovers =
            mutate == NULL &&
            ((critical && sampled) || nor_random(&tally->random) % stride == 0);

        if (critical || sampled)
            cut_at(tally, w, done, i, now, recovers);
        nor_do(done, &done->log[i], now);
        if (tally->stop_at_first && bad_of(tally) != 0)
            break;
    }
    if (done == NULL)
        count(tally, UNFINISHED, "the command", 0, 0);
    else if (mutate == NULL)
        judge_finished(tally, w, done->bytes, "the end", done->count,
                       done->count);
    if (done != NULL) {
        count_writes(tally, done, w->flash);
        link_close(&done->link);
    }
    free(now);
}

/* --- wrong orders
 * ----------------------------------------------------------------------- */

/* Moves the operation at from to the place to. */
static void move_op(struct plan *plan, size_t from, size_t to)
{
    struct plan_op op = plan->ops[from];

    if (from > to)
        memmove(plan->ops + to + 1, plan->ops + to,
                (from - to) * sizeof *plan->ops);
    else
        memmove(plan->ops + from, plan->ops + from + 1,
                (to - from) * sizeof *plan->ops);
    plan->ops[to] = op;
}

static size_t find_op(const struct plan *plan, size_t from, enum plan_kind kind,
                      enum plan_step step)
{
    while (from < plan->count &&
           (plan->ops[from].kind != kind || plan->ops[from].step != step))
        from++;
    return from;
}

/* Nothing is read back, so that the wrong plan is carried out to its end. */
static void drop_verify(struct plan *plan)
{
    size_t left = 0;

    for (size_t i = 0; i < plan->count; i++)
        if (plan->ops[i].kind != PLAN_VERIFY)
            plan->ops[left++] = plan->ops[i];
    plan->count = left;
}

static void drop_op(struct plan *plan, size_t at)
{
    move_op(plan, at, plan->count - 1);
    plan->count--;
}

static void header_before_content(struct plan *plan)
{
    size_t first;

    drop_verify(plan);
    first = find_op(plan, 0, PLAN_PROGRAM, PLAN_STEP_CONTENT);
    for (size_t i = first; i < plan->count; i++)
        if (plan->ops[i].step == PLAN_STEP_COMMIT) {
            move_op(plan, i, first);
            if (plan->write_unit == 4)
                move_op(plan, i, first);
        }
}

static void retire_before_commit(struct plan *plan)
{
    size_t at;

    drop_verify(plan);
    at = find_op(plan, 0, PLAN_PROGRAM, PLAN_STEP_RETIRE);
    for (size_t i = at; i < plan->count; i++)
        if (plan->ops[i].step == PLAN_STEP_RETIRE)
            move_op(plan, i, 0);
}

/* Only what is programmed is erased. */
static void no_cleaning_behind(struct plan *plan)
{
    drop_verify(plan);
    for (size_t i = plan->count; i-- > 0;) {
        bool is_used = plan->ops[i].kind != PLAN_ERASE;

        for (size_t k = 0; k < plan->count; k++)
            is_used |= plan->ops[k].kind == PLAN_PROGRAM &&
                       plan->ops[k].addr / plan->page_size ==
                           plan->ops[i].addr / plan->page_size;
        if (!is_used)
            drop_op(plan, i);
    }
}

static void erase_upwards(struct plan *plan)
{
    size_t first = 0;
    size_t last;

    drop_verify(plan);
    while (plan->ops[first].kind != PLAN_ERASE)
        first++;
    for (last = first; plan->ops[last + 1].kind == PLAN_ERASE;)
        last++;
    for (size_t i = first; i < last; i++)
        move_op(plan, last, i);
}

static void no_clearing_of_leftovers(struct plan *plan)
{
    drop_verify(plan);
    for (size_t i = plan->count; i-- > 0;)
        if (plan->ops[i].kind == PLAN_CLEAR)
            drop_op(plan, i);
}

/* The old trick of making room: the total size goes. */
static void remove_by_total_size(struct plan *plan)
{
    size_t at;

    drop_verify(plan);
    at = find_op(plan, 0, PLAN_PROGRAM, PLAN_STEP_RETIRE);
    plan->ops[at].addr = align_down_u32(plan->ops[at].addr, 16) + 4;
    plan->ops[at].kind = PLAN_CLEAR;
    plan->ops[at].mask = 0;
}

/* What the order for atomic links would do on flash. */
static void rewrite_in_place(struct plan *plan)
{
    plan->count = 0;
    memset(plan->is_erased, 0, plan->size / plan->page_size);
    /* The old app's place gets another content. */
    memcpy(plan->want, plan->have, plan->size);
    for (uint32_t i = 0; i < plan->page_size; i++)
        plan->want[4 * plan->page_size + 128 + i] ^= 0x5a;
    plan_close(plan);
    drop_verify(plan);
}

/* The version instead of the checksum. */
static void retire_by_version(struct plan *plan)
{
    size_t at;

    drop_verify(plan);
    at = find_op(plan, 0, PLAN_PROGRAM, PLAN_STEP_RETIRE);
    plan->ops[at].addr = align_down_u32(plan->ops[at].addr, 16);
    plan->ops[at].kind = PLAN_CLEAR;
    plan->ops[at].mask = 0xfd;
}

static const struct mutant {
    const char *name;
    mutator *mutate;
    void (*make)(struct world *w);
} mutants[] = {
    {"the header before the content", header_before_content, install_behind},
    {"the old one retired before the commit", retire_before_commit,
     update_same_size},
    {"leftovers behind the list not erased", no_cleaning_behind,
     install_over_stale},
    {"pages erased with rising addresses", erase_upwards, install_over_stale},
    {"leftovers not made unusable before erasing", no_clearing_of_leftovers,
     install_over_small_stale},
    {"given back without leaving the list first", no_clearing_of_leftovers,
     remove_last},
    {"removed by clearing the total size", remove_by_total_size, remove_middle},
    {"rewritten in place", rewrite_in_place, update_same_size},
    {"the old one retired by its version", retire_by_version, update_same_size},
};

enum { MUTANTS = sizeof mutants / sizeof mutants[0] };

/* --- reporting
 * ------------------------------------------------------------------------------
 */

static int test_number;
static int failed;

static void report(bool is_ok, const char *what, const struct tally *tally)
{
    failed += !is_ok;
    printf("%sok %d - %s\n", is_ok ? "" : "not ", ++test_number, what);
    printf("# %lu cut images, %lu recoveries, %lu nested cuts, %lu bad, "
           "at most %u writes to a unit\n",
           tally->cuts, tally->recoveries, tally->nested, bad_of(tally),
           tally->worst_writes);
    if (bad_of(tally) != 0)
        printf("# first: %s\n", tally->first);
    fflush(stdout);
}

static void add(struct tally *sum, const struct tally *one)
{
    sum->cuts += one->cuts;
    sum->recoveries += one->recoveries;
    sum->nested += one->nested;
    for (int i = 0; i < VERDICTS; i++)
        sum->bad[i] += one->bad[i];
    if (one->worst_writes > sum->worst_writes)
        sum->worst_writes = one->worst_writes;
}

static void test_scenarios(uint64_t seed, bool all)
{
    static const uint32_t pages[] = {512, 2048, 4096};
    static const uint32_t units[] = {4, 8};
    struct tally sum = {0};
    char what[160];

    for (size_t s = 0; s < SCENARIOS; s++) {
        struct tally tally = {.random = seed + s, .all = all};

        for (size_t p = 0; p < 3; p++)
            for (size_t u = 0; u < 2; u++) {
                struct world w = make_world(&scenarios[s], pages[p], units[u]);

                cut_scenario(&tally, &w, NULL);
                forget();
            }
        snprintf(what, sizeof what, "no cut harms: %s", scenarios[s].name);
        report(bad_of(&tally) == 0, what, &tally);
        add(&sum, &tally);
    }
    report(sum.worst_writes <= 3, "a unit is written three times at most",
           &sum);
    snprintf(what, sizeof what, "enough cuts were tried in %d scenarios",
             SCENARIOS);
    report(!all || (sum.cuts >= 100000 && sum.nested >= 40000), what, &sum);
}

static void test_mutants(uint64_t seed)
{
    for (size_t m = 0; m < MUTANTS; m++) {
        const struct scenario scenario = {mutants[m].name, mutants[m].make};
        struct tally tally = {
            .random = seed, .all = true, .stop_at_first = true};
        struct world w = make_world(&scenario, 512, 4);
        char what[160];

        cut_scenario(&tally, &w, mutants[m].mutate);
        forget();
        snprintf(what, sizeof what, "a wrong order is seen: %s",
                 mutants[m].name);
        report(bad_of(&tally) != 0, what, &tally);
    }
}

int main(int argc, char **argv)
{
    uint64_t seed = 20261125;
    bool all = false;

    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--all") == 0)
            all = true;
        else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
            seed = strtoull(argv[++i], NULL, 0);
    printf("# seed %llu\n", (unsigned long long)seed);
    test_scenarios(seed, all);
    test_mutants(seed);
    printf("1..%d\n", test_number);
    return failed != 0;
}
