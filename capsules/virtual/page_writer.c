/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "page_writer.h"

#include "base/bits.h"
#include "capsule/self.h"

/* --- places --------------------------------------------------------------- */

static uint32_t page_size(const struct page_writer *self)
{
    return self->flash->page_size;
}

static struct span page_of(struct page_writer *self)
{
    return span_part((struct span){self->page, sizeof(self->page)}, 0,
                     page_size(self));
}

static void read(const struct page_writer *self, uint32_t offset,
                 struct span into)
{
    (void)self->flash->ops->read(self->flash, offset, into);
}

/* --- one step after the other --------------------------------------------- */

static enum tock_error program(struct page_writer *self, uint32_t offset,
                               struct span bytes)
{
    return self->flash->ops->program(self->flash, offset, bytes);
}

static enum tock_error erase(struct page_writer *self, uint32_t offset)
{
    return self->flash->ops->erase(self->flash, offset);
}

static enum tock_error commit(struct page_writer *self)
{
    journal_make_head(self->record, self->target, page_of(self));
    return program(self, journal_record_at(&self->journal, self->slot),
                   (struct span){self->record, JOURNAL_HEAD_SIZE});
}

static enum tock_error close(struct page_writer *self)
{
    struct span end = {self->record, JOURNAL_END_SIZE};

    span_fill(end, 0);
    return program(
        self, journal_record_at(&self->journal, self->slot) + JOURNAL_END_AT,
        end);
}

static enum tock_error do_step(struct page_writer *self)
{
    switch (self->step) {
    case PAGE_WRITER_CLEAR_RECORDS:
        return erase(self, self->journal.start);
    case PAGE_WRITER_CLEAR_COPY:
        return erase(self, journal_copy_at(&self->journal));
    case PAGE_WRITER_COPY:
        return program(self, journal_copy_at(&self->journal), page_of(self));
    case PAGE_WRITER_COMMIT:
        return commit(self);
    case PAGE_WRITER_CLEAR_PAGE:
        return erase(self, self->target);
    case PAGE_WRITER_WRITE_PAGE:
        return program(self, self->target, page_of(self));
    case PAGE_WRITER_CLOSE:
        return close(self);
    }
    return TOCK_FAIL;
}

static void begin_step(struct page_writer *self, enum page_writer_step step)
{
    self->step = step;
    self->refused = do_step(self);
    if (self->refused != TOCK_OK)
        deferred_set(&self->work);
}

/* --- turns ---------------------------------------------------------------- */

static bool someone_waits(const struct page_writer *self)
{
    const struct page_writer_area *area = self->areas;

    while (area != NULL && !area->is_waiting)
        area = area->next;
    return area != NULL;
}

/* A record that may have been touched is not used again. One that may be open
 * has the only copy of its page: that page comes first then, but once only, so
 * that a place that is worn out does not end all writing. */
static void finish(struct page_writer *self, enum tock_error status)
{
    struct page_writer_area *area = self->turn;
    bool is_touched = self->step >= PAGE_WRITER_COMMIT;

    self->slot += is_touched;
    self->is_torn = is_touched && status != TOCK_OK && !self->is_recovering;
    if (self->is_recovering) {
        self->is_recovering = false;
    } else {
        area->is_waiting = false;
        area->client->ops->written(area->client,
                                   status == TOCK_OK ? TOCK_OK : TOCK_FAIL);
    }
    self->is_busy = false;
    if (someone_waits(self))
        deferred_set(&self->work);
}

/* Is what the flash has at this place the same? */
static bool is_there(const struct page_writer *self, uint32_t offset,
                     struct span bytes)
{
    uint8_t there[32];
    bool is_same = true;

    for (uint32_t at = 0; is_same && at < bytes.len; at += sizeof(there)) {
        struct span ours = span_part(bytes, at, sizeof(there));
        struct span theirs =
            span_part((struct span){there, sizeof(there)}, 0, ours.len);

        read(self, offset + at, theirs);
        is_same = span_equal(ours, theirs);
    }
    return is_same;
}

static void start(struct page_writer *self, struct page_writer_area *area)
{
    struct span page = page_of(self);
    uint32_t offset = area->start + area->offset;

    self->turn = area;
    self->is_busy = true;
    self->target = align_down_u32(offset, page_size(self));
    self->step = PAGE_WRITER_CLEAR_RECORDS;
    read(self, self->target, page);
    area->client->ops->patch(area->client, area->offset,
                             span_part(page, offset - self->target, area->len));
    if (is_there(self, self->target, page)) {
        finish(self, TOCK_OK);
        return;
    }
    if (self->slot < journal_record_count(&self->journal)) {
        begin_step(self, PAGE_WRITER_CLEAR_COPY);
        return;
    }
    self->slot = 0;
    begin_step(self, PAGE_WRITER_CLEAR_RECORDS);
}

static void recover(struct page_writer *self)
{
    struct journal_state state = journal_look(&self->journal, page_of(self));

    self->slot = state.next;
    if (!state.is_open) {
        self->step = PAGE_WRITER_CLEAR_RECORDS;
        finish(self, TOCK_OK);
        return;
    }
    self->target = state.target;
    self->slot = state.next - 1;
    begin_step(self, PAGE_WRITER_CLEAR_PAGE);
}

/* Looks at everyone once, the one whose turn it was last. */
static void next_turn(struct page_writer *self)
{
    struct page_writer_area *last = self->turn;
    struct page_writer_area *area = last;

    do {
        area = area == NULL || area->next == NULL ? self->areas : area->next;
        if (area == NULL || area->is_waiting)
            break;
    } while (area != last);
    if (area != NULL && area->is_waiting)
        start(self, area);
}

/* The flash failed, maybe just once. */
static void recover_again(struct page_writer *self)
{
    self->is_busy = true;
    self->is_recovering = true;
    recover(self);
}

static void done(struct hil_flash_client *client, enum tock_error status)
{
    struct page_writer *self = CAPSULE_SELF(struct page_writer, client, client);

    if (status != TOCK_OK || self->step == PAGE_WRITER_CLOSE)
        finish(self, status);
    else
        begin_step(self, self->step + 1);
}

static void run(struct deferred *work)
{
    struct page_writer *self = CAPSULE_SELF(struct page_writer, work, work);

    if (self->refused != TOCK_OK) {
        enum tock_error refused = self->refused;

        self->refused = TOCK_OK;
        finish(self, refused);
    } else if (self->is_recovering) {
        recover(self);
    } else if (self->is_torn) {
        recover_again(self);
    } else if (!self->is_busy) {
        next_turn(self);
    }
}

/* --- for users ------------------------------------------------------------ */

static void read_journal(struct journal *journal, uint32_t offset,
                         struct span into)
{
    read(CAPSULE_SELF(struct page_writer, journal, journal), offset, into);
}

void page_writer_init(struct page_writer *self, struct hil_flash *flash,
                      uint32_t journal)
{
    static const struct hil_flash_client_ops client_ops = {.done = done};

    *self = (struct page_writer){
        .client = {&client_ops},
        .work = {.run = run},
        .flash = flash,
        .journal = {read_journal, journal, flash->page_size, flash->size},
        .is_recovering = true,
        .is_busy = true,
    };
    flash->client = &self->client;
    deferred_set(&self->work);
}

bool page_writer_is_ready(const struct page_writer *self)
{
    return !self->is_recovering;
}

void page_writer_add(struct page_writer *self, struct page_writer_area *area,
                     struct page_writer_client *client, uint32_t start,
                     uint32_t size)
{
    *area = (struct page_writer_area){
        .writer = self,
        .client = client,
        .next = self->areas,
        .start = start,
        .size = size,
    };
    self->areas = area;
}

uint32_t page_writer_piece(const struct page_writer_area *area, uint32_t offset)
{
    uint32_t size = page_size(area->writer);
    uint32_t to_end = size - (area->start + offset) % size;

    if (offset >= area->size)
        return 0;
    return area->size - offset < to_end ? area->size - offset : to_end;
}

enum tock_error page_writer_write(struct page_writer_area *area,
                                  uint32_t offset, uint32_t len)
{
    struct page_writer *self = area->writer;

    if (area->is_waiting)
        return TOCK_BUSY;
    if (offset >= area->size || len > page_writer_piece(area, offset))
        return TOCK_INVAL;
    area->offset = offset;
    area->len = len;
    area->is_waiting = true;
    if (!self->is_busy)
        deferred_set(&self->work);
    return TOCK_OK;
}

enum tock_error page_writer_read(const struct page_writer_area *area,
                                 uint32_t offset, struct span into)
{
    struct page_writer *self = area->writer;
    uint32_t first = area->start + offset;
    uint32_t target = self->target;

    if (!range_inside(offset, into.len, 0, area->size))
        return TOCK_INVAL;
    read(self, first, into);
    if (!self->is_busy)
        return TOCK_OK;
    if (first >= target)
        span_copy(into, span_part(page_of(self), first - target, into.len));
    else
        span_copy(span_part(into, target - first, into.len), page_of(self));
    return TOCK_OK;
}
