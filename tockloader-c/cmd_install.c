/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "command.h"

#include "bundle.h"
#include "change.h"
#include "confirm.h"
#include "host/alloc.h"
#include "report.h"

#include <stdlib.h>
#include <string.h>

struct install_options {
    bool no_replace;
    bool preserve_order;
    bool erase;
    bool sticky;
    bool in_place;
    bool force;
};

static const struct cli_option install_options[] = {
    {"no-replace", 0, CLI_FLAG, offsetof(struct install_options, no_replace),
     NULL, "keep apps of the same name, add another one", 0},
    {"preserve-order", 0, CLI_FLAG,
     offsetof(struct install_options, preserve_order), NULL,
     "the same, behind each other as they are named", 0},
    {"erase", 0, CLI_FLAG, offsetof(struct install_options, erase), NULL,
     "remove all apps first, but sticky ones", 0},
    {"sticky", 0, CLI_FLAG, offsetof(struct install_options, sticky), NULL,
     "mark the new apps as sticky", 0},
    {"in-place", 0, CLI_FLAG, offsetof(struct install_options, in_place), NULL,
     "rewrite the list, with a copy of it on the host", 0},
    {"force", 0, CLI_FLAG, offsetof(struct install_options, force), NULL,
     "ignore board, kernel and unknown bytes", 0},
};

static const struct cli_option update_options[] = {
    {"in-place", 0, CLI_FLAG, offsetof(struct install_options, in_place), NULL,
     "rewrite the list, with a copy of it on the host", 0},
    {"force", 0, CLI_FLAG, offsetof(struct install_options, force), NULL,
     "ignore board, kernel and unknown bytes", 0},
};

/* What one run works on. */
struct job {
    struct session *session;
    const struct install_options *own;
    bool only_update;
    struct bundle *bundles; /* one for each TAB */
    size_t bundle_count;
    struct request request;
};

/* Does a new app stand beside one of its name? */
static bool adds(const struct job *job)
{
    return job->own->no_replace || job->own->preserve_order;
}

/* --- from TABs to wishes -------------------------------------------------- */

static int open_bundles(struct job *job, struct err *e)
{
    const struct cli_list *tabs = &job->session->operands;

    job->bundles = alloc_zeroed(tabs->count, sizeof *job->bundles);
    for (size_t i = 0; i < tabs->count; i++) {
        if (bundle_open(tabs->words[i], job->session->board, job->own->force,
                        &job->session->notes, &job->bundles[i], e) != 0)
            return -1;
        job->bundle_count++;
    }
    return 0;
}

/* Two of one name would replace each other. */
static int check_twins(const struct job *job, struct err *e)
{
    for (size_t i = 0; i < job->bundle_count; i++) {
        size_t len;
        const char *name = bundle_name(&job->bundles[i], &len);

        for (size_t k = 0; k < i; k++) {
            if (!region_is_named(&job->bundles[k].images[0].header, name, len))
                continue;
            err_set(e, ERR_USAGE, "'%s' and '%s' both hold the app '%.*s'",
                    job->bundles[k].path, job->bundles[i].path, (int)len, name);
            return err_hint(e, "name one of them; install --no-replace takes "
                               "both");
        }
    }
    return 0;
}

static bool changes_flags(const struct layout_wish *wish)
{
    for (size_t i = 0; i < wish->count; i++)
        if (layout_flags(wish, &wish->images[i]) !=
            wish->images[i].header.flags)
            return true;
    return false;
}

/*
 * A replaced app hands on that it is disabled or sticky: the user set these,
 * not the TAB. Where a credential covers the flags they stay as signed.
 */
static int choose_flags(const struct job *job, const struct bundle *bundle,
                        struct layout_wish *wish, struct err *e)
{
    uint32_t old = wish->old != NULL ? wish->old->header.flags
                                     : (uint32_t)TBF_FLAG_ENABLED;

    wish->set_flags = old & TBF_FLAG_STICKY;
    wish->clear_flags = ~old & TBF_FLAG_ENABLED;
    if (job->own->sticky)
        wish->set_flags |= TBF_FLAG_STICKY;
    if (job->own->force || !changes_flags(wish) || !bundle_is_signed(bundle))
        return 0;
    if (job->own->sticky) {
        err_set(e, ERR_INPUT,
                "'%s' carries a credential that marking it as sticky would "
                "break",
                bundle->path);
        return err_hint(e, "--force does it all the same");
    }
    wish->set_flags = 0;
    wish->clear_flags = 0;
    notes_add(&job->session->notes,
              "'%s' could not take over that the old app was %s: its "
              "credential covers the flags",
              bundle->path,
              (old & TBF_FLAG_STICKY) != 0 ? "sticky" : "disabled");
    return 0;
}

static int add_wish(struct job *job, const struct bundle *bundle,
                    const struct region_object *old, struct err *e)
{
    return choose_flags(
        job, bundle,
        request_put(&job->request, bundle->images, bundle->count, old), e);
}

static bool is_named(const struct region_object *object, const char *name,
                     size_t len)
{
    return region_is_app(object) && region_is_named(&object->header, name, len);
}

/* Replaces every app of this name, or adds one. */
static int wish_for(struct job *job, const struct bundle *bundle, struct err *e)
{
    const struct region *region = &job->session->region;
    size_t len;
    const char *name = bundle_name(bundle, &len);
    const struct region_object *is_new =
        request_find(&job->request, bundle->images, bundle->count);
    bool is_there = false;

    for (size_t i = 0; i < region->count && !adds(job); i++) {
        const struct region_object *object = &region->objects[i];

        if (!is_named(object, name, len))
            continue;
        is_there = true;
        if (is_new != NULL && object != is_new)
            request_remove(&job->request, object);
        else if (add_wish(job, bundle, object, e) != 0)
            return -1;
    }
    if (is_there)
        return 0;
    if (!job->only_update)
        return add_wish(job, bundle, NULL, e);
    notes_add(&job->session->notes, "'%.*s' is not installed, '%s' is left out",
              (int)len, name, bundle->path);
    return 0;
}

static void erase_others(struct job *job)
{
    const struct region *region = &job->session->region;

    for (size_t i = 0; i < region->count; i++)
        if (region_is_app(&region->objects[i]) &&
            (region->objects[i].header.flags & TBF_FLAG_STICKY) == 0)
            request_remove(&job->request, &region->objects[i]);
}

static int make_wishes(struct job *job, struct err *e)
{
    request_begin(&job->request, &job->session->region, job->session->appends,
                  job->bundle_count);
    job->request.layout.overwrite_tail = job->own->force;
    job->request.layout.in_order = job->own->preserve_order;
    job->request.is_saved = job->own->in_place;
    for (size_t i = 0; i < job->bundle_count; i++)
        if (wish_for(job, &job->bundles[i], e) != 0)
            return -1;
    if (job->own->erase)
        erase_others(job);
    if (job->request.layout.wish_count != 0)
        return 0;
    err_set(e, ERR_STATE, "nothing to update: none of these apps is installed");
    return err_hint(e, "`tockloader-c install` puts new apps on the board");
}

/* --- from wishes to the board --------------------------------------------- */

static void report(const struct job *job, const struct change *change)
{
    const struct region *region = &job->session->region;
    const struct request *request = &job->request;

    for (size_t i = 0; i < request->layout.wish_count; i++)
        report_put(job->session, &change->plan,
                   layout_item_of(&change->layout, &request->wishes[i]));
    for (size_t i = 0; i < region->count; i++) {
        const struct region_object *object = &region->objects[i];

        if (request_removes(request, object) &&
            !request_replaces(request, object))
            report_removed(job->session, object);
    }
    report_change(job->session, change);
}

/* What a cut would leave is said before. */
static int apply_in_place(const struct job *job, const struct change *change,
                          struct err *e)
{
    if (job->session->appends &&
        confirm(job->session, CONFIRM_REFUSE, e,
                "Rewrite %u pages in place; if that is interrupted, apps are "
                "gone until `tockloader-c recover` has put them back",
                change->plan.erased) != 0)
        return -1;
    return change_apply_saved(job->session, change, e);
}

static int carry_out(const struct job *job, struct err *e)
{
    struct change change;
    int result;

    if (change_plan(job->session, &job->request, &change, e) != 0)
        return -1;
    result = job->own->in_place ? apply_in_place(job, &change, e)
                                : change_apply(job->session, &change, e);
    if (result == 0)
        report(job, &change);
    change_free(&change);
    return result;
}

static int run(struct session *session, bool only_update, struct err *e)
{
    struct job job = {
        .session = session,
        .own = session->own,
        .only_update = only_update,
    };
    int result = -1;

    if (session->operands.count == 0) {
        err_set(e, ERR_USAGE, "no TAB named");
        return err_hint(e, "tockloader-c %s APP.tab", session->command);
    }
    if (session_open_region(session, SESSION_CHANGE, e) == 0 &&
        open_bundles(&job, e) == 0 &&
        (adds(&job) || check_twins(&job, e) == 0) &&
        make_wishes(&job, e) == 0 && carry_out(&job, e) == 0)
        result = 0;
    for (size_t i = 0; i < job.bundle_count; i++)
        bundle_free(&job.bundles[i]);
    free(job.bundles);
    request_free(&job.request);
    return result;
}

static int run_install(struct session *session, struct err *e)
{
    return run(session, false, e);
}

static int run_update(struct session *session, struct err *e)
{
    return run(session, true, e);
}

const struct command cmd_install = {
    .name = "install",
    .changes_board = true,
    .summary = "put apps on the board",
    .operands = "TAB...",
    .details =
        "Takes what each TAB has for the board's processor. An app of the "
        "same name\nis replaced; all other apps and the kernel stay as they "
        "are.\n",
    .examples = "tockloader-c install --board qemu_rv32_virt --flash-file "
                "b.img hello.tab\n",
    .statuses = "3 4 5 6 7 130",
    .options = install_options,
    .option_count = ARRAY_COUNT(install_options),
    .own_size = sizeof(struct install_options),
    .run = run_install,
};

const struct command cmd_update = {
    .name = "update",
    .changes_board = true,
    .summary = "replace apps that are on the board",
    .operands = "TAB...",
    .details = "Like install, but an app that is not installed is left out.\n",
    .examples = "tockloader-c update --board qemu_rv32_virt --flash-file b.img "
                "hello.tab\n",
    .statuses = "3 4 5 6 7 130",
    .options = update_options,
    .option_count = ARRAY_COUNT(update_options),
    .own_size = sizeof(struct install_options),
    .run = run_update,
};
