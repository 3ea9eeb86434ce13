/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "fixed_sensor.h"

#include "capsule/self.h"

static enum tock_error start(struct hil_sensor *sensor, uint32_t argument)
{
    struct fixed_sensor *self =
        CAPSULE_SELF(struct fixed_sensor, sensor, sensor);

    (void)argument;
    if (self->is_measuring)
        return TOCK_BUSY;
    self->is_measuring = true;
    deferred_set(&self->done);
    return TOCK_OK;
}

static void tell(struct deferred *done)
{
    struct fixed_sensor *self = CAPSULE_SELF(struct fixed_sensor, done, done);
    struct hil_sensor_client *client = self->sensor.client;

    self->is_measuring = false;
    client->ops->measured(client, TOCK_OK, self->sample);
}

struct hil_sensor *fixed_sensor_init(struct fixed_sensor *self,
                                     struct hil_sample sample)
{
    static const struct hil_sensor_ops ops = {.start = start};

    *self = (struct fixed_sensor){
        .sensor = {.ops = &ops},
        .done = {.run = tell},
        .sample = sample,
    };
    return &self->sensor;
}

void fixed_sensor_set(struct fixed_sensor *self, struct hil_sample sample)
{
    struct hil_sensor_client *client = self->sensor.client;

    self->sample = sample;
    if (client != NULL && client->ops->changed != NULL)
        client->ops->changed(client);
}
