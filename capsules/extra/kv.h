/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Values that outlast a reboot, found by keys. Driver number 0x50003.
 *
 *   command 0   is it there                            Success
 *   command 1   get: the value goes to read-write 0    Success, ...
 *   command 2   set: new value, whether it had one or not
 *   command 3   delete
 *   command 4   add: a value, if it has none
 *   command 5   update: another value, if it has one
 *   command 6   erase flash in which nothing is valid
 *   upcall 0                 (status, length, 0)       the request is done
 *   read-only 0 is the key, read-only 1 the value
 *
 * Failures of the commands, nothing was started then: INVAL the app has no
 * write id (capsule/storage.h; commands 2, 4, 5, 6). RESERVE there is no key.
 * SIZE the key is longer than KV_MAX_KEY or the value than KV_MAX_VALUE.
 * NOMEM the caller's last request is open, or there is no memory for the grant.
 *
 * Statuses: NOSUPPORT the key has no value (1, 3, 5), or has one (4), or the
 * app may not read (1) or modify (2, 3, 5) what it has. SIZE of command 1: the
 * buffer got the beginning of the value, as much as it has room for. NOMEM
 * there is no room for the value; it has the one it had. FAIL the flash failed:
 * the change has happened or not. RESERVE, SIZE also: the buffer with the key
 * was taken away or swapped for too long a one before the request's turn came,
 * SIZE likewise of the value. length is that of the value, in full, if command
 * 1 found one that may be read, else 0.
 *
 * Keys are one for all apps; a value belongs to the app that set it last, by
 * its write id. A key that was set to the value it has is not written again.
 * Empty values are values. Two keys of one hash (tickv_hash) are one key.
 *
 * One request of each process waits; processes take turns. Buffers are read
 * when the turn comes and written before the upcall. If a process ends, what
 * it had begun is done.
 *
 * In flash a value stands in a TicKV database (lib/tickv) behind nine bytes:
 * 0, its length and its owner's write id (32 bits each, low byte first). A
 * power cut at any time leaves every key with its old or its new value.
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
