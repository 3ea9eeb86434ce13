/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#define CAPSULE_SELF(type, member, pointer) (pointer) /* BAD directive */

int one(void)
{
    return 1;
}
