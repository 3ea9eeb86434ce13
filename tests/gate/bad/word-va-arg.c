/* SPDX-License-Identifier: MIT OR Apache-2.0 */
void *third(int count, ...) /* BAD variadic */
{
    __builtin_va_list list; /* BAD word */
    void *found;

    __builtin_va_start(list, count);        /* BAD word */
    found = __builtin_va_arg(list, void *); /* BAD word variadic */
    __builtin_va_end(list);                 /* BAD word */
    return found;
}
