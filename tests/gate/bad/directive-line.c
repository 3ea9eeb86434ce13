/* SPDX-License-Identifier: MIT OR Apache-2.0 */
int one(void)
{
    return 1;
}

#line 7 "elsewhere.c" /* BAD directive */
