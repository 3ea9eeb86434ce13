/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* No header of the kernel that a capsule sees declares it. */
void kernel_panic(const char *text);
