/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "../../../kernel/include/kernel/capability.h" /* BAD include */
#include "extra/../core/led.h"                         /* BAD include */
