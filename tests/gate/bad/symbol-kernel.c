/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "symbol.h"

/* OBJECT foreign symbol 'kernel_panic' [symbol] */
void stop(void)
{
    kernel_panic("me");
}
