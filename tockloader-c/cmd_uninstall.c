/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "change.h"
#include "command.h"

#include "report.h"

#include <string.h>

struct uninstall_options {
    bool force;
};

static const struct cli_option options[] = {
    {"force", 0, CLI_FLAG, offsetof(struct uninstall_options, force), NULL,
     "also sticky apps", 0},
};

static void list_names(const struct region *region, char *out, size_t room)
{
    size_t len = 0;

    out[0] = '\0';
    for (size_t i = 0; i < region->count && len < room; i++) {
        const struct tbf_header *h = &region->objects[i].header;

        if (region_is_app(&region->objects[i]) && h->name_len != 0)
            len += (size_t)snprintf(out + len, room - len, "%s%.*s",
                                    len == 0 ? "" : ", ", (int)h->name_len,
                                    h->name);
    }
}

static int not_installed(const struct region *region, const char *name,
                         struct err *e)
{
    char names[400];

    list_names(region, names, sizeof names);
    err_set(e, ERR_STATE, "no app '%s' is installed", name);
    if (names[0] == '\0')
        return err_hint(e, "there are no apps on the board");
    return err_hint(e, "installed are: %s", names);
}

/* Marks every app of this name. */
static int mark(struct request *request, const char *name, bool is_forced,
                struct err *e)
{
    const struct region *region = request->region;
    bool is_found = false;

    for (size_t i = 0; i < region->count; i++) {
        const struct region_object *object = &region->objects[i];

        if (!region_is_app(object) ||
            !region_is_named(&object->header, name, strlen(name)))
            continue;
        if ((object->header.flags & TBF_FLAG_STICKY) != 0 && !is_forced) {
            err_set(e, ERR_STATE, "'%s' at 0x%08x is sticky", name,
                    object->address);
            return err_hint(e, "--force removes it all the same");
        }
        request_remove(request, object);
        is_found = true;
    }
    return is_found ? 0 : not_installed(region, name, e);
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
        report_plan(session, &change.plan);
    change_free(&change);
    return result;
}

static int run(struct session *session, struct err *e)
{
    const struct uninstall_options *own = session->own;
    const struct cli_list *names = &session->operands;
    struct request request;
    int result = 0;

    if (names->count == 0) {
        err_set(e, ERR_USAGE, "no app named");
        return err_hint(e, "`tockloader-c list -q` prints the names");
    }
    if (session_open_region(session, SESSION_CHANGE, e) != 0)
        return -1;
    request_begin(&request, &session->region, 0);
    for (size_t i = 0; i < names->count && result == 0; i++)
        result = mark(&request, names->words[i], own->force, e);
    if (result == 0)
        result = carry_out(session, &request, e);
    request_free(&request);
    return result;
}

const struct command cmd_uninstall = {
    .name = "uninstall",
    .changes_board = true,
    .summary = "remove apps",
    .operands = "NAME...",
    .details = "Removes the apps with these names. Nothing is removed if one "
               "of them is\nmissing, or sticky and --force is not given.\n",
    .examples = "tockloader-c uninstall --board qemu_rv32_virt --flash-file "
                "b.img hello\n",
    .statuses = "3 4 5 6 7 130",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .own_size = sizeof(struct uninstall_options),
    .run = run,
};
