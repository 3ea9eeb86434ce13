/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * What is stored: bytes change only where somebody who may asked for it, and
 * keys have the value and the owner that the upcalls told.
 *
 * The linker leads the key-value driver's changes of its store through here.
 */

#include "base/le.h"
#include "capsule/storage.h"
#include "grant.h"
#include "ledger.h"

/* --- bytes ---------------------------------------------------------------- */

enum { AREAS = 3, AREA_MOST = ISOLATED_SIZE };

static const struct {
    uint32_t driver;
    uint32_t write_command;
    const struct transfers *transfers;
} areas[AREAS] = {
    {AT_NVS, 3, &nvs.transfers},
    {AT_ISOLATED, 3, &isolated.transfers},
    {AT_APP_FLASH, 1, &app_flash.transfers},
};

/* What each process may be writing, also if it has ended since: in the area,
 * in the region of the owner with that id, in the apps. */
static struct writing {
    uint32_t owner;
    uint32_t from;
    uint32_t to; /* from: nothing */
} writing[AREAS][HOSTILE];

static uint8_t stored[AREAS][AREA_MOST];

/* How far the flash and the page writer were when that was looked at. */
static struct {
    uint32_t operations;
    uint32_t target;
    bool is_busy;
} seen;

static void stored_read(uint32_t area, uint8_t bytes[AREA_MOST])
{
    struct span all = {bytes, areas[area].transfers->area.size};

    MUST(page_writer_read(&areas[area].transfers->area, 0, all) == TOCK_OK);
}

static void init_stored(void)
{
    memset(writing, 0, sizeof(writing));
    for (uint32_t i = 0; i < AREAS; i++)
        stored_read(i, stored[i]);
}

static void note_write(uint32_t area, const struct process *p, uint32_t from,
                       uint32_t len)
{
    struct writing *w = &writing[area][p->slot];

    if (w->to != w->from && w->from < from) {
        len += from - w->from;
        from = w->from;
    }
    if (w->to != w->from && w->to > from + len)
        len = w->to - from;
    *w = (struct writing){storage_write_id(p), from, from + len};
}

/* The command was accepted; its arguments are 1 and 2. */
static void note_storing(uint32_t driver, const struct process *p,
                         uint32_t number, uint32_t arg0, uint32_t arg1)
{
    uint32_t len = buffer_readonly_len(drivers[driver].driver, p, 0);

    if (driver == AT_NVS && number == 3) {
        MUST(range_inside(arg0, arg1, 0, NVS_SIZE));
        note_write(0, p, arg0, arg1 < len ? arg1 : len);
    } else if (driver == AT_ISOLATED && number == 3) {
        MUST(storage_write_id(p) != 0);
        /* As long as the buffer is when the region is made, if it is not. */
        if (arg1 == 0 && arg0 < REGION_SIZE)
            note_write(1, p, arg0, REGION_SIZE - arg0);
    } else if (driver == AT_APP_FLASH && number == 1) {
        MUST(range_inside(arg0, len, p->flash_start + p->protected_size,
                          p->flash_start + p->flash_size));
        note_write(2, p, arg0 - HOST_FLASH_START, len);
    }
}

/* Which region of the list the byte is in, header included; false: none. */
static bool find_region(uint32_t at, uint32_t *owner, uint32_t *offset)
{
    const uint8_t *bytes = stored[1];
    uint32_t start = 0;

    while (start + ISOLATED_STORAGE_HEADER + REGION_SIZE <= ISOLATED_SIZE &&
           le32_load(bytes + start) == (1u << 24 | REGION_SIZE)) {
        *owner = le32_load(bytes + start + 4);
        *offset = at - start - ISOLATED_STORAGE_HEADER;
        start += ISOLATED_STORAGE_HEADER + REGION_SIZE;
        if (at < start)
            return true;
    }
    return false;
}

/* at counts from the region's first byte if the area is of regions. */
static bool is_written(uint32_t area, uint32_t owner, uint32_t at)
{
    for (uint32_t i = 0; i < HOSTILE; i++) {
        const struct writing *w = &writing[area][i];

        if (at >= w->from && at < w->to && (area != 1 || w->owner == owner))
            return true;
    }
    return false;
}

/* Behind the regions there may be a new one. */
static bool may_change(uint32_t area, uint32_t at)
{
    uint32_t owner = 0;

    if (area == 1 && !find_region(at, &owner, &at))
        return true;
    return is_written(area, owner, at);
}

static void check_area(uint32_t area)
{
    uint32_t size = areas[area].transfers->area.size;
    uint8_t now[AREA_MOST];

    stored_read(area, now);
    if (memcmp(now, stored[area], size) == 0)
        return;
    for (uint32_t at = 0; at < size && !is_torn; at++)
        MUST(now[at] == stored[area][at] || may_change(area, at));
    memcpy(stored[area], now, size);
    if (areas[area].driver == AT_APP_FLASH)
        memcpy(host_memory(HOST_FLASH_START), now, size);
}

/* Requests that are over write no more, once their last piece is written. */
static void forget_written(uint32_t area)
{
    uint32_t driver = areas[area].driver;
    uint32_t kind = ends_with(driver, areas[area].write_command);

    for (uint32_t i = 0; i < HOSTILE; i++) {
        if (!areas[area].transfers->is_writing &&
            asked_of(driver, &board.processes[i])->open[kind] == 0)
            writing[area][i] = (struct writing){0};
    }
}

/* A page shows what is written into it from when the writer has begun. */
static bool has_moved(void)
{
    bool has_moved = seen.operations != nor.operations ||
                     seen.is_busy != writer.is_busy ||
                     seen.target != writer.target;

    seen.operations = nor.operations;
    seen.is_busy = writer.is_busy;
    seen.target = writer.target;
    return has_moved;
}

static void check_stored(void)
{
    bool must_look = has_moved();

    for (uint32_t i = 0; i < AREAS; i++) {
        if (must_look)
            check_area(i);
        forget_written(i);
    }
    MUST(is_torn || nor.bad_programs == 0);
}

/* --- keys and values ------------------------------------------------------ */

enum { KEYS = 32, GET = 1, SET = 2, DELETE = 3, ADD = 4, UPDATE = 5 };

static struct key {
    uint64_t hash;
    bool is_used;
    bool is_sure; /* what follows is so                      */
    bool is_open; /* a change was begun and its end not told */
    bool has_value;
    uint32_t owner;
    uint32_t len;
    uint8_t value[KV_MAX_VALUE];
} keys[KEYS];

/* Without a value at first; null: there are too many to remember. */
static struct key *find_key(uint64_t hash)
{
    for (uint32_t i = 0; i < KEYS; i++) {
        if (!keys[i].is_used)
            keys[i] =
                (struct key){.hash = hash, .is_used = true, .is_sure = true};
        if (keys[i].hash == hash)
            return &keys[i];
    }
    return NULL;
}

static void note_change(uint64_t hash)
{
    struct key *key = find_key(hash);

    if (key == NULL)
        return;
    key->is_sure = key->is_sure && !key->is_open;
    key->is_open = true;
}

static void check_got(const struct process *p, const struct key *key,
                      enum tock_error status, uint32_t len)
{
    const struct grant_slot *output =
        grant_slot_existing(&kv.driver, p, GRANT_WRITABLE, 0);

    if (status == TOCK_NOSUPPORT) {
        MUST(!key->has_value || !storage_may_read(p, key->owner));
    } else if (status != TOCK_FAIL) {
        MUST(key->has_value && storage_may_read(p, key->owner));
        MUST(len == key->len);
        MUST(status == TOCK_SIZE || len == 0 ||
             (len <= output->second &&
              memcmp(host_memory(output->first), key->value, len) == 0));
    }
}

/* Was it right to make, or to refuse, the change? */
static void check_change(const struct process *p, const struct key *key,
                         enum tock_error status)
{
    bool may = key->has_value
                   ? kv.command != ADD && storage_may_modify(p, key->owner)
                   : kv.command == SET || kv.command == ADD;

    if (status == TOCK_OK || status == TOCK_NOMEM)
        MUST(may);
    if (status == TOCK_NOSUPPORT && !key->is_open)
        MUST(!may);
}

static void note_changed(const struct process *p, struct key *key,
                         enum tock_error status)
{
    if (status != TOCK_OK && status != TOCK_NOMEM) {
        key->is_sure = key->is_sure && !key->is_open;
        return;
    }
    key->is_open = false;
    if (status == TOCK_NOMEM)
        return;
    key->is_sure = true;
    key->has_value = kv.command != DELETE;
    if (!key->has_value)
        return;
    key->owner = storage_write_id(p);
    key->len = kv.value.len - KV_HEADER;
    memcpy(key->value, kv.bytes + KV_HEADER, key->len);
}

/* An upcall of the driver: command and key are those of its request, if it was
 * under way. */
static void note_kv(const struct process *p, enum tock_error status,
                    uint32_t len)
{
    struct key *key = find_key(kv.key);
    bool has_begun = kv.phase == KV_GETS || kv.phase == KV_CHANGES;

    if (!has_begun || key == NULL || kv.command < GET || kv.command > UPDATE)
        return;
    if (kv.command == GET && key->is_sure && !key->is_open)
        check_got(p, key, status, len);
    if (kv.command == GET)
        return;
    if (key->is_sure)
        check_change(p, key, status);
    note_changed(p, key, status);
}
