/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "change.h"
#include "command.h"

#include "apps.h"
#include "confirm.h"
#include "host/alloc.h"
#include "report.h"

#include <stdlib.h>
#include <string.h>

/* enable-app, disable-app, sticky-app, unsticky-app: one flag of apps. */

struct flag_options {
    bool force;
};

static const struct cli_option options[] = {
    {"force", 0, CLI_FLAG, offsetof(struct flag_options, force), NULL,
     "also where a credential covers the flags", 0},
};

/* What one of the commands does. */
struct flag {
    uint32_t set;
    uint32_t clear;
};

static bool has_credential(const struct region *region,
                           const struct region_object *object)
{
    struct tbf_footers walk =
        tbf_footers_start(&object->header, region_bytes_of(region, object));
    struct tbf_footer footer;

    while (tbf_footers_next(&walk, &footer))
        if (footer.format != TBF_CREDENTIAL_RESERVED)
            return true;
    return false;
}

static bool is_set(const struct region_object *object, const struct flag *flag)
{
    uint32_t flags = object->header.flags;

    return ((flags | flag->set) & ~flag->clear) == flags;
}

/* All apps, when none is named and that is what the user wants. */
static int choose_all(const struct session *session, bool *is_chosen,
                      struct err *e)
{
    const struct region *region = &session->region;
    char names[300];
    size_t count = 0;

    for (size_t i = 0; i < region->count; i++) {
        is_chosen[i] = region_is_app(&region->objects[i]);
        count += is_chosen[i];
    }
    if (count == 0) {
        err_set(e, ERR_STATE, "there are no apps on the board");
        return err_hint(e, "`tockloader-c install` puts one there");
    }
    if (count == 1)
        return 0;
    apps_list(region, is_chosen, names, sizeof names);
    return confirm(session, CONFIRM_REFUSE, e, "%s for all %zu apps: %s",
                   session->command, count, names);
}

static int choose(const struct session *session, bool *is_chosen, struct err *e)
{
    const struct cli_list *names = &session->operands;

    if (names->count == 0)
        return choose_all(session, is_chosen, e);
    for (size_t i = 0; i < names->count; i++)
        if (apps_choose(&session->region, names->words[i], is_chosen, e) != 0)
            return -1;
    return 0;
}

/* The header is part of what a credential signs. */
static int check_credential(const struct session *session,
                            const struct region_object *object, struct err *e)
{
    const struct flag_options *own = session->own;
    const struct tbf_header *h = &object->header;

    if (own->force || !has_credential(&session->region, object))
        return 0;
    err_set(e, ERR_STATE,
            "'%.*s' at 0x%08x carries a credential that covers its flags",
            (int)h->name_len, h->name_len == 0 ? "" : h->name, object->address);
    return err_hint(e, "--force changes them all the same; kernels that check "
                       "credentials will not start the app then");
}

static int fill_request(const struct session *session, const struct flag *flag,
                        const bool *is_chosen, struct request *request,
                        struct err *e)
{
    const struct region *region = &session->region;

    for (size_t i = 0; i < region->count; i++) {
        if (!is_chosen[i] || is_set(&region->objects[i], flag))
            continue;
        if (check_credential(session, &region->objects[i], e) != 0)
            return -1;
        request_flags(request, &region->objects[i], flag->set, flag->clear);
    }
    return 0;
}

static void report(struct session *session, const struct change *change,
                   const bool *is_chosen)
{
    const struct region *region = &session->region;
    const struct layout_request *wished = &change->request;

    for (size_t i = 0; i < region->count; i++) {
        const struct layout_wish *wish = NULL;

        for (size_t k = 0; k < wished->wish_count; k++)
            if (wished->wishes[k].old == &region->objects[i])
                wish = &wished->wishes[k];
        if (is_chosen[i])
            report_flags(session, &region->objects[i],
                         wish != NULL ? layout_item_of(&change->layout, wish)
                                      : NULL);
    }
    report_change(session, change);
}

static int carry_out(struct session *session, const struct request *request,
                     const bool *is_chosen, struct err *e)
{
    struct change change;
    int result;

    if (change_plan(session, request, &change, e) != 0)
        return -1;
    result = change_apply(session, &change, e);
    if (result == 0)
        report(session, &change, is_chosen);
    change_free(&change);
    return result;
}

static int run(struct session *session, const struct flag *flag, struct err *e)
{
    struct request request;
    bool *is_chosen;
    int result = -1;

    if (session_open_region(session, SESSION_CHANGE, e) != 0)
        return -1;
    is_chosen = alloc_zeroed(session->region.count, sizeof *is_chosen);
    request_begin(&request, &session->region, session->appends, 0);
    if (choose(session, is_chosen, e) == 0 &&
        fill_request(session, flag, is_chosen, &request, e) == 0)
        result = carry_out(session, &request, is_chosen, e);
    request_free(&request);
    free(is_chosen);
    return result;
}

static int run_enable(struct session *session, struct err *e)
{
    static const struct flag flag = {.set = TBF_FLAG_ENABLED};

    return run(session, &flag, e);
}

static int run_disable(struct session *session, struct err *e)
{
    static const struct flag flag = {.clear = TBF_FLAG_ENABLED};

    return run(session, &flag, e);
}

static int run_sticky(struct session *session, struct err *e)
{
    static const struct flag flag = {.set = TBF_FLAG_STICKY};

    return run(session, &flag, e);
}

static int run_unsticky(struct session *session, struct err *e)
{
    static const struct flag flag = {.clear = TBF_FLAG_STICKY};

    return run(session, &flag, e);
}

#define FLAG_COMMAND                                 \
    .changes_board = true, .operands = "[NAME...]",  \
    .statuses = "3 4 5 6 7 130", .options = options, \
    .option_count = ARRAY_COUNT(options),            \
    .own_size = sizeof(struct flag_options)

const struct command cmd_enable = {
    FLAG_COMMAND,
    .name = "enable-app",
    .summary = "let apps be started",
    .details = "Lets the kernel start the apps with these names at boot, or "
               "all apps if none is\nnamed.\n",
    .examples = "tockloader-c enable-app --board qemu_rv32_virt --flash-file "
                "b.img hello\n",
    .run = run_enable,
};

const struct command cmd_disable = {
    FLAG_COMMAND,
    .name = "disable-app",
    .summary = "keep apps, but do not start them",
    .details = "Keeps the apps with these names on the board, but the kernel "
               "does not start\nthem. Without a name: all apps.\n",
    .examples = "tockloader-c disable-app --board qemu_rv32_virt --flash-file "
                "b.img hello\n",
    .run = run_disable,
};

const struct command cmd_sticky = {
    FLAG_COMMAND,
    .name = "sticky-app",
    .summary = "protect apps from being removed",
    .details = "Protects the apps with these names, or all apps if none is "
               "named: uninstall and\nerase-apps leave them there without "
               "--force.\n",
    .examples = "tockloader-c sticky-app --board qemu_rv32_virt --flash-file "
                "b.img hello\n",
    .run = run_sticky,
};

const struct command cmd_unsticky = {
    FLAG_COMMAND,
    .name = "unsticky-app",
    .summary = "let apps be removed again",
    .details = "Takes back what sticky-app did, for the apps with these names, "
               "or for all if\nnone is named.\n",
    .examples = "tockloader-c unsticky-app --board qemu_rv32_virt --flash-file "
                "b.img hello\n",
    .run = run_unsticky,
};
