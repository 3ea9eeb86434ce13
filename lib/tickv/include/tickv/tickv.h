/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * A key-value store in NOR flash, in the format of TicKV databases.
 *
 * The flash is R regions, each of which is erased as a whole. A region holds
 * objects one behind the other; the value of a key is an object anywhere.
 * Values are only appended and marked invalid; when there is no more room, a
 * region is emptied for re-use. docs/tickv.md has the bytes, and why a power
 * cut at any moment leaves every key with its value and the key that was being
 * changed with the old or the new one.
 *
 * The store never waits. Each operation is begun by a function and goes on
 * with each tickv_step, which does a piece of it that is no longer than one
 * walk through one region, and says what is needed before the next:
 *
 *     tickv_set(&store, key, value);
 *     while ((turn = tickv_step(&store)) != TICKV_DONE)
 *         TICKV_AGAIN    nothing; other work may be done first
 *         TICKV_PROGRAM  program store.order.bytes at store.order.offset,
 *         TICKV_ERASE    or erase the region there, then tickv_flash_done
 *     ...store.status says how it went
 *
 * One operation at a time; the first is tickv_mount. After TICKV_FLASH mount
 * again: the change that failed has happened or not.
 *
 * What is needed of the flash: erased bytes are 0xff; a program operation
 * clears the bits that are 0 in its bytes and touches no other, also when the
 * power fails; the same unit may be programmed several times (of each unit at
 * most six times between erases for units of 4 bytes). What is left of a
 * region whose erasing was cut may be anything.
 *
 * Ownership: the caller's struct; a value is borrowed until the operation is
 * done. Context: one thread. Trust: what is in the flash may come from an
 * enemy: no content makes the store read or write outside of it, or go on for
 * ever; a key that an enemy can hash to another key's 64 bits is that key.
 */

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

#define TICKV_OVERHEAD 15u /* bytes of an object besides its value */
#define TICKV_CHUNK    64u /* bytes that are programmed at a time  */

enum tickv_status {
    TICKV_OK,
    TICKV_NOT_FOUND,
    TICKV_PRESENT,  /* append: the key has a value already              */
    TICKV_FULL,     /* no room, and none to be had                      */
    TICKV_TOO_LONG, /* no region can ever hold it                       */
    TICKV_RESERVED, /* the key that marks a database as one             */
    TICKV_FLASH,    /* the flash failed                                 */
};

enum tickv_turn { TICKV_DONE, TICKV_AGAIN, TICKV_PROGRAM, TICKV_ERASE };

/* The flash, as the store sees it: offsets from its start. */
struct tickv_flash {
    /* False: it could not be read. */
    bool (*read)(struct tickv_flash *self, uint32_t offset, struct span into);
    uint32_t region_size; /* bytes, at least 64, a multiple of the unit     */
    uint32_t regions;     /* at least 1; with only 1 nothing can be moved   */
    uint32_t unit;        /* bytes that can be programmed at once: 1, 2, 4, 8 */
};

/* Where an object lies. len 0: there is none. */
struct tickv_object {
    uint64_t key;
    uint32_t offset; /* of its header, from the start of the flash */
    uint32_t len;    /* header, value and checksum                 */
    bool is_valid;
};

struct tickv_order {
    uint32_t offset;
    struct span bytes; /* to program; the store's */
};

struct tickv;
typedef enum tickv_turn (*tickv_state)(struct tickv *self);

/* The members below "private" are for lib/tickv only. */
struct tickv {
    enum tickv_status status;
    struct tickv_order order;
    struct tickv_object found; /* by tickv_get */

    /* private */
    struct tickv_flash *flash;
    tickv_state state;

    struct {
        uint64_t key;
        struct span value;
        bool is_append;
    } request;

    /* A pass over the regions in the order of a key. */
    struct {
        uint64_t key;
        uint32_t index;
        uint32_t exclude; /* region to leave out */
        uint32_t keep;    /* offset of the object not to drop */
        tickv_state then;
    } pass;

    /* Bytes on their way into the flash: [at, end). */
    struct {
        uint8_t kind;
        uint32_t at;
        uint32_t end;
        uint32_t ordered_to; /* where the piece under way ends */
        uint32_t to;         /* where the object begins        */
        uint32_t from;       /* where it is copied from        */
        uint32_t len;        /* of the object                  */
        tickv_state then;    /* behind these bytes             */
        tickv_state written; /* behind the object              */
    } write;

    /* Room for an object. */
    struct {
        uint64_t key;
        uint32_t len;
        uint32_t index;
        uint32_t fit;     /* offset in the first used region with room     */
        uint32_t skipped; /* of the first free region, if that is blank    */
        uint32_t victim;  /* region that would be emptied                  */
        uint32_t victim_live;
        uint32_t spare;      /* offset in the first free region            */
        uint32_t free_count; /* free regions seen                          */
        uint32_t reclaims;   /* how often more a region may be emptied     */
        tickv_state then;
    } place;

    /* The region to empty. */
    struct {
        uint32_t region;
        uint32_t at;     /* next object to look at */
        uint32_t target; /* where it is moved to   */
        struct tickv_object object;
        bool is_blank; /* is left so */
        tickv_state then;
    } reclaim;

    /* What mounting has seen, region by region. */
    struct {
        uint32_t region;
        uint32_t hollow; /* has nothing valid, but is not free */
        uint32_t free_count;
        bool has_objects;
        bool has_mark;
    } mount;

    /* The object to store, without its value. */
    uint8_t head[11];
    uint8_t tail[4];
    uint8_t chunk[TICKV_CHUNK];
};

/* The 64 bits that stand for a key in the database. */
uint64_t tickv_hash(struct span key);

void tickv_init(struct tickv *self, struct tickv_flash *flash);

/*
 * Repairs what a power cut left. If no object is there at all, the flash is
 * made an empty database: everything else in it is erased.
 */
void tickv_mount(struct tickv *self);

/* TICKV_OK: the value is in self->found, to be read with tickv_value_read
 * until the next operation begins. */
void tickv_get(struct tickv *self, uint64_t key);

/* Bytes of the value of self->found, and a copy of those from off on; false
 * if the flash could not be read or there are fewer. */
uint32_t tickv_value_len(const struct tickv *self);
bool tickv_value_read(const struct tickv *self, uint32_t off, struct span into);

/* The key gets this value, whether it had one or not. Nothing is written if
 * it is the same. */
void tickv_set(struct tickv *self, uint64_t key, struct span value);

/* The same, but only if it has none. */
void tickv_append(struct tickv *self, uint64_t key, struct span value);

/* The key has no value any more. The bytes are overwritten when their region
 * is emptied, before it is erased. */
void tickv_invalidate(struct tickv *self, uint64_t key);

/* Erases regions in which nothing is valid. (tickv_set makes room itself.) */
void tickv_collect(struct tickv *self);

/* One piece of the operation. Not while an order is open. */
enum tickv_turn tickv_step(struct tickv *self);

/* The order was carried out, or the flash failed. */
void tickv_flash_done(struct tickv *self, bool is_good);

/* Longest value that can be stored. */
uint32_t tickv_max_value(const struct tickv_flash *flash);
