/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "command.h"

#include "backup.h"
#include "confirm.h"
#include "report.h"
#include "rewrite.h"
#include "saved.h"
#include "survey.h"

#include <stdlib.h>
#include <string.h>

struct restore_options {
    bool force;
};

static const struct cli_option options[] = {
    {"force", 0, CLI_FLAG, offsetof(struct restore_options, force), NULL,
     "also a backup of another board", 0},
};

/* Do the bytes belong on this board, by what the file's head says? */
static int check_head(const struct board *board, const struct backup *backup,
                      bool is_forced, struct err *e)
{
    if (!is_forced && strcmp(backup->board, board->name) != 0) {
        err_set(e, ERR_INPUT, "the backup is of the board '%s', not of %s",
                backup->board, board->name);
        return err_hint(e, "--force restores what fits all the same");
    }
    if (backup->start != board->apps.start)
        return err_set(e, ERR_INPUT,
                       "the backup is of apps at 0x%08x, those of %s start at "
                       "0x%08x",
                       backup->start, board->name, board->apps.start);
    if (backup->len > board->apps.size)
        return err_set(e, ERR_INPUT,
                       "the backup has %u bytes, %s has room for %u",
                       backup->len, board->name, board->apps.size);
    return 0;
}

static int check_objects(const struct region *region, struct err *e)
{
    for (size_t i = 0; i < region->count; i++) {
        const struct region_object *object = &region->objects[i];

        if (region_is_app(object) &&
            !place_flash_fits(region->board->place, object->address,
                              object->size))
            return err_set(e, ERR_INPUT,
                           "the backup has an app of %u bytes at 0x%08x, where "
                           "the memory protection of %s cannot map it",
                           object->size, object->address, region->board->name);
    }
    return 0;
}

/* The list must be all that there is, or something would be lost. */
static int check_list(const struct region *region, uint32_t len, struct err *e)
{
    if (region->end == region->board->apps.start + len)
        return 0;
    return err_set(e, ERR_INPUT,
                   "the backup's list ends at 0x%08x, its bytes at 0x%08x",
                   region->end, region->board->apps.start + len);
}

/* What the region will be, as a model to check and to count in. */
static int check(const struct session *session, const struct backup *backup,
                 const struct plan *plan, struct survey *survey, struct err *e)
{
    struct region region;
    int result = -1;

    region_init(&region, session->board, plan->want);
    if (check_list(&region, backup->len, e) == 0 &&
        check_objects(&region, e) == 0) {
        *survey = survey_region(&region);
        result = 0;
    }
    region_free(&region);
    return result;
}

static int ask(const struct session *session, const struct plan *plan,
               uint32_t apps, struct err *e)
{
    struct survey now = survey_region(&session->region);

    if (plan->count == 0 || now.apps == 0)
        return 0;
    return confirm(session, CONFIRM_REFUSE, e,
                   "Replace the %u app%s on the board by the %u of the backup",
                   now.apps, now.apps == 1 ? "" : "s", apps);
}

/* What a cut of `tidy` may have left: the list is whole without it now. */
static int forget_copy(const struct session *session, struct err *e)
{
    struct err none = {0};
    char *path = saved_path(session, &none);
    int result = 0;

    if (path != NULL && !session->options.dry_run)
        result = saved_remove(path, e);
    free(path);
    return result;
}

static int put_back(struct session *session, const char *path,
                    const struct backup *backup, struct err *e)
{
    struct plan plan;
    struct survey survey;
    int result = -1;

    rewrite_plan(session, backup->bytes, backup->len, &plan);
    if (check(session, backup, &plan, &survey, e) == 0 &&
        ask(session, &plan, survey.apps, e) == 0 &&
        session_apply(session, &plan, e) == 0 && forget_copy(session, e) == 0) {
        report_restored(session, &plan, path, survey.apps, backup->len);
        report_plan(session, &plan);
        result = 0;
    }
    plan_free(&plan);
    return result;
}

static int run(struct session *session, struct err *e)
{
    const struct restore_options *own = session->own;
    struct backup backup;
    const char *path;
    int result = -1;

    if (session->operands.count != 1)
        return err_set(e, ERR_USAGE, "restore takes one backup; found %zu",
                       session->operands.count);
    path = session->operands.words[0];
    session->rewrites = true;
    if (session_open_region(session, SESSION_CHANGE, e) != 0 ||
        backup_read(path, &backup, e) != 0)
        return -1;
    if (check_head(session->board, &backup, own->force, e) == 0)
        result = put_back(session, path, &backup, e);
    backup_free(&backup);
    return result == 0 ? 0 : err_while(e, "restoring '%s'", path);
}

const struct command cmd_restore = {
    .name = "restore",
    .changes_board = true,
    .summary = "put a backup back",
    .operands = "FILE",
    .details = "Makes the app region what it was when `backup` wrote FILE. "
               "Only pages that\ndiffer are written. Asks first if apps are "
               "replaced.\n",
    .examples = "tockloader-c restore --board qemu_rv32_virt --flash-file "
                "b.img apps.backup\n",
    .statuses = "3 4 5 6 7 130",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .own_size = sizeof(struct restore_options),
    .run = run,
};
