/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "session.h"

#include "apply.h"
#include "host/alloc.h"
#include "saved.h"

#include "link/file.h"

#include <stdlib.h>
#include <string.h>

static const char *nearest_board(const char *name)
{
    const char **names =
        alloc_zeroed(boards_known_count + 1, sizeof(const char *));
    const char *nearest;

    for (unsigned i = 0; i < boards_known_count; i++)
        names[i] = boards_known[i].name;
    nearest = cli_nearest(name, names);
    free(names);
    return nearest;
}

static int find_board(struct session *session, struct err *e)
{
    const char *name = session->options.board;
    const char *nearest;

    if (name == NULL) {
        err_set(e, ERR_USAGE, "no board named");
        return err_hint(e, "add --board NAME; `tockloader-c boards` lists the "
                           "known ones");
    }
    session->board = board_find(name);
    if (session->board != NULL)
        return 0;
    err_set(e, ERR_USAGE, "unknown board '%s'", name);
    nearest = nearest_board(name);
    if (nearest != NULL)
        return err_hint(e, "did you mean --board %s?", nearest);
    return err_hint(e, "`tockloader-c boards` lists the known boards");
}

static int choose_protocol(struct session *session, struct err *e)
{
    const char *name = session->options.protocol;

    session->appends = name != NULL;
    if (name == NULL || strcmp(name, "s") == 0)
        return 0;
    err_set(e, ERR_USAGE, "--protocol is '%s', expected s", name);
    return err_hint(e, "leave it away for the safest that link and board "
                       "allow");
}

static enum link_file_mode file_mode(const struct session *session,
                                     enum session_use use)
{
    if (use != SESSION_CHANGE || session->options.dry_run)
        return LINK_FILE_READ;
    return session->appends ? LINK_FILE_IN_PLACE : LINK_FILE_WRITE;
}

/* What somebody who stopped it wants to know of the board. */
static int not_applied(const struct session *session, struct err *e)
{
    if (e->kind != ERR_INTERRUPT)
        return -1;
    if (!session->appends)
        return err_hint(e, "nothing was written");
    if (session->rewrites)
        return err_hint(e, "the list of apps is not whole now: repeat the "
                           "command");
    return err_hint(e, "no app was lost; repeat the command to complete it");
}

static int complete(struct session *session, struct err *e)
{
    struct pending *pending = &session->pending;

    if (pending_complete(pending, session->board, session->link, e) != 0)
        return not_applied(session, e);
    notes_add(&session->notes,
              "completed the page at 0x%08x, which the kernel was rewriting "
              "when its power failed",
              pending->page);
    session->is_unfinished = true;
    pending_free(pending);
    return 0;
}

int session_settle(struct session *session, enum session_use use, struct err *e)
{
    struct pending *pending = &session->pending;

    if (pending_find(session->board, session->link, pending, e) != 0)
        return -1;
    if (!pending->is_open)
        return 0;
    if (use == SESSION_CHANGE && !session->options.dry_run)
        return complete(session, e);
    notes_add(&session->notes,
              "the kernel was rewriting the page at 0x%08x when its power "
              "failed; its next start, or a command that changes the board, "
              "completes it, and so it is taken here",
              pending->page);
    return 0;
}

int session_open(struct session *session, enum session_use use, struct err *e)
{
    const char *path = session->options.flash_file;

    if (find_board(session, e) != 0 || choose_protocol(session, e) != 0)
        return -1;
    if (path == NULL) {
        err_set(e, ERR_USAGE, "no flash to work on");
        return err_hint(e, "add --flash-file FILE, the board's flash image");
    }
    session->link =
        link_file_open(session->board, path, file_mode(session, use), e);
    if (session->link == NULL)
        return -1;
    session->appends = session->appends || !session->link->info.is_atomic;
    return session_settle(session, use, e);
}

int session_read(struct session *session, const struct board_area *area,
                 struct err *e)
{
    session->bytes = alloc_resize(session->bytes, area->size, 1);
    if (link_read(session->link, area->start, session->bytes, area->size, e) !=
        0)
        return err_while(e, "reading 0x%08x to 0x%08x", area->start,
                         area->start + area->size - 1);
    pending_show(&session->pending, session->board, area, session->bytes);
    return 0;
}

/* Completes what is half done; the model is then of the completed bytes. */
static int recover(struct session *session, struct err *e)
{
    struct plan plan;
    int result = 0;

    plan_begin(&plan, &session->board->apps, session->board->page_size,
               session->link->info.write_unit, session->bytes);
    plan_recover(&plan, &session->region);
    if (plan.count != 0) {
        notes_add(&session->notes,
                  "%s what an interrupted command left half "
                  "done in %u page%s",
                  session->options.dry_run ? "would complete" : "completed",
                  plan.programmed, plan.programmed == 1 ? "" : "s");
        if (!session->options.dry_run)
            result = apply_steps(session->link, &plan, e);
        session->is_unfinished = true;
        memcpy(session->bytes, plan.want, plan.size);
        region_free(&session->region);
        region_init(&session->region, session->board, session->bytes);
    }
    plan_free(&plan);
    return result;
}

int session_read_region(struct session *session, enum session_use use,
                        struct err *e)
{
    region_free(&session->region);
    if (session_read(session, &session->board->apps, e) != 0)
        return -1;
    region_init(&session->region, session->board, session->bytes);
    if (use == SESSION_CHANGE && recover(session, e) != 0)
        return -1;
    if (session->region.tail == REGION_TAIL_UNKNOWN)
        notes_add(&session->notes, "%s",
                  region_tail_text(&session->region).text);
    return 0;
}

int session_open_region(struct session *session, enum session_use use,
                        struct err *e)
{
    if (session_open(session, use, e) != 0 ||
        (use == SESSION_CHANGE && !session->rewrites &&
         saved_check(session, e) != 0))
        return -1;
    return session_read_region(session, use, e);
}

int session_apply(struct session *session, const struct plan *plan,
                  struct err *e)
{
    if (session->options.dry_run ||
        (plan->count == 0 && !session->is_unfinished))
        return 0;
    if (apply_steps(session->link, plan, e) != 0)
        return not_applied(session, e);
    session->is_unfinished = false;
    return apply_finish(session->link, e);
}

void session_close(struct session *session)
{
    notes_free(&session->notes);
    region_free(&session->region);
    pending_free(&session->pending);
    free(session->bytes);
    link_close(session->link);
    cli_list_free(&session->operands);
}
