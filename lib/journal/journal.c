/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "journal/journal.h"

#include "base/bits.h"
#include "base/le.h"

enum { COPY_PAGE = 1 }; /* of the journal; the records are page 0 */

/* In a record, see the header. */
enum {
    MAGIC_AT = 0,
    TARGET_AT = 4,
    COPY_HASH_AT = 8,
    HEAD_HASH_AT = 12,
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

uint32_t journal_record_count(const struct journal *self)
{
    return self->page_size / JOURNAL_RECORD_SIZE;
}

uint32_t journal_record_at(const struct journal *self, uint32_t record)
{
    return self->start + record * JOURNAL_RECORD_SIZE;
}

uint32_t journal_copy_at(const struct journal *self)
{
    return self->start + COPY_PAGE * self->page_size;
}

void journal_make_head(uint8_t head[JOURNAL_HEAD_SIZE], uint32_t target,
                       struct span page)
{
    le32_store(&head[MAGIC_AT], RECORD_MAGIC);
    le32_store(&head[TARGET_AT], target);
    le32_store(&head[COPY_HASH_AT], hash(page));
    le32_store(&head[HEAD_HASH_AT], hash((struct span){head, HEAD_HASH_AT}));
}

/* --- after a power cut ---------------------------------------------------- */

/* Words, because a whole page of them is looked at at every boot. */
union record {
    uint32_t words[JOURNAL_RECORD_SIZE / sizeof(uint32_t)];
    uint8_t bytes[JOURNAL_RECORD_SIZE];
};

static void read_record(struct journal *self, uint32_t number,
                        union record *record)
{
    self->read(self, journal_record_at(self, number),
               (struct span){record->bytes, sizeof(record->bytes)});
}

/* From this offset on, a word's. */
static bool is_blank(const union record *record, uint32_t from)
{
    uint32_t all = UINT32_MAX;

    for (uint32_t i = from / sizeof(uint32_t);
         i < sizeof(record->words) / sizeof(uint32_t); i++)
        all &= record->words[i];
    return all == UINT32_MAX;
}

/* Behind the last one that is not blank: a cut may have left anything. */
static uint32_t first_free(struct journal *self)
{
    union record record = {{0}};
    uint32_t number = journal_record_count(self);

    for (; number != 0; number--) {
        read_record(self, number - 1, &record);
        if (!is_blank(&record, 0))
            break;
    }
    return number;
}

_Static_assert(JOURNAL_END_AT + JOURNAL_END_SIZE == JOURNAL_RECORD_SIZE,
               "an open record is blank up to its end");

/* Does it say that the copy is complete and the page may not be? */
static bool is_open(union record *record)
{
    return le32_load(&record->bytes[MAGIC_AT]) == RECORD_MAGIC &&
           le32_load(&record->bytes[HEAD_HASH_AT]) ==
               hash((struct span){record->bytes, HEAD_HASH_AT}) &&
           is_blank(record, JOURNAL_END_AT);
}

/* A page that can have been rewritten; the hashes are no secret. */
static bool is_page(const struct journal *self, uint32_t target)
{
    return target % self->page_size == 0 &&
           range_inside(target, self->page_size, 0, self->flash_size) &&
           (target < self->start ||
            target - self->start >= JOURNAL_PAGES * self->page_size);
}

struct journal_state journal_look(struct journal *self, struct span page)
{
    struct journal_state state = {.next = first_free(self)};
    union record record = {{0}};

    if (state.next == 0)
        return state;
    read_record(self, state.next - 1, &record);
    state.target = le32_load(&record.bytes[TARGET_AT]);
    if (!is_open(&record) || !is_page(self, state.target))
        return state;
    self->read(self, journal_copy_at(self), page);
    state.is_open = hash(page) == le32_load(&record.bytes[COPY_HASH_AT]);
    return state;
}
