/* SPDX-License-Identifier: MIT OR Apache-2.0 */
int one(void)
{
    return 1;
}

int two(void) __attribute__((alias("one"))); /* BAD word declaration */
