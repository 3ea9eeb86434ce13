/* SPDX-License-Identifier: MIT OR Apache-2.0 */
int again(int from)
{
again:
    if (from-- > 0)
        goto again; /* BAD word */
    return from;
}
