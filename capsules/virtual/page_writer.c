/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "page_writer.h"

#include "base/bits.h"
#include "base/le.h"
#include "capsule/self.h"

enum { JOURNAL_COPY = 1 }; /* page of the journal; the records are page 0 */

/* A record, see the header. */
enum {
    RECORD_MAGIC_AT = 0,
    RECORD_TARGET_AT = 4,
    RECORD_COPY_AT = 8,
    RECORD_HASH_AT = 12,
    RECORD_END = 24,
    RECORD_END_SIZE = 8,
    RECORD_SIZE = 32,
};

#define RECORD_MAGIC 0x45474150u
#define FNV_START    0x811c9dc5u
#define FNV_PRIME    0x01000193u

static uint32_t hash(struct span bytes)
{
    uint32_t value = FNV_START;

    for (uint32_t i = 0; i < bytes.len; i++)
        value = (value ^ span_get(bytes, i)) * FNV_PRIME;
    return value;
}

static bool is_blank(struct span bytes)
{
    uint32_t i = 0;

    while (i < bytes.len && span_get(bytes, i) == 0xff)
        i++;
    return i == bytes.len;
}

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

static uint32_t slot_offset(const struct page_writer *self, uint32_t slot)
{
    return self->journal + slot * RECORD_SIZE;
}

static uint32_t slot_count(const struct page_writer *self)
{
    return page_size(self) / RECORD_SIZE;
}

static uint32_t copy_offset(const struct page_writer *self)
{
    return self->journal + JOURNAL_COPY * page_size(self);
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
    struct span head = {self->record, sizeof(self->record)};

    le32_store(&self->record[RECORD_MAGIC_AT], RECORD_MAGIC);
    le32_store(&self->record[RECORD_TARGET_AT], self->target);
    le32_store(&self->record[RECORD_COPY_AT], hash(page_of(self)));
    le32_store(&self->record[RECORD_HASH_AT],
               hash(span_part(head, 0, RECORD_HASH_AT)));
    return program(self, slot_offset(self, self->slot), head);
}

static enum tock_error close(struct page_writer *self)
{
    struct span end = {self->record, RECORD_END_SIZE};

    le64_store(&self->record[0], 0);
    return program(self, slot_offset(self, self->slot) + RECORD_END, end);
}

static enum tock_error do_step(struct page_writer *self)
{
    switch (self->step) {
    case PAGE_WRITER_CLEAR_RECORDS:
        return erase(self, self->journal);
    case PAGE_WRITER_CLEAR_COPY:
        return erase(self, copy_offset(self));
    case PAGE_WRITER_COPY:
        return program(self, copy_offset(self), page_of(self));
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

/* A record that may have been touched is not used again. */
static void finish(struct page_writer *self, enum tock_error status)
{
    struct page_writer_area *area = self->turn;

    if (self->step >= PAGE_WRITER_COMMIT)
        self->slot++;
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
    if (self->slot < slot_count(self)) {
        begin_step(self, PAGE_WRITER_CLEAR_COPY);
        return;
    }
    self->slot = 0;
    begin_step(self, PAGE_WRITER_CLEAR_RECORDS);
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

static void done(struct hil_flash_client *client, enum tock_error status)
{
    struct page_writer *self = CAPSULE_SELF(struct page_writer, client, client);

    if (status != TOCK_OK || self->step == PAGE_WRITER_CLOSE)
        finish(self, status);
    else
        begin_step(self, self->step + 1);
}

/* --- after a power cut ---------------------------------------------------- */

struct record {
    uint8_t bytes[RECORD_SIZE];
};

static struct span record_part(struct record *record, uint32_t at, uint32_t len)
{
    return span_part((struct span){record->bytes, sizeof(record->bytes)}, at,
                     len);
}

/* Behind the last one that is not blank: a cut may have left anything. */
static uint32_t first_free_slot(const struct page_writer *self)
{
    struct record record;
    uint32_t slot = slot_count(self);

    for (; slot != 0; slot--) {
        read(self, slot_offset(self, slot - 1),
             record_part(&record, 0, RECORD_SIZE));
        if (!is_blank(record_part(&record, 0, RECORD_SIZE)))
            break;
    }
    return slot;
}

/* Does it say that the copy is complete and the page may not be? */
static bool is_open(struct record *record)
{
    return le32_load(&record->bytes[RECORD_MAGIC_AT]) == RECORD_MAGIC &&
           le32_load(&record->bytes[RECORD_HASH_AT]) ==
               hash(record_part(record, 0, RECORD_HASH_AT)) &&
           is_blank(record_part(record, RECORD_END, RECORD_END_SIZE));
}

/* Only the last record can be open: the next write begins when it is closed,
 * or when the copy is another one. */
static bool find_open(struct page_writer *self, uint32_t slot)
{
    struct record record;

    read(self, slot_offset(self, slot), record_part(&record, 0, RECORD_SIZE));
    self->target = le32_load(&record.bytes[RECORD_TARGET_AT]);
    if (!is_open(&record))
        return false;
    read(self, copy_offset(self), page_of(self));
    return hash(page_of(self)) == le32_load(&record.bytes[RECORD_COPY_AT]);
}

static void recover(struct page_writer *self)
{
    uint32_t slot = first_free_slot(self);

    self->slot = slot;
    if (slot == 0 || !find_open(self, slot - 1)) {
        self->step = PAGE_WRITER_CLEAR_RECORDS;
        finish(self, TOCK_OK);
        return;
    }
    self->slot = slot - 1;
    begin_step(self, PAGE_WRITER_CLEAR_PAGE);
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
    } else if (!self->is_busy) {
        next_turn(self);
    }
}

/* --- for users ------------------------------------------------------------ */

void page_writer_init(struct page_writer *self, struct hil_flash *flash,
                      uint32_t journal)
{
    static const struct hil_flash_client_ops client_ops = {.done = done};

    *self = (struct page_writer){
        .client = {&client_ops},
        .work = {.run = run},
        .flash = flash,
        .journal = journal,
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
