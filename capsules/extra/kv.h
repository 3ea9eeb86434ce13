/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Values that outlast a reboot, found by keys. Driver number 0x50003
 * (TOCK_DRIVER_KV).
 *
 *   command 0                is it there               Success
 *   command 1                get: the value goes to    Success, RESERVE, SIZE,
 *                            read-write 0              NOMEM
 *   command 2                set: new value, whether   Success, INVAL, RESERVE,
 *                            it had one or not         SIZE, NOMEM
 *   command 3                delete                    Success, RESERVE, SIZE,
 *                                                      NOMEM
 *   command 4                add: a value, if it has   Success, INVAL, RESERVE,
 *                            none                      SIZE, NOMEM
 *   command 5                update: another value, if Success, INVAL, RESERVE,
 *                            it has one                SIZE, NOMEM
 *   command 6                erase flash in which      Success, INVAL, NOMEM
 *                            nothing is valid
 *   read-only 0              key, 1 to KV_MAX_KEY bytes
 *   read-only 1              value for 2, 4, 5: up to KV_MAX_VALUE bytes, also
 *                            0
 *   read-write 0             where the value goes, cut to its length
 *   upcall 0                 (status, length, 0)       the request is done
 *
 * length is that of the value, in full, if command 1 found one that may be
 * read, else 0.
 *
 * Answers, in this order, nothing was begun then:
 *   INVAL       the app has no write id
 *   RESERVE     there is no key
 *   SIZE        the key is longer than KV_MAX_KEY, or the value than
 *               KV_MAX_VALUE
 *   NOMEM       the caller's last request is open, its upcall not queued yet;
 *               or no memory for the driver's state of the process (its grant)
 *
 * Status:
 *   0           done
 *   NOSUPPORT   the key has no value (1, 3, 5), or has one (4), or the app may
 *               not read (1) or modify (2, 3, 5) what it has
 *   SIZE        command 1: the buffer got the beginning of the value, as much
 *               as it has room for. Else key or value was swapped for too long
 *               a one before the request's turn came
 *   RESERVE     the key was taken away before the request's turn came
 *   NOMEM       there is no room for the value; it has the one it had
 *   FAIL        the flash failed: the change has happened or not
 *
 * Keys are one for all apps; a value belongs to the app that set it last, by
 * its write id. A key that was set to the value it has is not written again.
 * Empty values are values. Two keys of one hash (tickv_hash) are one key.
 *
 * Access: the write id is the app's short id; on boards that look at them,
 * storage permissions in its header (elf2tbf --write_id, --read_ids,
 * --access_ids) have to give it, and name the ids whose values the app may read
 * and modify (capsule/storage.h, docs/kernel.md). An app whose header has no
 * such element has all rights to what is its own.
 *
 * Requests: one of each process; processes take turns.
 *
 * Buffers: key and value are read when the turn comes, what was found is
 * written before the upcall.
 *
 * Process ends: what it had begun is done, what waited for its turn is gone.
 * At start: nothing is open. The store is mounted by the first request after a
 * reboot, which takes longer.
 *
 * In flash a value stands in a TicKV database (lib/tickv) behind nine bytes: 0,
 * its length and its owner's write id (32 bits each, low byte first). A power
 * cut at any time leaves every key with its old or its new value.
 *
 * Context: kernel thread only.
 */

#include "capsule/driver.h"
#include "hil/deferred.h"
#include "hil/flash.h"
#include "tickv/tickv.h"

#define KV_MAX_KEY   64u
#define KV_HEADER    9u
#define KV_MAX_VALUE (512u - KV_HEADER)

/* What the store is busy with. */
enum kv_phase {
    KV_UNUSED, /* is mounted by the first request */
    KV_IDLE,
    KV_MOUNTS,
    KV_GETS,    /* what the key of a request has */
    KV_CHANGES, /* as the request asks           */
};

struct kv {
    struct driver driver;
    struct hil_flash_client client;
    struct tickv_flash area;
    struct hil_flash *flash;
    struct tickv store;
    struct deferred background;
    enum kv_phase phase;
    struct process_ref owner; /* of the request under way       */
    uint32_t last_slot;       /* whose turn it was              */
    uint32_t command;         /* what it wants                  */
    uint64_t key;
    struct span value; /* header and value in bytes */
    uint8_t bytes[KV_HEADER + KV_MAX_VALUE];
};

/* Takes the flash and becomes its client. With the first request, what it holds
 * besides a database is erased. Its pages have at least 64 bytes. */
void kv_init(struct kv *self, struct hil_flash *flash);
