/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* Within the port: the kernel's own use of the PMP. */

#include <stdint.h>

/* All entries off, then entry 7 denies the guard to everyone for good. */
void pmp_init(uint32_t guard_start, uint32_t guard_size);
