/* SPDX-License-Identifier: MIT OR Apache-2.0 */
void *caller(void)
{
    return __builtin_return_address(0); /* BAD word */
}
