/* SPDX-License-Identifier: MIT OR Apache-2.0 */
void wait(void)
{
    /* BAD word compiler */ as\
m("wfi");
}
