/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "change.h"
#include "command.h"

#include "apps.h"
#include "host/alloc.h"
#include "report.h"

#include <stdlib.h>

struct uninstall_options {
    bool force;
};

static const struct cli_option options[] = {
    {"force", 0, CLI_FLAG, offsetof(struct uninstall_options, force), NULL,
     "also sticky apps", 0},
};

/* Sticky apps only go when that is what the user insists on. */
static int check_sticky(const struct region *region, const bool *is_chosen,
                        struct err *e)
{
    for (size_t i = 0; i < region->count; i++) {
        const struct region_object *object = &region->objects[i];
        const struct tbf_header *h = &object->header;

        if (!is_chosen[i] || (h->flags & TBF_FLAG_STICKY) == 0)
            continue;
        err_set(e, ERR_STATE, "'%.*s' at 0x%08x is sticky", (int)h->name_len,
                h->name, object->address);
        return err_hint(e, "--force removes it all the same");
    }
    return 0;
}

/* Without a name the only app is meant; of several one must be named. */
static int choose_only(const struct region *region, bool *is_chosen,
                       struct err *e)
{
    size_t count = 0;

    for (size_t i = 0; i < region->count; i++) {
        is_chosen[i] = region_is_app(&region->objects[i]);
        count += is_chosen[i];
    }
    if (count == 1)
        return 0;
    err_set(e, ERR_USAGE, "no app named, and there are %zu on the board",
            count);
    return err_hint(e, "`tockloader-c list -q` prints the names, "
                       "`tockloader-c erase-apps` removes all");
}

static int fill_request(const struct session *session, struct request *request,
                        struct err *e)
{
    const struct uninstall_options *own = session->own;
    const struct region *region = &session->region;
    const struct cli_list *names = &session->operands;
    bool *is_chosen = alloc_zeroed(region->count, sizeof *is_chosen);
    int result = names->count == 0 ? choose_only(region, is_chosen, e) : 0;

    for (size_t i = 0; i < names->count && result == 0; i++)
        result = apps_choose(region, names->words[i], is_chosen, e);
    if (result == 0 && !own->force)
        result = check_sticky(region, is_chosen, e);
    for (size_t i = 0; i < region->count && result == 0; i++)
        if (is_chosen[i])
            request_remove(request, &region->objects[i]);
    free(is_chosen);
    return result;
}

static int carry_out(struct session *session, const struct request *request,
                     struct err *e)
{
    const struct region *region = &session->region;
    struct change change;
    int result;

    if (change_plan(session, request, &change, e) != 0)
        return -1;
    result = change_apply(session, &change, e);
    for (size_t i = 0; i < region->count && result == 0; i++)
        if (request_removes(request, &region->objects[i]))
            report_removed(session, &region->objects[i]);
    if (result == 0)
        report_change(session, &change);
    change_free(&change);
    return result;
}

static int run(struct session *session, struct err *e)
{
    struct request request;
    int result = -1;

    if (session_open_region(session, SESSION_CHANGE, e) != 0)
        return -1;
    request_begin(&request, &session->region, session->appends, 0);
    if (fill_request(session, &request, e) == 0)
        result = carry_out(session, &request, e);
    request_free(&request);
    return result;
}

const struct command cmd_uninstall = {
    .name = "uninstall",
    .changes_board = true,
    .summary = "remove apps",
    .operands = "[NAME...]",
    .details = "Removes the apps with these names, or the only one. Nothing is "
               "removed if one is\nmissing, or sticky and --force is not "
               "given.\n",
    .examples = "tockloader-c uninstall --board qemu_rv32_virt --flash-file "
                "b.img hello\n",
    .statuses = "3 4 5 6 7 130",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .own_size = sizeof(struct uninstall_options),
    .run = run,
};
