/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "change.h"
#include "command.h"

#include "apps.h"
#include "confirm.h"
#include "report.h"
#include "rewrite.h"
#include "survey.h"

struct erase_options {
    bool force;
};

static const struct cli_option options[] = {
    {"force", 0, CLI_FLAG, offsetof(struct erase_options, force), NULL,
     "also sticky apps", 0},
};

/* Padding is what the layout makes of the space between those who stay. */
static bool goes(const struct region_object *object, bool is_forced)
{
    if (region_is_padding(object))
        return false;
    return is_forced || !region_is_app(object) || !survey_is_sticky(object);
}

static void fill_request(const struct session *session, struct request *request)
{
    const struct erase_options *own = session->own;
    const struct region *region = &session->region;

    for (size_t i = 0; i < region->count; i++)
        if (goes(&region->objects[i], own->force))
            request_remove(request, &region->objects[i]);
}

static void report(struct session *session, const struct request *request,
                   const struct change *change)
{
    const struct region *region = &session->region;

    for (size_t i = 0; i < region->count; i++) {
        const struct region_object *object = &region->objects[i];

        if (region_is_app(object) && request_removes(request, object))
            report_removed(session, object);
        else if (region_is_app(object))
            report_kept(session, object, "sticky");
    }
    report_change(session, change);
}

/*
 * Where the list may be rewritten as a whole, nothing stays behind it, so
 * that no old app can come back when a new one happens to end in front of it.
 */
static void erase_rest(const struct session *session, struct change *change)
{
    uint32_t len = layout_end(&change->layout) - session->board->apps.start;
    struct plan plan;

    rewrite_plan(session, change->plan.want, len, &plan);
    plan_free(&change->plan);
    change->plan = plan;
}

/* The same where apps that stay must be safe: when all others are gone. */
static int erase_tail(struct session *session, struct err *e)
{
    struct plan plan;
    int result;

    if (session->options.dry_run)
        return 0;
    if (session_read_region(session, SESSION_LOOK, e) != 0)
        return -1;
    rewrite_plan_tail(session, &plan);
    result = session_apply(session, &plan, e);
    plan_free(&plan);
    return result;
}

static int ask(const struct session *session, const struct request *request,
               struct err *e)
{
    const struct region *region = &session->region;
    char names[300];
    size_t count = 0;

    for (size_t i = 0; i < region->count; i++)
        count += region_is_app(&region->objects[i]) &&
                 request_removes(request, &region->objects[i]);
    if (count == 0)
        return 0;
    apps_list(region, request->is_removed, names, sizeof names);
    return confirm(session, CONFIRM_GO_ON, e,
                   "Remove %zu app%s from the board: %s", count,
                   count == 1 ? "" : "s", names);
}

static int carry_out(struct session *session, const struct request *request,
                     struct err *e)
{
    struct change change;
    int result = -1;

    if (change_plan(session, request, &change, e) != 0)
        return -1;
    if (!session->appends)
        erase_rest(session, &change);
    if (ask(session, request, e) == 0 &&
        change_apply(session, &change, e) == 0) {
        report(session, request, &change);
        result = session->appends ? erase_tail(session, e) : 0;
    }
    change_free(&change);
    return result;
}

static int run(struct session *session, struct err *e)
{
    struct request request;
    int result;

    if (session->operands.count != 0) {
        err_set(e, ERR_USAGE, "erase-apps takes no operand, found '%s'",
                session->operands.words[0]);
        return err_hint(e, "`tockloader-c uninstall %s` removes single apps",
                        session->operands.words[0]);
    }
    if (session_open_region(session, SESSION_CHANGE, e) != 0)
        return -1;
    request_begin(&request, &session->region, session->appends, 0);
    fill_request(session, &request);
    result = carry_out(session, &request, e);
    request_free(&request);
    return result;
}

const struct command cmd_erase = {
    .name = "erase-apps",
    .changes_board = true,
    .summary = "remove all apps",
    .operands = "",
    .details = "Removes all apps but sticky ones, and whatever stands behind "
               "the list: nothing\nof it can come back. Asks first at a "
               "terminal.\n",
    .examples = "tockloader-c erase-apps --board qemu_rv32_virt --flash-file "
                "b.img\n",
    .statuses = "3 4 5 6 130",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .own_size = sizeof(struct erase_options),
    .run = run,
};
