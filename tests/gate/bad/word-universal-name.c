/* SPDX-License-Identifier: MIT OR Apache-2.0 */
void wait(void)
{
    int \u00e9 = 0; /* BAD word */

    (void)\u00e9; /* BAD word */
}
