/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "image.h"

#include "base/bits.h"
#include "tbf/build.h"
#include "tbf/clear.h"
#include "tbf/text.h"

#include <string.h>

enum { ERASED = 0xff };

/*
 * What a kernel takes from the top of a process's RAM for its own data, on
 * top of the app's minimum: process record, upcall queue, grant table. An
 * upper bound over the kernels of the field, used only to keep blocks apart.
 */
#define KERNEL_SHARE 1536u

/* Longer objects fit no 32-bit address space beside anything else. */
#define MAX_OBJECT ((size_t)1 << 30)

int image_check(const char *label, const uint8_t *bytes, size_t len,
                struct image *out, struct err *e)
{
    struct tbf_header header;
    enum tbf_status status;

    if (len > MAX_OBJECT)
        return err_set(e, ERR_INPUT, "'%s' is too large: %zu bytes", label,
                       len);
    status = tbf_parse(bytes, len, &header);
    if (status == TBF_END)
        return err_set(e, ERR_INPUT, "'%s' is no TBF object of version 2",
                       label);
    if (status == TBF_BEYOND)
        return err_set(e, ERR_INPUT,
                       "'%s' is cut off: it has %zu bytes, its header says %u",
                       label, len, header.total_size);
    if (status != TBF_OK && status != TBF_BAD_ENTRY_POINT &&
        status != TBF_BAD_REGION)
        return err_set(e, ERR_INPUT, "'%s' is malformed: %s", label,
                       tbf_status_text(status));
    if (header.total_size != len)
        return err_set(e, ERR_INPUT, "'%s' has %zu bytes, its header says %u",
                       label, len, header.total_size);
    if (header.is_padding)
        return err_set(e, ERR_INPUT, "'%s' is padding, not an app", label);
    *out = (struct image){
        .label = label,
        .bytes = bytes,
        .len = (uint32_t)len,
        .size = (uint32_t)len,
        .header = header,
        .is_startable = status == TBF_OK,
    };
    return 0;
}

void image_grow(struct image *image, const struct board *board)
{
    uint32_t any;

    /* MAX_OBJECT keeps the power of two inside 32 bits. */
    if (!place_flash_next(board->place, 0, image->size, &any))
        image->size = (uint32_t)next_power_of_two(image->size);
}

/* The first bytes, which size and flags change; the rest is as it was. */
static void write_base(const struct image *image, uint32_t flags,
                       uint8_t base[TBF_BASE_SIZE])
{
    memcpy(base, image->bytes, TBF_BASE_SIZE);
    tbf_set_total_size(base, image->size);
    tbf_set_flags(base, flags);
}

void image_write(const struct image *image, uint32_t flags, uint8_t *to)
{
    memcpy(to, image->bytes, image->len);
    memset(to + image->len, ERASED, image->size - image->len);
    write_base(image, flags, to);
}

static bool is_erased(const uint8_t *bytes, uint32_t len)
{
    return len == 0 ||
           (bytes[0] == ERASED && memcmp(bytes, bytes + 1, len - 1) == 0);
}

enum image_match image_compare(const struct image *image, uint32_t flags,
                               const uint8_t *bytes, uint32_t size)
{
    uint8_t base[TBF_BASE_SIZE];

    if (size != image->size)
        return IMAGE_DIFFERS;
    write_base(image, flags, base);
    if (memcmp(bytes, base, TBF_HEAD_SIZE) != 0 ||
        memcmp(bytes + TBF_BASE_SIZE, image->bytes + TBF_BASE_SIZE,
               image->len - TBF_BASE_SIZE) != 0 ||
        !is_erased(bytes + image->len, image->size - image->len))
        return IMAGE_DIFFERS;
    return memcmp(bytes, base, TBF_BASE_SIZE) == 0 ? IMAGE_SAME
                                                   : IMAGE_OTHER_FLAGS;
}

struct image image_of_object(const char *label, const uint8_t *bytes,
                             const struct tbf_header *header, bool is_startable)
{
    return (struct image){
        .label = label,
        .bytes = bytes,
        .len = header->total_size,
        .size = header->total_size,
        .header = *header,
        .is_startable = is_startable,
    };
}

struct place_request image_ram_request(const struct board *board,
                                       const struct tbf_header *header)
{
    return (struct place_request){
        .free_start = board->app_ram.start,
        .free_end = board->app_ram.start + board->app_ram.size,
        .fixed_start = header->fixed_ram,
        .app_size = header->minimum_ram,
        .kernel_size = KERNEL_SHARE,
    };
}

bool image_ram_block(const struct board *board, const struct tbf_header *header,
                     struct image_ram *out)
{
    const struct place_request request = image_ram_request(board, header);
    struct place_block block;

    *out = (struct image_ram){0, 0};
    if (header->fixed_ram == TBF_NOT_FIXED)
        return true;
    if (place_ram(board->place, &request, &block) == PLACE_OK) {
        *out = (struct image_ram){block.start, block.start + block.size};
        return true;
    }
    uint64_t end =
        (uint64_t)header->fixed_ram + header->minimum_ram + KERNEL_SHARE;
    *out = (struct image_ram){header->fixed_ram,
                              end > UINT32_MAX ? UINT32_MAX : (uint32_t)end};
    return false;
}

bool image_fixed_address(const struct tbf_header *header, uint32_t *out)
{
    if (header->fixed_flash == TBF_NOT_FIXED ||
        header->fixed_flash < header->protected_size)
        return false;
    *out = header->fixed_flash - header->protected_size;
    return true;
}
