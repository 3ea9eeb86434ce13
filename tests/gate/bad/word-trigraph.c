/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* clang-format off */
??=define LIMIT 4 /* BAD word compiler */
/* clang-format on */

int four(void)
{
    return LIMIT;
}
