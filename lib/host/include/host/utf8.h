/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* UTF-8: is it valid, and writing a code point. Pure; hostile input. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No overlong forms, no surrogates, nothing above U+10FFFF. */
bool utf8_is_valid(const void *bytes, size_t len);

/* Writes 1 to 4 bytes and returns how many; 0 if point is no scalar value. */
size_t utf8_put(uint32_t point, char out[4]);
