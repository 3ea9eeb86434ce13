/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "command.h"

#include "report.h"
#include "rewrite.h"
#include "saved.h"

#include <stdlib.h>

/* A rewrite of the list was interrupted: back to what was there before. */
static int put_back(struct session *session, const char *path, struct err *e)
{
    struct plan plan;
    int result = saved_put_back(session, path, &plan, e);

    if (result == 0)
        report_recovered(session, &plan, path);
    plan_free(&plan);
    return result;
}

/*
 * May what stands behind the list be the rest of a command that was cut off?
 * Then no whole app is in it, and the list does not end in a damaged header.
 */
static bool is_rest(const struct region *region)
{
    return region->tail != REGION_TAIL_UNKNOWN ||
           (!region->has_hidden && region->end_status == TBF_END);
}

/*
 * Whether the older of two copies is only there because its retirement was cut
 * off, or because somebody wants two, nobody but the user knows.
 */
static void note_twins(struct session *session)
{
    const struct region *region = &session->region;

    for (size_t i = 0; i < region->count; i++) {
        const struct region_object *older = &region->objects[i];
        const struct tbf_header *h = &older->header;

        for (size_t k = i + 1; k < region->count && region_is_app(older); k++)
            if (region_is_app(&region->objects[k]) &&
                region_is_named(&region->objects[k].header, h->name,
                                h->name_len))
                notes_add(&session->notes,
                          "'%.*s' is there twice, at 0x%08x and 0x%08x; if an "
                          "update of it was cut off, repeat it",
                          (int)h->name_len, h->name, older->address,
                          region->objects[k].address);
    }
}

/*
 * What was half done inside the list was completed when the region was
 * opened. What an interrupted command left behind the list was never part of
 * it; it is erased.
 */
static int clear_tail(struct session *session, struct err *e)
{
    struct plan plan;
    int result = -1;

    rewrite_plan_tail(session, &plan);
    if (session_apply(session, &plan, e) == 0) {
        report_recovered(session, &plan, NULL);
        result = 0;
    }
    plan_free(&plan);
    return result;
}

static int recover(struct session *session, const char *path, struct err *e)
{
    if (path != NULL && saved_exists(path))
        return put_back(session, path, e);
    if (is_rest(&session->region)) {
        note_twins(session);
        return clear_tail(session, e);
    }
    err_set(e, ERR_STATE, "%s", region_tail_text(&session->region).text);
    return err_hint(e, "`tockloader-c backup FILE` saves the list, "
                       "`tockloader-c install --force` goes on in front of it");
}

static int run(struct session *session, struct err *e)
{
    struct err none = {0}; /* without a folder for it there is no copy */
    char *path;
    int result;

    if (session->operands.count != 0)
        return err_set(e, ERR_USAGE, "recover takes no operand, found '%s'",
                       session->operands.words[0]);
    session->rewrites = true;
    if (session_open_region(session, SESSION_CHANGE, e) != 0)
        return -1;
    path = saved_path(session, &none);
    result = recover(session, path, e);
    free(path);
    return result;
}

const struct command cmd_recover = {
    .name = "recover",
    .changes_board = true,
    .summary = "complete or undo what was interrupted",
    .operands = "",
    .details = "Brings the list of apps into order after a command was cut "
               "off: completes what\nwas begun, or puts back what was there. "
               "Repeating that command does it, too.\n",
    .examples = "tockloader-c recover --board qemu_rv32_virt --flash-file "
                "b.img\n",
    .statuses = "3 4 5 6 7 130",
    .run = run,
};
