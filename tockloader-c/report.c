/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "report.h"

#include "host/text.h"
#include "host/ui.h"

#include <string.h>

enum { VERB_COLUMNS = 12 };

/* Where lines go; null: nowhere. */
static FILE *stream(const struct session *session)
{
    if (session->options.dry_run)
        return stdout;
    return session->options.quiet ? NULL : stderr;
}

/* done names what was done, planned what --dry-run would do. */
static void put_verb(const struct session *session, FILE *to, const char *done,
                     const char *planned)
{
    const char *verb = session->options.dry_run ? planned : done;
    bool green = to == stderr && session->colour_err;

    fprintf(to, "%s%-*s%s ", green ? "\033[32m" : "", VERB_COLUMNS, verb,
            green ? "\033[0m" : "");
}

static void put_name(FILE *to, const struct tbf_header *header)
{
    if (header->name_len == 0)
        fputs("an app without a name", to);
    else
        text_put(to, header->name, header->name_len, 0);
}

static void put_amount(const struct session *session, FILE *to,
                       uint32_t changed, uint32_t size)
{
    const char *written = session->options.dry_run ? "to write" : "written";

    if (changed == 0)
        fprintf(to, "%s already there", ui_size(size).text);
    else if (changed == size)
        fprintf(to, "%s %s", ui_size(changed).text, written);
    else
        fprintf(to, "%s %s, %s already there", ui_size(changed).text, written,
                ui_size(size - changed).text);
    fputs(changed == 0 || session->options.dry_run ? "\n" : ", verified\n", to);
}

void report_put(const struct session *session, const struct plan *plan,
                const struct layout_item *item)
{
    FILE *to = stream(session);
    uint32_t size = item->end - item->start;
    uint32_t changed = plan_changed_in(plan, item->start, size);
    const struct region_object *old = item->wish->old;

    if (to == NULL)
        return;
    if (changed == 0)
        put_verb(session, to, "Unchanged", "Keep");
    else if (old == NULL)
        put_verb(session, to, "Installed", "Install");
    else
        put_verb(session, to, "Updated", "Update");
    put_name(to, &item->image->header);
    fprintf(to, " at 0x%08x", item->start);
    if ((layout_flags(item->wish, item->image) & TBF_FLAG_ENABLED) == 0)
        fputs(" (disabled)", to);
    if (old != NULL && old->address != item->start)
        fprintf(to, " (was at 0x%08x)", old->address);
    fputs(": ", to);
    put_amount(session, to, changed, size);
}

void report_removed(const struct session *session,
                    const struct region_object *object)
{
    FILE *to = stream(session);

    if (to == NULL)
        return;
    put_verb(session, to, "Uninstalled", "Uninstall");
    put_name(to, &object->header);
    fprintf(to, " at 0x%08x: %s free\n", object->address,
            ui_size(object->size).text);
}

void report_bytes(const struct session *session, const struct plan *plan,
                  const char *what, uint32_t address, uint32_t size)
{
    FILE *to = stream(session);
    uint32_t changed = plan_changed_in(plan, address, size);

    if (to == NULL)
        return;
    if (changed == 0)
        put_verb(session, to, "Unchanged", "Keep");
    else
        put_verb(session, to, "Flashed", "Flash");
    text_put(to, what, strlen(what), 0);
    fprintf(to, " at 0x%08x: ", address);
    put_amount(session, to, changed, size);
}

void report_plan(const struct session *session, const struct plan *plan)
{
    FILE *to = stream(session);
    bool dry = session->options.dry_run;

    if (to == NULL || (!dry && session->options.verbose == 0))
        return;
    for (size_t i = 0; session->options.verbose != 0 && i < plan->count; i++)
        fprintf(to, "  0x%08x %s\n", plan->ops[i].page,
                plan->ops[i].kind == PLAN_ERASE ? "erase" : "program");
    fprintf(to, "%s %u and %s %u pages of %s, %u bytes change\n",
            dry ? "would erase" : "erased", plan->erased,
            dry ? "program" : "programmed", plan->programmed,
            ui_size(plan->page_size).text, plan->changed);
    if (dry)
        fputs("dry run: nothing was written\n", to);
}
