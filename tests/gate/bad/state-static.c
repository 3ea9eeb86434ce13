/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* OBJECT writable .bss.calls */
int next(void)
{
    static int calls; /* BAD state */

    return ++calls;
}
