/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* Stands in for apps/lib's console in test_printf.c: no system calls. */

#include "abi/abi.h"

#include <stddef.h>
#include <stdint.h>

enum tock_error console_write(const void *bytes, uint32_t len);
