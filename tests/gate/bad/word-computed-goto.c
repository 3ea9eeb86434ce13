/* SPDX-License-Identifier: MIT OR Apache-2.0 */
void jump(void)
{
    void *where = &&here; /* BAD word compiler */

    goto *where; /* BAD word compiler */
here:
    return;
}
