/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "session.h"

#include "apply.h"
#include "host/alloc.h"

#include "link/file.h"

#include <stdlib.h>

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

int session_open(struct session *session, enum session_use use, struct err *e)
{
    const char *path = session->options.flash_file;
    bool writes = use == SESSION_CHANGE && !session->options.dry_run;

    if (find_board(session, e) != 0)
        return -1;
    if (path == NULL) {
        err_set(e, ERR_USAGE, "no flash to work on");
        return err_hint(e, "add --flash-file FILE, the board's flash image");
    }
    session->link = link_file_open(
        session->board, path, writes ? LINK_FILE_WRITE : LINK_FILE_READ, e);
    return session->link != NULL ? 0 : -1;
}

int session_read(struct session *session, const struct board_area *area,
                 struct err *e)
{
    session->bytes = alloc_resize(NULL, area->size, 1);
    if (link_read(session->link, area->start, session->bytes, area->size, e) ==
        0)
        return 0;
    return err_while(e, "reading 0x%08x to 0x%08x", area->start,
                     area->start + area->size - 1);
}

int session_open_region(struct session *session, enum session_use use,
                        struct err *e)
{
    if (session_open(session, use, e) != 0 ||
        session_read(session, &session->board->apps, e) != 0)
        return -1;
    region_init(&session->region, session->board, session->bytes);
    if (session->region.tail == REGION_TAIL_UNKNOWN)
        notes_add(&session->notes, "%s",
                  region_tail_text(&session->region).text);
    return 0;
}

int session_apply(struct session *session, const struct plan *plan,
                  struct err *e)
{
    return session->options.dry_run ? 0 : apply(session->link, plan, e);
}

void session_close(struct session *session)
{
    notes_free(&session->notes);
    region_free(&session->region);
    free(session->bytes);
    link_close(session->link);
    cli_list_free(&session->operands);
}
