/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capsule/driver.h"
#include "capsule/self.h"

struct mine {
    struct driver driver;
};

/* Not a member of struct mine. */
struct mine *self(struct process_ref *other)
{
    return CAPSULE_SELF(struct mine, driver, other); /* BAD compiler */
}
