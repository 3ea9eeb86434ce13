/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * What outlasts a reboot: storage that all apps share, storage of this app
 * alone, and this app's own flash. Each call returns when it is done; it runs
 * no upcall.
 *
 * The app alone has storage only with a short id (elf2tbf --short-id). Of its
 * flash it should write the parts named writeable only: variables in a section
 * ".wfr" followed by anything, which memop 8 finds.
 *
 * Errors are the drivers'; TOCK_SIZE: not all bytes were done.
 */

#include "tock/syscall.h"

enum tock_error storage_read(uint32_t offset, void *into, uint32_t len);
enum tock_error storage_write(uint32_t offset, const void *bytes, uint32_t len);

/* Of this app alone. */
enum tock_error own_storage_size(uint32_t *size);
enum tock_error own_storage_read(uint32_t offset, void *into, uint32_t len);
enum tock_error own_storage_write(uint32_t offset, const void *bytes,
                                  uint32_t len);

/* Writes to this address in the app's flash. */
enum tock_error app_flash_write(uint32_t address, const void *bytes,
                                uint32_t len);
