/* SPDX-License-Identifier: MIT OR Apache-2.0 */
void end(int *at)
{
    *at = 0;
}

void scope(void)
{
    __attribute__((cleanup(end))) int at = 1; /* BAD word */

    (void)at;
}
