/* SPDX-License-Identifier: MIT OR Apache-2.0 */
int a$b(void) /* BAD word compiler */
{
    return 0;
}
