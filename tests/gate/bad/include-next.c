/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include_next <stddef.h> /* BAD directive compiler */
