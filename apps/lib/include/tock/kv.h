/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Values that outlast a reboot, found by keys (capsules/extra/kv.h). Each call
 * returns when it is done; it runs no upcall.
 *
 * The app needs a short id (elf2tbf --short-id) to store. Errors are the
 * driver's; TOCK_NOSUPPORT: there is no value that the app may use, or, for
 * kv_add, there is one.
 */

#include "tock/syscall.h"

/* Bytes of any kind; keys at most 64 of them, values 503. */
struct kv_bytes {
    const void *ptr;
    uint32_t len;
};

/* *len is what `into` has room for, then the value's length. TOCK_SIZE: only
 * the beginning was copied. */
enum tock_error kv_get(struct kv_bytes key, void *into, uint32_t *len);

enum tock_error kv_set(struct kv_bytes key, struct kv_bytes value);
enum tock_error kv_add(struct kv_bytes key, struct kv_bytes value);
enum tock_error kv_update(struct kv_bytes key, struct kv_bytes value);
enum tock_error kv_delete(struct kv_bytes key);

/* Erases flash in which nothing is valid. */
enum tock_error kv_collect(void);
