/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* From a member that the kernel or a lower layer hands back to the capsule's
 * own struct: the one pointer cast that capsules make. The conditional is there
 * for the compiler, which compares the pointer's type with the member's. */

#include <stddef.h>
#include <stdint.h>

#define CAPSULE_SELF(type, member, pointer)                               \
    ((type *)(void *)((uint8_t *)(1 ? (pointer) : &((type *)0)->member) - \
                      offsetof(type, member)))
