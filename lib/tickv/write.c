/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * An object becomes visible by its version, its first byte: as long as that is
 * erased the region ends before it. So everything else goes first, and what a
 * cut leaves of that is behind the region's end. Of the version only some bits
 * may have been programmed when the power failed: mounting then finds an object
 * that is whole but for them, and programs the rest.
 */
#include "steps.h"

#include "base/bits.h"

enum {
    WRITE_OBJECT, /* self->head, the value, self->tail */
    WRITE_COPY,   /* of the object at write.from       */
    WRITE_FILLER,
    WRITE_INVALID, /* the byte of flags and length      */
    WRITE_VERSION,
    WRITE_ZEROS,
};

/* Invalid, its key all zeros. */
static const uint8_t filler[FILLER_LEN] = {
    VERSION, 0, FILLER_LEN, 0, 0, 0, 0, 0, 0, 0, 0, 0x78, 0x17, 0x90, 0x5f};

static uint8_t object_byte(const struct tickv *self, uint32_t at)
{
    if (at < HEADER_LEN)
        return self->head[at];
    if (at < self->write.len - CHECK_LEN)
        return span_get(self->request.value, at - HEADER_LEN);
    return self->tail[at - (self->write.len - CHECK_LEN)];
}

static uint8_t new_byte(const struct tickv *self, uint32_t at, uint8_t old)
{
    switch (self->write.kind) {
    case WRITE_OBJECT:
        return object_byte(self, at - self->write.to);
    case WRITE_FILLER:
        return filler[at - self->write.to];
    case WRITE_INVALID:
        return (uint8_t)(old & ~FLAG_VALID);
    case WRITE_VERSION:
        return VERSION;
    case WRITE_ZEROS:
        return 0;
    default:
        return old;
    }
}

/* What the flash has there now; or, to copy, what it shall have. */
static bool read_old(const struct tickv *self, uint32_t at, struct span chunk)
{
    uint32_t first = self->write.at - at;
    uint32_t len = self->write.ordered_to - self->write.at;

    if (!flash_read(self, at, chunk))
        return false;
    return self->write.kind != WRITE_COPY ||
           flash_read(self,
                      self->write.from + (self->write.at - self->write.to),
                      span_part(chunk, first, len));
}

/* Fills the chunk with what [at, at + len), whole units, shall be. Bytes that
 * stay as they are are programmed as they are. */
static bool fill_chunk(struct tickv *self, uint32_t at, uint32_t len)
{
    struct span chunk = {self->chunk, len};

    if (!read_old(self, at, chunk))
        return false;
    for (uint32_t i = self->write.at - at; i < self->write.ordered_to - at;
         i++) {
        uint8_t old = span_get(chunk, i);

        if (self->write.kind != WRITE_ZEROS || old != ERASED)
            span_set(chunk, i, new_byte(self, at + i, old));
    }
    return true;
}

static bool is_chunk_blank(const struct tickv *self, uint32_t len)
{
    for (uint32_t i = 0; i < len; i++) {
        if (self->chunk[i] != ERASED)
            return false;
    }
    return true;
}

static enum tickv_turn write_piece(struct tickv *self)
{
    uint32_t unit = self->flash->unit;
    uint32_t start = align_down_u32(self->write.at, unit);
    uint32_t end = (uint32_t)align_up_u64(self->write.end, unit);

    if (self->write.at == self->write.end)
        return go_to(self, self->write.then);
    if (end - start > TICKV_CHUNK)
        end = start + TICKV_CHUNK;
    self->write.ordered_to = end < self->write.end ? end : self->write.end;
    if (!fill_chunk(self, start, end - start))
        return finish(self, TICKV_FLASH);
    if (self->write.kind == WRITE_ZEROS && is_chunk_blank(self, end - start)) {
        self->write.at = self->write.ordered_to;
        return TICKV_AGAIN;
    }
    self->order = (struct tickv_order){start, {self->chunk, end - start}};
    return TICKV_PROGRAM;
}

static enum tickv_turn write_range(struct tickv *self, uint8_t kind,
                                   uint32_t at, uint32_t end, tickv_state then)
{
    self->write.kind = kind;
    self->write.at = at;
    self->write.end = end;
    self->write.then = then;
    return go_to(self, write_piece);
}

static enum tickv_turn write_first_byte(struct tickv *self)
{
    return write_range(self, self->write.kind, self->write.to,
                       self->write.to + 1, self->write.written);
}

static enum tickv_turn write_whole(struct tickv *self, uint8_t kind,
                                   uint32_t offset, uint32_t len,
                                   tickv_state then)
{
    self->write.to = offset;
    self->write.len = len;
    self->write.written = then;
    return write_range(self, kind, offset + 1, offset + len, write_first_byte);
}

enum tickv_turn write_object(struct tickv *self, uint32_t offset,
                             tickv_state then)
{
    return write_whole(self, WRITE_OBJECT, offset, self->place.len, then);
}

enum tickv_turn write_copy(struct tickv *self,
                           const struct tickv_object *object, uint32_t offset,
                           tickv_state then)
{
    self->write.from = object->offset;
    return write_whole(self, WRITE_COPY, offset, object->len, then);
}

enum tickv_turn write_filler(struct tickv *self, uint32_t offset,
                             tickv_state then)
{
    return write_whole(self, WRITE_FILLER, offset, FILLER_LEN, then);
}

enum tickv_turn write_invalid(struct tickv *self,
                              const struct tickv_object *object,
                              tickv_state then)
{
    return write_range(self, WRITE_INVALID, object->offset + 1,
                       object->offset + 2, then);
}

enum tickv_turn write_version(struct tickv *self, uint32_t offset,
                              tickv_state then)
{
    return write_range(self, WRITE_VERSION, offset, offset + 1, then);
}

enum tickv_turn write_zeros(struct tickv *self, uint32_t offset, uint32_t end,
                            tickv_state then)
{
    return write_range(self, WRITE_ZEROS, offset, end, then);
}

void tickv_flash_done(struct tickv *self, bool is_good)
{
    if (!is_good)
        (void)finish(self, TICKV_FLASH);
    else if (self->state == write_piece)
        self->write.at = self->write.ordered_to;
}
