/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "place/place.h" /* BAD include */

int one(void)
{
    return 1;
}
