/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "flash_mux.h"

#include "base/bits.h"
#include "capsule/self.h"

static void start(struct flash_mux *self, struct flash_area *area)
{
    struct hil_flash *flash = self->flash;
    uint32_t offset = area->start + area->offset;

    self->turn = area;
    self->is_busy = true;
    self->refused = area->is_erasing
                        ? flash->ops->erase(flash, offset)
                        : flash->ops->program(flash, offset, area->bytes);
    if (self->refused != TOCK_OK)
        deferred_set(&self->refusal);
}

/* Looks at everyone once, the one whose turn it was last. */
static void next_turn(struct flash_mux *self)
{
    struct flash_area *area = self->turn;

    do {
        area = area->next == NULL ? self->areas : area->next;
        if (area->is_waiting) {
            start(self, area);
            return;
        }
    } while (area != self->turn);
}

/* A new operation that the callback asks for is only noted, and comes after
 * those of the others. */
static void finish(struct flash_mux *self, enum tock_error status)
{
    struct hil_flash_client *client = self->turn->flash.client;

    self->turn->is_waiting = false;
    client->ops->done(client, status);
    self->is_busy = false;
    next_turn(self);
}

static void done(struct hil_flash_client *client, enum tock_error status)
{
    finish(CAPSULE_SELF(struct flash_mux, client, client), status);
}

static void run_refusal(struct deferred *refusal)
{
    struct flash_mux *self = CAPSULE_SELF(struct flash_mux, refusal, refusal);

    finish(self, self->refused);
}

static enum tock_error begin(struct flash_area *area, uint32_t offset,
                             struct span bytes, bool is_erasing)
{
    if (area->is_waiting)
        return TOCK_BUSY;
    area->offset = offset;
    area->bytes = bytes;
    area->is_erasing = is_erasing;
    area->is_waiting = true;
    if (!area->mux->is_busy)
        start(area->mux, area);
    return TOCK_OK;
}

static struct flash_area *area_of(struct hil_flash *flash)
{
    return CAPSULE_SELF(struct flash_area, flash, flash);
}

static enum tock_error area_read(struct hil_flash *flash, uint32_t offset,
                                 struct span into)
{
    struct flash_area *area = area_of(flash);
    struct hil_flash *whole = area->mux->flash;

    if (!range_inside(offset, into.len, 0, flash->size))
        return TOCK_INVAL;
    return whole->ops->read(whole, area->start + offset, into);
}

static enum tock_error area_program(struct hil_flash *flash, uint32_t offset,
                                    struct span bytes)
{
    if (!range_inside(offset, bytes.len, 0, flash->size) ||
        (offset | bytes.len) % flash->unit != 0 ||
        offset % flash->page_size + bytes.len > flash->page_size)
        return TOCK_INVAL;
    return begin(area_of(flash), offset, bytes, false);
}

static enum tock_error area_erase(struct hil_flash *flash, uint32_t offset)
{
    if (offset % flash->page_size != 0 || offset >= flash->size)
        return TOCK_INVAL;
    return begin(area_of(flash), offset, (struct span){0}, true);
}

void flash_mux_init(struct flash_mux *self, struct hil_flash *flash)
{
    static const struct hil_flash_client_ops client_ops = {.done = done};

    *self = (struct flash_mux){
        .client = {&client_ops},
        .refusal = {.run = run_refusal},
        .flash = flash,
    };
    flash->client = &self->client;
}

struct hil_flash *flash_mux_add(struct flash_mux *self, struct flash_area *area,
                                uint32_t start, uint32_t size)
{
    static const struct hil_flash_ops ops = {
        .read = area_read,
        .program = area_program,
        .erase = area_erase,
    };

    *area = (struct flash_area){
        .flash = {.ops = &ops,
                  .size = size,
                  .page_size = self->flash->page_size,
                  .unit = self->flash->unit},
        .mux = self,
        .next = self->areas,
        .start = start,
    };
    self->areas = area;
    return &area->flash;
}
