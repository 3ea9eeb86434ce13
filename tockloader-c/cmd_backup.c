/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "command.h"

#include "backup.h"
#include "describe.h"
#include "host/text.h"
#include "host/ui.h"
#include "survey.h"

#include <string.h>

static void report(const struct session *session, const char *path,
                   uint32_t len)
{
    struct survey survey = survey_region(&session->region);
    FILE *to = session->options.dry_run ? stdout : stderr;

    if (session->json != NULL || session->options.quiet)
        return;
    fputs(session->options.dry_run ? "Back up      " : "Backed up    ", to);
    fprintf(to, "%u app%s, %s, to ", survey.apps, survey.apps == 1 ? "" : "s",
            ui_size(len).text);
    text_put(to, path, strlen(path), 0);
    putc('\n', to);
}

static void document(const struct session *session, const char *path,
                     uint32_t len)
{
    struct json *file = json_add_object(session->json, "file");

    json_add_string(file, "path", path);
    json_add_number(file, "size", len);
    json_add_bool(file, "written", !session->options.dry_run);
    describe_region(session->json, &session->region, NULL);
}

static int run(struct session *session, struct err *e)
{
    const struct region *region = &session->region;
    const char *path;
    struct backup backup = {0};

    if (session->operands.count != 1)
        return err_set(e, ERR_USAGE,
                       "backup takes one file to write to; found %zu",
                       session->operands.count);
    path = session->operands.words[0];
    if (session_open_region(session, SESSION_LOOK, e) != 0)
        return -1;
    backup.start = region->board->apps.start;
    backup.len = region->end - backup.start;
    backup.bytes = region->bytes;
    snprintf(backup.board, sizeof backup.board, "%s", region->board->name);
    if (!session->options.dry_run && backup_write(path, &backup, e) != 0)
        return -1;
    if (session->json != NULL)
        document(session, path, backup.len);
    report(session, path, backup.len);
    return 0;
}

const struct command cmd_backup = {
    .name = "backup",
    .summary = "save all apps to a file",
    .operands = "FILE",
    .details =
        "Saves the list of apps to FILE, byte for byte and with its layout. "
        "`restore`\nputs it back, `verify` compares a board with it.\n",
    .examples = "tockloader-c backup --board qemu_rv32_virt --flash-file b.img "
                "apps.backup\n",
    .statuses = "3",
    .run = run,
};
