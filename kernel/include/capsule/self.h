/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* From a member that the kernel or a lower layer hands back to the capsule's
 * own struct: the one pointer cast that capsules make. */

#include <stddef.h>
#include <stdint.h>

#define CAPSULE_SELF(type, member, pointer) \
    ((type *)(void *)((uint8_t *)(pointer)-offsetof(type, member)))
