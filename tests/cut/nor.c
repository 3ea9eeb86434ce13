/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "nor.h"

#include "host/alloc.h"

#include <stdlib.h>
#include <string.h>

enum { ERASED = 0xff };

static struct nor *self_of(struct link *link)
{
    return (struct nor *)link;
}

static void note(struct nor *nor, struct nor_prim prim)
{
    if (nor->count == nor->room) {
        nor->room = nor->room == 0 ? 1024 : 2 * nor->room;
        nor->log = alloc_resize(nor->log, nor->room, sizeof *nor->log);
    }
    nor->log[nor->count++] = prim;
    nor_do(nor, &prim, nor->bytes);
}

static int nor_read(struct link *link, uint32_t addr, uint8_t *out,
                    uint32_t len, struct err *e)
{
    (void)e;
    memcpy(out, self_of(link)->bytes + (addr - link->info.start), len);
    return 0;
}

static int nor_erase(struct link *link, uint32_t page, struct err *e)
{
    (void)e;
    note(self_of(link),
         (struct nor_prim){NOR_ERASE, page - link->info.start, {0}});
    return 0;
}

static bool is_untouched(const uint8_t *data, uint32_t len)
{
    for (uint32_t i = 0; i < len; i++)
        if (data[i] != ERASED)
            return false;
    return true;
}

static int nor_program(struct link *link, uint32_t page, const uint8_t *data,
                       struct err *e)
{
    uint32_t unit = link->info.write_unit;

    (void)e;
    for (uint32_t i = 0; i < link->info.page_size; i += unit) {
        struct nor_prim prim = {NOR_PROGRAM, page - link->info.start + i, {0}};

        if (is_untouched(data + i, unit))
            continue;
        memcpy(prim.data, data + i, unit);
        note(self_of(link), prim);
    }
    return 0;
}

static int nor_finish(struct link *link, struct err *e)
{
    (void)link;
    (void)e;
    return 0;
}

static void nor_close(struct link *link)
{
    struct nor *nor = self_of(link);

    free(nor->bytes);
    free(nor->log);
    free(nor);
}

static const struct link_ops ops = {
    nor_read, nor_erase, nor_program, nor_finish, nor_close,
};

struct nor *nor_open(uint32_t start, uint32_t size, uint32_t page_size,
                     uint32_t write_unit)
{
    struct nor *nor = alloc_zeroed(1, sizeof *nor);

    nor->link.ops = &ops;
    nor->link.info = (struct link_info){
        .start = start,
        .size = size,
        .page_size = page_size,
        .write_unit = write_unit,
    };
    strcpy(nor->link.name, "a model of flash");
    nor->bytes = alloc_resize(NULL, size, 1);
    memset(nor->bytes, ERASED, size);
    return nor;
}

uint32_t nor_extent(const struct nor *nor, const struct nor_prim *prim)
{
    return prim->kind == NOR_ERASE ? nor->link.info.page_size
                                   : nor->link.info.write_unit;
}

void nor_do(const struct nor *nor, const struct nor_prim *prim, uint8_t *bytes)
{
    uint32_t len = nor_extent(nor, prim);

    for (uint32_t i = 0; i < len; i++)
        if (prim->kind == NOR_ERASE)
            bytes[prim->off + i] = ERASED;
        else
            bytes[prim->off + i] &= prim->data[i];
}

uint64_t nor_random(uint64_t *state)
{
    uint64_t x = *state += 0x9e3779b97f4a7c15u;

    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

/* --- torn programming ----------------------------------------------------- */

static uint64_t load(const uint8_t *bytes, uint32_t len)
{
    uint64_t value = 0;

    for (uint32_t i = len; i-- > 0;)
        value = value << 8 | bytes[i];
    return value;
}

static void store(uint8_t *bytes, uint32_t len, uint64_t value)
{
    for (uint32_t i = 0; i < len; i++, value >>= 8)
        bytes[i] = (uint8_t)value;
}

static uint64_t bits_to_clear(const struct nor *nor,
                              const struct nor_prim *prim, const uint8_t *bytes)
{
    uint32_t unit = nor->link.info.write_unit;

    return load(bytes + prim->off, unit) & ~load(prim->data, unit);
}

/* The bits of number, at the places that mask has ones. */
static uint64_t spread(uint64_t number, uint64_t mask)
{
    uint64_t out = 0;

    for (uint64_t bit = 1; bit != 0 && mask != 0; bit <<= 1)
        if ((mask & bit) != 0) {
            out |= (number & 1) != 0 ? bit : 0;
            number >>= 1;
            mask &= ~bit;
        }
    return out;
}

static bool tear_program(const struct nor *nor, const struct nor_prim *prim,
                         unsigned variant, bool rich, uint64_t *random,
                         uint8_t *bytes)
{
    enum { FEW_BITS = 8, MANY = 40 };
    uint32_t unit = nor->link.info.write_unit;
    uint64_t all = bits_to_clear(nor, prim, bytes);
    unsigned n = (unsigned)__builtin_popcountll(all);
    uint64_t some;

    if (n < 2)
        return false; /* one bit has no middle */
    if (!rich) {
        if (variant >= 2)
            return false;
        some = nor_random(random);
    } else if (n <= FEW_BITS) {
        if (variant + 2 >= 1u << n)
            return false;
        some = variant + 1;
    } else if (variant < n) {
        some = (uint64_t)1 << variant; /* only one */
    } else if (variant < 2 * n) {
        some = ~((uint64_t)1 << (variant - n)); /* all but one */
    } else if (variant < 2 * n + MANY) {
        some = nor_random(random);
    } else {
        return false;
    }
    store(bytes + prim->off, unit,
          load(bytes + prim->off, unit) & ~spread(some, all));
    return true;
}

/* --- torn erasing --------------------------------------------------------- */

/* Raises each bit of a byte with a chance of eighths in eight. */
static uint8_t raise_some(uint8_t byte, unsigned eighths, uint64_t *random)
{
    uint64_t dice = nor_random(random);

    for (int bit = 0; bit < 8; bit++, dice >>= 8)
        if ((dice & 7) < eighths)
            byte |= (uint8_t)(1u << bit);
    return byte;
}

static bool tear_erase(const struct nor *nor, const struct nor_prim *prim,
                       unsigned variant, uint64_t *random, uint8_t *bytes)
{
    enum { MIXED = 4, SINGLE = 32, CUTS = 7, ZEROED = 3 };
    static const unsigned chances[MIXED] = {4, 1, 7, 4};
    uint8_t *page = bytes + prim->off;
    uint32_t size = nor->link.info.page_size;
    uint32_t any = (uint32_t)(nor_random(random) % size);
    const uint32_t cuts[CUTS] = {4, 8, 12, 16, size / 8, size / 2, any};
    const uint32_t zeroed[ZEROED] = {4, size / 2, size};

    if (variant < MIXED) {
        for (uint32_t i = 0; i < size; i++)
            page[i] = raise_some(page[i], chances[variant], random);
        return true;
    }
    variant -= MIXED;
    if (variant < SINGLE) {
        /* One bit of a header that begins the page, and no other. */
        page[variant / 2] |= (uint8_t)(1u << (variant % 2));
        return true;
    }
    variant -= SINGLE;
    if (variant < CUTS) {
        memset(page, ERASED, cuts[variant]);
        return true;
    }
    variant -= CUTS;
    if (variant < CUTS) {
        memset(page + size - cuts[variant], ERASED, cuts[variant]);
        return true;
    }
    variant -= CUTS;
    if (variant < ZEROED)
        memset(page, 0, zeroed[variant]);
    return variant < ZEROED;
}

bool nor_tear(const struct nor *nor, const struct nor_prim *prim,
              unsigned variant, bool rich, uint64_t *random, uint8_t *bytes)
{
    return prim->kind == NOR_ERASE
               ? tear_erase(nor, prim, variant, random, bytes)
               : tear_program(nor, prim, variant, rich, random, bytes);
}
