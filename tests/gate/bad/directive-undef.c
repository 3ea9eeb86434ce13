/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#undef CAPSULE_SELF /* BAD directive */

int one(void)
{
    return 1;
}
