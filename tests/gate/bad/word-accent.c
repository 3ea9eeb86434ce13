/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdint.h>

enum { ÉTAT = 1 }; /* BAD word */
