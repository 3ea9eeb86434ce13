/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "report.h"

#include "host/json.h"
#include "host/text.h"
#include "host/ui.h"

#include <string.h>

enum { VERB_COLUMNS = 12 };

/* Where lines go; null: nowhere. */
static FILE *stream(const struct session *session)
{
    if (session->json != NULL)
        return NULL;
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

/* What is done to an app; the word stands in the document. */
static const char *action_of(const struct layout_item *item, uint32_t changed)
{
    if (changed == 0)
        return "keep";
    return item->wish->old == NULL ? "install" : "update";
}

/* An app of the document, without where it is and was. */
static struct json *add_app(struct session *session, const char *action,
                            const struct tbf_header *header)
{
    struct json *app;

    if (session->json_apps == NULL)
        session->json_apps = json_add_array(session->json, "apps");
    app = json_add_object(session->json_apps, NULL);
    json_add_string(app, "action", action);
    json_add_text(app, "name", header->name_len == 0 ? "" : header->name,
                  header->name_len);
    return app;
}

static void add_was(struct json *app, const struct region_object *old)
{
    if (old == NULL)
        json_add_null(app, "was");
    else
        json_add_number(app, "was", old->address);
}

static void document_put(struct session *session,
                         const struct layout_item *item, uint32_t changed)
{
    uint32_t flags = layout_flags(item->wish, item->image);
    struct json *app =
        add_app(session, action_of(item, changed), &item->image->header);

    json_add_number(app, "address", item->start);
    json_add_number(app, "size", item->end - item->start);
    add_was(app, item->wish->old);
    json_add_number(app, "changed", changed);
    json_add_bool(app, "enabled", (flags & TBF_FLAG_ENABLED) != 0);
    json_add_bool(app, "sticky", (flags & TBF_FLAG_STICKY) != 0);
}

void report_put(struct session *session, const struct plan *plan,
                const struct layout_item *item)
{
    FILE *to = stream(session);
    uint32_t size = item->end - item->start;
    uint32_t changed = plan_changed_in(plan, item->start, size);
    const struct region_object *old = item->wish->old;

    if (session->json != NULL)
        document_put(session, item, changed);
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

static void document_removed(struct session *session,
                             const struct region_object *object)
{
    struct json *app = add_app(session, "remove", &object->header);

    json_add_null(app, "address");
    json_add_number(app, "size", object->size);
    add_was(app, object);
}

void report_removed(struct session *session, const struct region_object *object)
{
    FILE *to = stream(session);

    if (session->json != NULL)
        document_removed(session, object);
    if (to == NULL)
        return;
    put_verb(session, to, "Uninstalled", "Uninstall");
    put_name(to, &object->header);
    fprintf(to, " at 0x%08x: %s free\n", object->address,
            ui_size(object->size).text);
}

/* An app that stands at address, with these flags, as it did before. */
static void document_app(struct session *session, const char *action,
                         const struct region_object *object, uint32_t address,
                         uint32_t flags)
{
    struct json *app = add_app(session, action, &object->header);

    json_add_number(app, "address", address);
    json_add_number(app, "size", object->size);
    add_was(app, object);
    json_add_bool(app, "enabled", (flags & TBF_FLAG_ENABLED) != 0);
    json_add_bool(app, "sticky", (flags & TBF_FLAG_STICKY) != 0);
}

void report_kept(struct session *session, const struct region_object *object,
                 const char *why)
{
    FILE *to = stream(session);

    if (session->json != NULL)
        document_app(session, "keep", object, object->address,
                     object->header.flags);
    if (to == NULL)
        return;
    put_verb(session, to, "Kept", "Keep");
    put_name(to, &object->header);
    fprintf(to, " at 0x%08x: %s\n", object->address, why);
}

void report_flags(struct session *session, const struct region_object *object,
                  const struct layout_item *item)
{
    FILE *to = stream(session);
    uint32_t address = item != NULL ? item->start : object->address;
    uint32_t flags = item != NULL ? layout_flags(item->wish, item->image)
                                  : object->header.flags;

    if (session->json != NULL)
        document_app(session, item != NULL ? "flag" : "keep", object, address,
                     flags);
    if (to == NULL)
        return;
    if (item != NULL)
        put_verb(session, to, "Changed", "Change");
    else
        put_verb(session, to, "Unchanged", "Keep");
    put_name(to, &object->header);
    fprintf(to, " at 0x%08x", address);
    if (address != object->address)
        fprintf(to, " (was at 0x%08x)", object->address);
    fprintf(to, ": %s%s\n",
            (flags & TBF_FLAG_ENABLED) != 0 ? "enabled" : "disabled",
            (flags & TBF_FLAG_STICKY) != 0 ? ", sticky" : "");
}

static void document_bytes(struct session *session, const char *what,
                           uint32_t address, uint32_t size, uint32_t changed)
{
    struct json *file = json_add_object(session->json, "file");

    json_add_string(file, "path", what);
    json_add_number(file, "address", address);
    json_add_number(file, "size", size);
    json_add_number(file, "changed", changed);
}

void report_bytes(struct session *session, const struct plan *plan,
                  const char *what, uint32_t address, uint32_t size)
{
    FILE *to = stream(session);
    uint32_t changed = plan_changed_in(plan, address, size);

    if (session->json != NULL)
        document_bytes(session, what, address, size, changed);
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

void report_restored(struct session *session, const struct plan *plan,
                     const char *path, uint32_t apps, uint32_t size)
{
    FILE *to = stream(session);

    if (session->json != NULL)
        document_bytes(session, path, plan->start, size, plan->changed);
    if (to == NULL)
        return;
    if (plan->changed == 0)
        put_verb(session, to, "Unchanged", "Keep");
    else
        put_verb(session, to, "Restored", "Restore");
    fprintf(to, "%u app%s from ", apps, apps == 1 ? "" : "s");
    text_put(to, path, strlen(path), 0);
    fputs(": ", to);
    put_amount(session, to, plan->changed,
               plan->changed > size ? plan->changed : size);
}

void report_tidied(struct session *session, uint32_t bytes)
{
    FILE *to = stream(session);

    if (session->json != NULL)
        json_add_number(session->json, "freed", bytes);
    if (to == NULL)
        return;
    if (bytes == 0) {
        fputs("nothing to tidy: no app is retired\n", to);
        return;
    }
    put_verb(session, to, "Tidied", "Tidy");
    fprintf(to, "%s of retired apps free\n", ui_size(bytes).text);
}

void report_recovered(struct session *session, const struct plan *plan,
                      const char *path)
{
    FILE *to = stream(session);

    if (session->json != NULL)
        json_add_string(session->json, "restored", path);
    if (to != NULL && path != NULL) {
        put_verb(session, to, "Recovered", "Recover");
        fputs("the apps as they were, from ", to);
        text_put(to, path, strlen(path), 0);
        fputc('\n', to);
    } else if (to != NULL && plan->count != 0) {
        put_verb(session, to, "Recovered", "Recover");
        fprintf(to, "%u pages behind the list of apps erased\n", plan->erased);
    } else if (to != NULL) {
        fputs("nothing is left half done\n", to);
    }
    report_plan(session, plan);
}

/* Time the board's flash takes for the plan, whatever the link adds. */
static uint32_t flash_ms(const struct session *session, const struct plan *plan)
{
    const struct board *board = session->board;
    uint64_t us = (uint64_t)plan->erased * board->erase_us +
                  (uint64_t)plan->written * board->program_us / plan->page_size;

    return (uint32_t)(us / 1000);
}

/* Bytes of the list that are no app in use. */
static uint32_t wasted_bytes(const struct layout *layout)
{
    uint32_t wasted = 0;

    for (size_t i = 0; i < layout->count; i++) {
        const struct layout_item *item = &layout->items[i];

        if (item->retires || (item->kept == NULL && item->image == NULL) ||
            (item->kept != NULL &&
             (item->kept->is_retired || region_is_padding(item->kept))))
            wasted += item->end - item->start;
    }
    return wasted;
}

static void document_plan(struct session *session, const struct plan *plan,
                          const uint32_t *wasted)
{
    struct json *json = json_add_object(session->json, "plan");

    json_add_bool(json, "dry_run", session->options.dry_run);
    json_add_number(json, "page_size", plan->page_size);
    json_add_number(json, "erased", plan->erased);
    json_add_number(json, "programmed", plan->programmed);
    json_add_number(json, "written", plan->written);
    json_add_number(json, "changed", plan->changed);
    if (wasted != NULL)
        json_add_number(json, "wasted", *wasted);
    json_add_number(json, "flash_ms", flash_ms(session, plan));
}

/* "0x80100000 erase", "0x80104000 program 4 bytes (commit)". */
static void put_op(FILE *to, const struct plan *plan, const struct plan_op *op)
{
    if (op->kind == PLAN_VERIFY)
        return;
    fprintf(to, "  0x%08x %s", op->addr, plan_kind_text(op->kind));
    if (op->len != plan->page_size)
        fprintf(to, " %u bytes", op->len);
    if (op->step != PLAN_STEP_CONTENT)
        fprintf(to, " (%s)", plan_step_text(op->step));
    fputc('\n', to);
}

static void put_plan(const struct session *session, const struct plan *plan,
                     const uint32_t *wasted)
{
    FILE *to = stream(session);
    bool dry = session->options.dry_run;
    uint32_t ms = flash_ms(session, plan);

    if (to == NULL || (!dry && session->options.verbose == 0))
        return;
    for (size_t i = 0; session->options.verbose != 0 && i < plan->count; i++)
        put_op(to, plan, &plan->ops[i]);
    fprintf(to, "%s %u and %s %u pages of %s, %u bytes change\n",
            dry ? "would erase" : "erased", plan->erased,
            dry ? "program" : "programmed", plan->programmed,
            ui_size(plan->page_size).text, plan->changed);
    fprintf(to, "the board's flash needs about %u.%u s for it", ms / 1000,
            ms % 1000 / 100);
    if (wasted != NULL)
        fprintf(to, "; %s then lie unused between apps", ui_size(*wasted).text);
    fputc('\n', to);
    if (dry)
        fputs("dry run: nothing was written\n", to);
}

void report_plan(struct session *session, const struct plan *plan)
{
    if (session->json != NULL)
        document_plan(session, plan, NULL);
    put_plan(session, plan, NULL);
}

/* Apps that nobody named, but that stand elsewhere now. */
static void report_moved(struct session *session,
                         const struct layout_item *item)
{
    FILE *to = stream(session);

    if (session->json != NULL)
        document_app(session, "move", item->kept, item->start,
                     item->kept->header.flags);
    if (to == NULL)
        return;
    put_verb(session, to, "Moved", "Move");
    put_name(to, &item->kept->header);
    fprintf(to, " from 0x%08x to 0x%08x\n", item->kept->address, item->start);
}

void report_change(struct session *session, const struct change *change)
{
    const struct layout *layout = &change->layout;
    uint32_t wasted = wasted_bytes(layout);

    for (size_t i = 0; i < layout->count; i++) {
        const struct layout_item *item = &layout->items[i];

        if (item->kept != NULL && item->wish == NULL &&
            item->kept->address != item->start && region_is_app(item->kept))
            report_moved(session, item);
    }
    if (session->json != NULL)
        document_plan(session, &change->plan, &wasted);
    put_plan(session, &change->plan, &wasted);
}
