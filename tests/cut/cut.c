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

#include "boot.h"
#include "host/alloc.h"
#include "judge.h"
#include "nor.h"
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- the command, as main runs it ----------------------------------------- */

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

/* In place of a plan that is changed: the kernel's page is not completed. */
static void forget_the_journal(struct plan *plan)
{
    (void)plan;
}

static int run_on(const struct world *w, struct nor *nor, mutator *mutate,
                  struct err *e)
{
    struct session session = {
        .board = &w->board, .link = &nor->link, .appends = true};
    struct request request;
    struct change change;
    int result = 0;

    if (mutate != forget_the_journal)
        result = session_settle(&session, SESSION_CHANGE, e);
    if (result == 0)
        result = session_read_region(&session, SESSION_CHANGE, e);
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
    pending_free(&session.pending);
    region_free(&session.region);
    free(session.bytes);
    return result;
}

/* Runs the command on flash with these bytes. */
static struct nor *run(const struct world *w, const uint8_t *bytes,
                       mutator *mutate)
{
    struct nor *nor = nor_open(START - w->front, w->size, w->page, w->unit);
    struct err e = {0};

    memcpy(nor->bytes, bytes, w->size);
    if (run_on(w, nor, mutate, &e) != 0 && mutate == NULL) {
        printf("# %s: %s\n", e.text, e.where);
        link_close(&nor->link);
        return NULL;
    }
    return nor;
}

/* --- cutting -------------------------------------------------------------- */

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

/* The apps that a kernel finds on it, after completing what is open. The bytes
 * are the caller's to free. */
static uint8_t *started(const struct world *w, const uint8_t *bytes)
{
    uint8_t *copy = alloc_resize(NULL, w->size, 1);

    memcpy(copy, bytes, w->size);
    if (w->front != 0)
        boot(copy, w->page, w->size);
    memmove(copy, copy + w->front, w->board.apps.size);
    return copy;
}

static void judge_cut(struct tally *tally, const struct world *w,
                      const uint8_t *bytes, const char *when, size_t prim,
                      size_t of)
{
    uint8_t *apps = started(w, bytes);

    count(tally, judge(apps, w->board.apps.size, &w->expect), when, prim, of);
    free(apps);
}

static void judge_finished(struct tally *tally, const struct world *w,
                           const uint8_t *bytes, const char *when, size_t prim,
                           size_t of)
{
    struct expect expect = w->expect;
    uint8_t *apps = started(w, bytes);

    if (w->old_may_stay)
        expect.old_count = 0;
    count(tally, judge_end(apps, w->board.apps.size, &expect), when, prim, of);
    free(apps);
}

/* Does the primitive write into what a walk reads: the first words of an
 * object, or the journal? These are cut in all ways, the others in a few. */
static bool is_critical(const struct world *w, const struct nor *nor,
                        size_t index)
{
    const struct nor_prim *prim = &nor->log[index];

    return prim->kind == NOR_ERASE || prim->off < w->front ||
           prim->off % (nor->link.info.page_size / 4) < 16;
}

static void recover_again(struct tally *tally, const struct world *w,
                          const uint8_t *bytes, const struct nor *recovery,
                          size_t prim)
{
    struct nor *again = run(w, bytes, NULL);

    judge_finished(tally, w, again == NULL ? bytes : again->bytes,
                   "second recovery", prim, recovery->count);
    if (again != NULL)
        link_close(&again->link);
}

enum { FEW_WAYS = 6, MAX_WAYS = 200 };

/* Primitive i of the recovery, torn in this number of ways: all there are, or
 * some chosen by chance. */
static void nested_tears(struct tally *tally, const struct world *w,
                         const struct nor *recovery, size_t i, unsigned ways,
                         uint8_t *now)
{
    const struct nor_prim *prim = &recovery->log[i];
    uint32_t extent = nor_extent(recovery, prim);
    uint8_t saved[4096];

    memcpy(saved, now + prim->off, extent);
    for (unsigned v = 0; v < ways; v++) {
        unsigned way =
            ways == MAX_WAYS ? v : (unsigned)(nor_random(&tally->random) % 40);

        if (!nor_tear(recovery, prim, way, true, &tally->random, now))
            continue;
        judge_cut(tally, w, now, "nested and torn", i, recovery->count);
        tally->nested++;
        if (v == 0 && nor_random(&tally->random) % 8 == 0)
            recover_again(tally, w, now, recovery, i);
        memcpy(now + prim->off, saved, extent);
    }
}

static void nested_cuts(struct tally *tally, const struct world *w,
                        const uint8_t *bytes, const struct nor *recovery,
                        unsigned ways)
{
    uint8_t *now = alloc_resize(NULL, w->size, 1);

    memcpy(now, bytes, w->size);
    for (size_t i = 0; i < recovery->count; i++) {
        if (is_critical(w, recovery, i) || i % 61 == 0) {
            judge_cut(tally, w, now, "nested", i, recovery->count);
            tally->nested++;
            nested_tears(tally, w, recovery, i, ways, now);
        }
        nor_do(recovery, &recovery->log[i], now);
    }
    free(now);
}

/* The command again; torn in this number of ways itself, if not 0. */
static void recover(struct tally *tally, const struct world *w,
                    const uint8_t *bytes, unsigned ways, size_t prim, size_t of)
{
    struct nor *again = run(w, bytes, NULL);

    tally->recoveries++;
    if (again == NULL) {
        count(tally, UNFINISHED, "recovery", prim, of);
        return;
    }
    judge_finished(tally, w, again->bytes, "recovery", prim, of);
    if (ways != 0)
        nested_cuts(tally, w, bytes, again, ways);
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
    bool critical = is_critical(w, done, i);
    uint8_t saved[4096];

    judge_cut(tally, w, now, "cut", i, done->count);
    tally->cuts++;
    if (recovers)
        recover(tally, w, now,
                critical &&
                        (!tally->all || nor_random(&tally->random) % 16 == 0)
                    ? FEW_WAYS
                    : 0,
                i, done->count);
    memcpy(saved, now + prim->off, extent);
    for (unsigned v = 0; nor_tear(done, prim, v, critical, &tally->random, now);
         v++) {
        judge_cut(tally, w, now, "torn", i, done->count);
        tally->cuts++;
        if (recovers && nor_random(&tally->random) % 16 == 0)
            recover(tally, w, now,
                    critical && nor_random(&tally->random) % 16 == 0 ? FEW_WAYS
                                                                     : 0,
                    i, done->count);
        memcpy(now + prim->off, saved, extent);
    }
}

static void cut_scenario(struct tally *tally, const struct world *w,
                         mutator *mutate)
{
    struct nor *done = run(w, w->image, mutate);
    uint8_t *now = alloc_resize(NULL, w->size, 1);
    size_t stride = tally->all ? 97 : 997;

    memcpy(now, w->image, w->size);
    for (size_t i = 0; done != NULL && i < done->count; i++) {
        bool critical = is_critical(w, done, i);
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
        count_writes(tally, done, w->image);
        link_close(&done->link);
    }
    free(now);
}

/* A unit with a version of an object in it, which is there when it is
 * programmed. */
static bool is_commit(const struct world *w, const struct nor *done, size_t i)
{
    const struct nor_prim *prim = &done->log[i];

    return prim->kind == NOR_PROGRAM && prim->off >= w->front &&
           prim->off % w->page == 0 && prim->data[0] == 2;
}

/* Tears each commit in every way, and in every way what is done about it. */
static void cut_commits(struct tally *tally, const struct world *w)
{
    struct nor *done = run(w, w->image, NULL);
    uint8_t *now = alloc_resize(NULL, w->size, 1);

    memcpy(now, w->image, w->size);
    if (done == NULL)
        count(tally, UNFINISHED, "the command", 0, 0);
    for (size_t i = 0; done != NULL && i < done->count; i++) {
        const struct nor_prim *prim = &done->log[i];
        uint32_t extent = nor_extent(done, prim);
        uint8_t saved[8];

        for (unsigned v = 0; is_commit(w, done, i) && v < MAX_WAYS; v++) {
            memcpy(saved, now + prim->off, extent);
            if (nor_tear(done, prim, v, true, &tally->random, now)) {
                tally->cuts++;
                recover(tally, w, now, MAX_WAYS, i, done->count);
            }
            memcpy(now + prim->off, saved, extent);
        }
        nor_do(done, prim, now);
    }
    if (done != NULL)
        link_close(&done->link);
    free(now);
}

/* --- reporting ------------------------------------------------------------ */

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

    for (size_t s = 0; s < scenario_count; s++) {
        struct tally tally = {.random = seed + s, .all = all};

        for (size_t p = 0; p < 3; p++)
            for (size_t u = 0; u < 2; u++) {
                struct world w =
                    make_world(&scenarios[s], pages[p], units[u], false);

                cut_scenario(&tally, &w, NULL);
                forget_worlds();
            }
        snprintf(what, sizeof what, "no cut harms: %s", scenarios[s].name);
        report(bad_of(&tally) == 0, what, &tally);
        add(&sum, &tally);
    }
    report(sum.worst_writes <= 3, "a unit is written three times at most",
           &sum);
    snprintf(what, sizeof what, "enough cuts were tried in %zu scenarios",
             scenario_count);
    report(!all || (sum.cuts >= 100000 && sum.nested >= 40000), what, &sum);
}

/* Both at the worst places only, which chance seldom finds. */
static void test_commits(uint64_t seed, bool all)
{
    for (uint32_t unit = 4; unit <= 8; unit += 4) {
        struct tally tally = {.random = seed, .all = all};
        char what[160];

        for (size_t s = 0; s < (all ? scenario_count : 1); s++) {
            struct world w = make_world(&scenarios[s], 512, unit, false);

            cut_commits(&tally, &w);
            forget_worlds();
        }
        snprintf(what, sizeof what,
                 "no torn commit harms whose completion is torn: units of %u",
                 unit);
        report(bad_of(&tally) == 0 && tally.nested >= 1000, what, &tally);
    }
}

enum { TARGETS = 3 };

/* The first page, the last of the list, the one behind it. */
static uint32_t target_of(const struct world *w, unsigned which)
{
    uint32_t last = w->end == 0 ? 0 : (w->end - 1) / w->page;
    const uint32_t pages[TARGETS] = {0, last, last + 1};

    return w->front + pages[which] * w->page;
}

static void cut_open(struct tally *tally, const struct scenario *scenario,
                     uint32_t unit, mutator *mutate)
{
    for (unsigned kind = 0; kind < OPEN_KINDS; kind++)
        for (unsigned which = 0; which < TARGETS; which++) {
            struct world w = make_world(scenario, 512, unit, true);

            leave_open(w.image, w.page, target_of(&w, which), kind);
            cut_scenario(tally, &w, mutate);
            forget_worlds();
        }
}

/* The kernel was rewriting a page when its power failed, before the command. */
static void test_open_records(uint64_t seed, bool all)
{
    struct tally sum = {0};
    struct tally mutant = {.random = seed, .all = true, .stop_at_first = true};

    for (size_t s = 0; s < scenario_count; s++) {
        struct tally tally = {.random = seed + s, .all = all};
        char what[160];

        cut_open(&tally, &scenarios[s], 4, NULL);
        cut_open(&tally, &scenarios[s], 8, NULL);
        snprintf(what, sizeof what, "no cut harms, with a page open: %s",
                 scenarios[s].name);
        report(bad_of(&tally) == 0, what, &tally);
        add(&sum, &tally);
    }
    report(sum.worst_writes <= 3,
           "a unit is written three times at most, with a page open", &sum);
    for (size_t s = 0; s < scenario_count; s++)
        cut_open(&mutant, &scenarios[s], 4, forget_the_journal);
    report(bad_of(&mutant) != 0, "a page that is not completed is seen",
           &mutant);
}

static void test_mutants(uint64_t seed)
{
    for (size_t m = 0; m < mutant_count; m++) {
        struct tally tally = {
            .random = seed, .all = true, .stop_at_first = true};
        struct world w =
            make_world(find_scenario(mutants[m].scenario), 512, 4, false);
        char what[160];

        cut_scenario(&tally, &w, mutants[m].mutate);
        forget_worlds();
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
    test_commits(seed, all);
    test_open_records(seed, all);
    test_mutants(seed);
    printf("1..%d\n", test_number);
    return failed != 0;
}
