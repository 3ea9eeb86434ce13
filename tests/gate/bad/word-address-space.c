/* SPDX-License-Identifier: MIT OR Apache-2.0 */
int read(const __attribute__((address_space(1))) int *at) /* BAD word */
{
    return *at;
}
