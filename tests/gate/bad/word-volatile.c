/* SPDX-License-Identifier: MIT OR Apache-2.0 */
int read(const volatile int *at) /* BAD word */
{
    return *at;
}
