/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "change.h"
#include "command.h"

#include "confirm.h"
#include "host/ui.h"
#include "report.h"
#include "saved.h"

#include <stdlib.h>

static uint32_t retired_bytes(const struct region *region)
{
    uint32_t bytes = 0;

    for (size_t i = 0; i < region->count; i++)
        if (region->objects[i].is_retired)
            bytes += region->objects[i].size;
    return bytes;
}

static int tidy(struct session *session, uint32_t retired, struct err *e)
{
    struct request request;
    struct change change;
    int result = -1;

    request_begin(&request, &session->region, session->appends, 0);
    /* Retired copies need not be asked for: a compact list has none. */
    request.is_saved = true;
    if (change_plan(session, &request, &change, e) == 0) {
        if (confirm(session, CONFIRM_REFUSE, e,
                    "Rewrite the list of apps to free %s",
                    ui_size(retired).text) == 0 &&
            change_apply_saved(session, &change, e) == 0) {
            report_tidied(session, retired);
            report_change(session, &change);
            result = 0;
        }
        change_free(&change);
    }
    request_free(&request);
    return result;
}

/* An earlier run was cut off: start again with what was there before it. */
static int put_back(struct session *session, struct err *e)
{
    struct err none = {0};
    char *path = saved_path(session, &none);
    struct plan plan = {0};
    int result = 0;

    if (path != NULL && saved_exists(path)) {
        result = saved_put_back(session, path, &plan, e);
        if (result == 0 && !session->options.dry_run)
            result = session_read_region(session, SESSION_CHANGE, e);
    }
    plan_free(&plan);
    free(path);
    return result;
}

static int run(struct session *session, struct err *e)
{
    uint32_t retired;

    if (session->operands.count != 0)
        return err_set(e, ERR_USAGE, "tidy takes no operand, found '%s'",
                       session->operands.words[0]);
    session->rewrites = true;
    if (session_open_region(session, SESSION_CHANGE, e) != 0 ||
        put_back(session, e) != 0)
        return -1;
    retired = retired_bytes(&session->region);
    if (retired != 0)
        return tidy(session, retired, e);
    report_tidied(session, 0);
    return 0;
}

const struct command cmd_tidy = {
    .name = "tidy",
    .changes_board = true,
    .summary = "free the flash of retired apps",
    .operands = "",
    .details = "Frees the flash of apps that updates have retired, and closes "
               "up the list. Asks\nfirst. While it runs a copy of the apps is "
               "kept on this computer.\n",
    .examples = "tockloader-c tidy --yes --board qemu_rv32_virt --flash-file "
                "b.img\n",
    .statuses = "3 4 5 6 7 130",
    .run = run,
};
