/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The console: write and wait, read and be called.
 *
 * Bytes go out as they are. The console has one reader at a time among all
 * apps, and a read ends when all its bytes have come.
 *
 * Context: anywhere, upcalls included; a write runs no upcall.
 */

#include "tock/syscall.h"

/* Returns when the kernel has taken all bytes, or with the first error. */
enum tock_error console_write(const void *bytes, uint32_t len);

/*
 * Starts a read. fn is called once with (status, bytes read, 0); bytes must
 * live until then. TOCK_BUSY: somebody reads already.
 */
enum tock_error console_read(void *bytes, uint32_t len, syscall_upcall fn,
                             void *context);
