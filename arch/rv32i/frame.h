/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Byte offsets in struct arch_context, for trap.S; port.c asserts that they
 * match. Register xN stands at 4 * (N - 1): x0 needs no place.
 */

#define FRAME_X(n) (4 * ((n)-1))
#define FRAME_PC   124
