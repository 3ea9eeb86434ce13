/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "change.h"

#include "apply.h"
#include "saved.h"

#include <stdlib.h>

/*
 * The shortest list where nothing of the old one has to survive a cut. Where
 * pages of a board are rewritten for a single app, as few as possible.
 */
static enum layout_rule rule_for(const struct session *session,
                                 const struct request *request)
{
    bool has_wishes = request->layout.wish_count != 0;

    if (!session->appends)
        return has_wishes || request->is_saved ? LAYOUT_COMPACT : LAYOUT_STAY;
    if (!request->is_saved)
        return LAYOUT_APPEND;
    return has_wishes ? LAYOUT_STAY : LAYOUT_COMPACT;
}

static void note_ram(struct session *session, const struct layout *layout)
{
    const struct layout_item *item = layout_without_ram(layout);
    const struct tbf_header *h;

    if (item == NULL)
        return;
    h = layout_header(item);
    notes_add(&session->notes,
              "the apps together need more RAM than the board has for them "
              "(%u bytes): '%.*s' at 0x%08x will probably not be started",
              session->board->app_ram.size, (int)h->name_len,
              h->name_len == 0 ? "" : h->name, item->start);
}

int change_plan(struct session *session, const struct request *request,
                struct change *out, struct err *e)
{
    out->request = request->layout;
    out->request.rule = rule_for(session, request);
    out->request.write_unit = session->link->info.write_unit;
    if (layout_make(&session->region, &out->request, &out->layout, e) != 0)
        return -1;
    if (out->request.wish_count != 0)
        note_ram(session, &out->layout);
    plan_begin(&out->plan, &session->board->apps, session->board->page_size,
               out->request.write_unit, session->bytes);
    plan_region(&out->plan, &out->layout,
                out->request.rule == LAYOUT_APPEND ? PLAN_APPEND
                                                   : PLAN_REWRITE);
    return 0;
}

int change_apply(struct session *session, const struct change *change,
                 struct err *e)
{
    return session_apply(session, &change->plan, e);
}

int change_apply_saved(struct session *session, const struct change *change,
                       struct err *e)
{
    char *path;
    int result = -1;

    if (session->options.dry_run || !session->appends)
        return change_apply(session, change, e);
    path = saved_path(session, e);
    if (path == NULL)
        return -1;
    if (saved_write(session, path, e) == 0 &&
        change_apply(session, change, e) == 0)
        result = saved_remove(path, e);
    else if (saved_exists(path))
        err_hint(e, "`tockloader-c recover` puts the apps back from %s", path);
    free(path);
    return result;
}

void change_free(struct change *change)
{
    plan_free(&change->plan);
    layout_free(&change->layout);
}
