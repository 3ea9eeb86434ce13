/* SPDX-License-Identifier: MIT OR Apache-2.0 */
_Pragma("GCC optimize(\"O0\")") /* BAD word compiler */

    int one(void)
{
    return 1;
}
