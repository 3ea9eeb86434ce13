/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma GCC diagnostic ignored "-Wall" /* BAD directive */

int one(void)
{
    return 1;
}
