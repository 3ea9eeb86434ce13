/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* OBJECT writable .bss.calls */
int calls; /* BAD state */

int next(void)
{
    return ++calls;
}
