/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The kernel's own, by hand. */
void kernel_panic(const char *text); /* BAD declaration */

void stop(void)
{
    kernel_panic("me");
}
