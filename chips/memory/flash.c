/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "memory/flash.h"

#include "arch/arch.h"
#include "base/bits.h"

static struct memory_flash *self_of(struct hil_flash *flash)
{
    return (struct memory_flash *)flash; /* first member */
}

static uint8_t *bytes_at(const struct memory_flash *self, uint32_t offset,
                         uint32_t len)
{
    return arch_bytes(self->start + offset, len);
}

static bool is_inside(const struct hil_flash *flash, uint32_t offset,
                      uint32_t len)
{
    return range_inside(offset, len, 0, flash->size);
}

static enum tock_error read(struct hil_flash *flash, uint32_t offset,
                            struct span into)
{
    if (!is_inside(flash, offset, into.len))
        return TOCK_INVAL;
    span_copy(into, (struct span){bytes_at(self_of(flash), offset, into.len),
                                  into.len});
    return TOCK_OK;
}

static enum tock_error begin(struct memory_flash *self, uint32_t offset)
{
    if (self->is_erasing || self->is_programming)
        return TOCK_BUSY;
    self->offset = offset;
    deferred_set_first(&self->work);
    return TOCK_OK;
}

static enum tock_error program(struct hil_flash *flash, uint32_t offset,
                               struct span bytes)
{
    struct memory_flash *self = self_of(flash);
    enum tock_error error;

    if (!is_inside(flash, offset, bytes.len) ||
        (offset | bytes.len) % MEMORY_FLASH_UNIT != 0 ||
        offset % MEMORY_FLASH_PAGE + bytes.len > MEMORY_FLASH_PAGE)
        return TOCK_INVAL;
    error = begin(self, offset);
    if (error != TOCK_OK)
        return error;
    self->bytes = bytes;
    self->is_programming = true;
    return TOCK_OK;
}

static enum tock_error erase(struct hil_flash *flash, uint32_t offset)
{
    struct memory_flash *self = self_of(flash);
    enum tock_error error;

    if (!is_inside(flash, offset, MEMORY_FLASH_PAGE) ||
        offset % MEMORY_FLASH_PAGE != 0)
        return TOCK_INVAL;
    error = begin(self, offset);
    if (error != TOCK_OK)
        return error;
    self->is_erasing = true;
    return TOCK_OK;
}

/* What the flash is programmed by; buffers may be of any type. */
typedef uint32_t __attribute__((may_alias)) unit;

_Static_assert(sizeof(unit) == MEMORY_FLASH_UNIT, "");

/* False if a bit that must be set was clear already. */
static bool clear_units(unit *at, const unit *wanted, uint32_t count)
{
    uint32_t wrong = 0;

    for (uint32_t i = 0; i < count; i++) {
        at[i] &= wanted[i];
        wrong |= at[i] ^ wanted[i];
    }
    return wrong == 0;
}

static bool clear_bytes(uint8_t *at, struct span bytes)
{
    uint8_t wrong = 0;

    for (uint32_t i = 0; i < bytes.len; i++) {
        at[i] &= bytes.ptr[i];
        wrong |= at[i] ^ bytes.ptr[i];
    }
    return wrong == 0;
}

/* Everybody waits for it: by units if the buffer is aligned to them. */
static bool clear_bits(uint8_t *at, struct span bytes)
{
    if ((uintptr_t)bytes.ptr % MEMORY_FLASH_UNIT != 0)
        return clear_bytes(at, bytes);
    return clear_units((unit *)(void *)at, (const unit *)(void *)bytes.ptr,
                       bytes.len / MEMORY_FLASH_UNIT);
}

static bool write(const struct memory_flash *self)
{
    bool is_good = true;

    arch_flash_open();
    if (self->is_erasing)
        memset(bytes_at(self, self->offset, MEMORY_FLASH_PAGE), 0xff,
               MEMORY_FLASH_PAGE);
    else
        is_good = clear_bits(bytes_at(self, self->offset, self->bytes.len),
                             self->bytes);
    arch_flash_close();
    return is_good;
}

static void run(struct deferred *work)
{
    struct memory_flash *self =
        (struct memory_flash *)(void *)((char *)work -
                                        offsetof(struct memory_flash, work));
    struct hil_flash_client *client = self->flash.client;
    bool is_good = write(self);

    self->is_erasing = false;
    self->is_programming = false;
    client->ops->done(client, is_good ? TOCK_OK : TOCK_FAIL);
}

struct hil_flash *memory_flash_init(struct memory_flash *self, uint32_t start,
                                    uint32_t size)
{
    static const struct hil_flash_ops ops = {read, program, erase};

    *self = (struct memory_flash){
        .flash = {.ops = &ops,
                  .size = size,
                  .page_size = MEMORY_FLASH_PAGE,
                  .unit = MEMORY_FLASH_UNIT},
        .work = {.run = run},
        .start = start,
    };
    return &self->flash;
}
