/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#if defined(__clang__) /* BAD directive word */
int one(void)
{
    return 1;
}
#endif /* BAD directive */
