/* SPDX-License-Identifier: MIT OR Apache-2.0 */
typedef void entry(void);

void reset(void)
{
    ((entry *)0x101u)(); /* BAD cast */
}
