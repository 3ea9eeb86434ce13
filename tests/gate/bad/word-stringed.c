/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#define TEXT(a) #a /* BAD directive */

const char *text(void)
{
    return TEXT(wfi);
}
