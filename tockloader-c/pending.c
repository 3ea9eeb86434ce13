/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "pending.h"

#include "apply.h"
#include "base/bits.h"
#include "host/alloc.h"
#include "journal/journal.h"
#include "plan.h"

#include <stdlib.h>
#include <string.h>

/* The journal's pages as they were read at once. */
struct pages {
    struct journal journal; /* first: read comes back from it */
    struct span bytes;
};

static void read_pages(struct journal *journal, uint32_t offset,
                       struct span into)
{
    struct pages *self = (struct pages *)journal;

    span_copy(into, span_part(self->bytes, offset - journal->start, into.len));
}

static void look(const struct board *board, struct pages *pages,
                 struct pending *out)
{
    struct span page = {out->bytes, board->page_size};
    struct journal *journal = &pages->journal;
    struct journal_state state = journal_look(journal, page);

    if (!state.is_open)
        return;
    out->is_open = true;
    out->page = board->storage.start + state.target;
    out->record = board->storage.start +
                  journal_record_at(journal, state.next - 1) + JOURNAL_END_AT;
}

int pending_find(const struct board *board, struct link *link,
                 struct pending *out, struct err *e)
{
    const struct board_area *area = &board->journal;
    struct pages pages = {
        .journal = {.read = read_pages,
                    .start = area->start - board->storage.start,
                    .page_size = board->page_size,
                    .flash_size = board->storage.size + board->apps.size},
        .bytes = {NULL, area->size},
    };
    int result;

    *out = (struct pending){0};
    if (area->size == 0)
        return 0;
    pages.bytes.ptr = alloc_resize(NULL, area->size, 1);
    result = link_read(link, area->start, pages.bytes.ptr, area->size, e);
    if (result != 0) {
        err_while(e, "reading the kernel's journal at 0x%08x", area->start);
    } else {
        out->bytes = alloc_zeroed(board->page_size, 1);
        look(board, &pages, out);
    }
    free(pages.bytes.ptr);
    return result;
}

void pending_show(const struct pending *self, const struct board *board,
                  const struct board_area *area, uint8_t *bytes)
{
    if (self->is_open && range_inside(self->page, board->page_size, area->start,
                                      area->start + area->size))
        memcpy(bytes + (self->page - area->start), self->bytes,
               board->page_size);
}

/* A plan for one page of the board, which changes nothing yet; have gets what
 * is there. */
static int begin_page(struct plan *plan, const struct board *board,
                      struct link *link, uint32_t page, uint8_t *have,
                      struct err *e)
{
    struct board_area area = {page, board->page_size};

    if (link_read(link, page, have, board->page_size, e) != 0)
        return -1;
    plan_begin(plan, &area, board->page_size, link->info.write_unit, have);
    return 0;
}

static int write_page(const struct pending *self, const struct board *board,
                      struct link *link, uint8_t *have, struct err *e)
{
    struct plan plan;
    int result;

    if (begin_page(&plan, board, link, self->page, have, e) != 0)
        return -1;
    memcpy(plan.want, self->bytes, plan.size);
    plan_replace(&plan);
    result = apply_steps(link, &plan, e);
    plan_free(&plan);
    return result;
}

static int close_record(const struct pending *self, const struct board *board,
                        struct link *link, uint8_t *have, struct err *e)
{
    uint32_t page = align_down_u32(self->record, board->page_size);
    struct plan plan;
    int result;

    if (begin_page(&plan, board, link, page, have, e) != 0)
        return -1;
    memset(plan.want + (self->record - page), 0, JOURNAL_END_SIZE);
    plan_patch(&plan, self->record, JOURNAL_END_SIZE);
    result = apply_steps(link, &plan, e);
    plan_free(&plan);
    return result;
}

int pending_complete(const struct pending *self, const struct board *board,
                     struct link *link, struct err *e)
{
    uint8_t *have = alloc_resize(NULL, board->page_size, 1);
    int result = write_page(self, board, link, have, e);

    if (result == 0)
        result = close_record(self, board, link, have, e);
    free(have);
    return result == 0 ? 0
                       : err_while(e, "completing the page that the kernel was "
                                      "rewriting");
}

void pending_free(struct pending *self)
{
    free(self->bytes);
    *self = (struct pending){0};
}
