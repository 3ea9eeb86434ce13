/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stddef.h>

void *malloc(size_t size); /* BAD word declaration */
