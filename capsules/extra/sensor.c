/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "sensor.h"

#include "capsule/element.h"
#include "capsule/grant.h"
#include "capsule/self.h"
#include "capsule/upcall.h"

/* Those that measure differ; see the traits. */
enum {
    CMD_EXISTS = 0,
    CMD_MEASURE = 1,
    CMD_CARBON_DIOXIDE = 2,
    CMD_COMPOUNDS = 3,
    CMD_MAGNETIC_FIELD = 100,
    CMD_ROTATION = 200,
};

enum { UPCALL_MEASURED = 0 };

enum upcall_shape { SHAPE_VALUE, SHAPE_STATUS_VALUE, SHAPE_VECTOR };

/* Commands that do not measure; each kind has at most these two. */
enum extra_commands { EXTRA_NONE, EXTRA_ON_OFF, EXTRA_RANGE, EXTRA_WATCH };
enum { CMD_EXTRA_FIRST = 2, CMD_EXTRA_SECOND = 3 };

/* What differs between the drivers: the table of sensor.h. */
struct sensor_traits {
    uint16_t commands[SENSOR_QUANTITIES]; /* 0: there are no more */
    uint8_t shape;                        /* enum upcall_shape    */
    uint8_t extra;                        /* enum extra_commands  */
    bool is_replaced;       /* a second request replaces the first */
    uint32_t argument_most; /* arguments are 1 to this; 0: unused  */
};

static const struct sensor_traits traits[SENSOR_KINDS] = {
    [SENSOR_TEMPERATURE] = {.commands = {CMD_MEASURE}},
    [SENSOR_HUMIDITY] = {.commands = {CMD_MEASURE}},
    [SENSOR_LIGHT] = {.commands = {CMD_MEASURE}, .is_replaced = true},
    [SENSOR_NINE_AXES] = {.commands = {CMD_MEASURE, CMD_MAGNETIC_FIELD,
                                       CMD_ROTATION},
                          .shape = SHAPE_VECTOR},
    [SENSOR_PROXIMITY] = {.commands = {CMD_MEASURE}, .extra = EXTRA_WATCH},
    [SENSOR_SOUND_PRESSURE] = {.commands = {CMD_MEASURE},
                               .extra = EXTRA_ON_OFF},
    [SENSOR_AIR_QUALITY] = {.commands = {CMD_CARBON_DIOXIDE, CMD_COMPOUNDS}},
    [SENSOR_PRESSURE] = {.commands = {CMD_MEASURE},
                         .shape = SHAPE_STATUS_VALUE},
    [SENSOR_DISTANCE] = {.commands = {CMD_MEASURE},
                         .shape = SHAPE_STATUS_VALUE,
                         .extra = EXTRA_RANGE},
    [SENSOR_MOISTURE] = {.commands = {CMD_MEASURE},
                         .shape = SHAPE_STATUS_VALUE},
    [SENSOR_RAINFALL] = {.commands = {CMD_MEASURE},
                         .shape = SHAPE_STATUS_VALUE,
                         .argument_most = 24},
};

/* The request of one process. One that watches is over with the first value
 * outside of its bounds only; meanwhile it is due when the value changes. */
struct sensor_grant {
    struct sensor_request request;
    bool is_pending;
    bool is_due; /* to be measured for */
    bool is_watch;
    uint8_t low;
    uint8_t high;
};

/* --- results -------------------------------------------------------------- */

static void send_upcall(const struct sensor *self, struct process *process,
                        enum tock_error status, struct hil_sample sample)
{
    uint32_t words[3] = {(uint32_t)sample.x, 0, 0};

    if (traits[self->kind].shape == SHAPE_STATUS_VALUE) {
        words[0] = status;
        words[1] = (uint32_t)sample.x;
    } else if (traits[self->kind].shape == SHAPE_VECTOR) {
        words[1] = (uint32_t)sample.y;
        words[2] = (uint32_t)sample.z;
    }
    upcall_schedule(&self->driver, process, UPCALL_MEASURED, words[0], words[1],
                    words[2]);
}

static bool is_same(struct sensor_request a, struct sensor_request b)
{
    return a.quantity == b.quantity && a.argument == b.argument;
}

/* A watch ends with a failure as well: nobody waits for ever. */
static bool is_over(const struct sensor_grant *mine, enum tock_error status,
                    int32_t value)
{
    return !mine->is_watch || status != TOCK_OK || value < mine->low ||
           value > mine->high;
}

static void finish(const struct sensor *self, struct process *process,
                   enum tock_error status, struct hil_sample sample)
{
    struct grant grant;

    if (grant_enter_existing(&self->driver, process, &grant) != TOCK_OK)
        return;

    struct sensor_grant *mine = GRANT_DATA(&grant, struct sensor_grant);

    if (mine->is_pending && is_same(mine->request, self->current)) {
        mine->is_due = false;
        mine->is_pending = !is_over(mine, status, sample.x);
        if (!mine->is_pending)
            send_upcall(self, process, status, sample);
    }
    grant_leave(&grant);
}

/* Everybody who asked for this measurement. */
static void finish_all(const struct sensor *self, enum tock_error status,
                       struct hil_sample sample)
{
    struct process *process = process_next(NULL);

    if (status != TOCK_OK)
        sample = (struct hil_sample){0};
    for (; process != NULL; process = process_next(process))
        finish(self, process, status, sample);
}

/* Those who wait for a value outside of their bounds. */
static void wake_watches(struct sensor *self)
{
    struct process *process = process_next(NULL);
    struct grant grant;

    self->has_changed = false;
    for (; process != NULL; process = process_next(process)) {
        if (grant_enter_existing(&self->driver, process, &grant) != TOCK_OK)
            continue;

        struct sensor_grant *mine = GRANT_DATA(&grant, struct sensor_grant);

        if (mine->is_pending && mine->is_watch) {
            mine->is_due = true;
            work_begin(&self->work);
        }
        grant_leave(&grant);
    }
}

static void measured(struct hil_sensor_client *client, enum tock_error status,
                     struct hil_sample sample)
{
    struct sensor *self =
        CAPSULE_SELF(struct sensor_source, client, client)->owner;

    self->is_measuring = false;
    finish_all(self, status, sample);
    if (self->has_changed)
        wake_watches(self);
    work_begin(&self->work);
}

static void changed(struct hil_sensor_client *client)
{
    struct sensor *self =
        CAPSULE_SELF(struct sensor_source, client, client)->owner;

    self->has_changed = true;
    if (!self->is_measuring)
        wake_watches(self);
}

/* --- requests ------------------------------------------------------------- */

static void start(struct sensor *self, struct sensor_request request)
{
    struct hil_sensor *sensor = self->sources[request.quantity].sensor;
    enum tock_error error = sensor->ops->start(sensor, request.argument);

    self->current = request;
    self->is_measuring = error == TOCK_OK;
    if (!self->is_measuring)
        finish_all(self, error, (struct hil_sample){0});
}

/* The processes in turn; a measurement that is under way calls again. */
static bool step(struct work *work, struct process *process)
{
    struct sensor *self = CAPSULE_SELF(struct sensor, work, work);
    struct grant grant;
    struct sensor_grant mine;

    if (self->is_measuring ||
        grant_enter_existing(&self->driver, process, &grant) != TOCK_OK)
        return false;
    mine = *GRANT_DATA(&grant, struct sensor_grant);
    grant_leave(&grant);
    if (!mine.is_pending || !mine.is_due)
        return false;
    start(self, mine.request);
    return true;
}

static enum tock_error request(struct sensor *self, struct process *caller,
                               struct sensor_grant wanted)
{
    struct grant grant;
    enum tock_error error = grant_enter(&self->driver, caller, &grant);

    if (error != TOCK_OK)
        return error;

    struct sensor_grant *mine = GRANT_DATA(&grant, struct sensor_grant);

    if (mine->is_pending && !traits[self->kind].is_replaced) {
        error = TOCK_BUSY;
    } else {
        wanted.is_pending = true;
        wanted.is_due = true;
        *mine = wanted;
        work_begin(&self->work);
    }
    grant_leave(&grant);
    return error;
}

static enum tock_error measure(struct sensor *self, struct process *caller,
                               uint32_t quantity, uint32_t argument)
{
    uint32_t most = traits[self->kind].argument_most;

    if (self->sources[quantity].sensor == NULL)
        return TOCK_NOSUPPORT;
    if (most == 0)
        argument = 0;
    else if (argument == 0 || argument > most)
        return TOCK_INVAL;
    return request(self, caller,
                   (struct sensor_grant){.request = {quantity, argument}});
}

static enum tock_error watch(struct sensor *self, struct process *caller,
                             uint32_t low, uint32_t high)
{
    if (self->sources[0].sensor == NULL)
        return TOCK_NOSUPPORT;
    return request(self, caller,
                   (struct sensor_grant){.is_watch = true,
                                         .low = (uint8_t)low,
                                         .high = (uint8_t)high});
}

static struct command_return extra_command(const struct sensor *self,
                                           uint32_t number)
{
    uint8_t extra = traits[self->kind].extra;

    if (extra == EXTRA_NONE || extra == EXTRA_WATCH ||
        (number != CMD_EXTRA_FIRST && number != CMD_EXTRA_SECOND))
        return command_failure(TOCK_NOSUPPORT);
    if (extra == EXTRA_ON_OFF)
        return command_success();
    return command_success_u32(number == CMD_EXTRA_FIRST ? self->least
                                                         : self->greatest);
}

static struct command_return command(struct driver *driver,
                                     struct process *caller, uint32_t number,
                                     uint32_t argument, uint32_t high)
{
    struct sensor *self = CAPSULE_SELF(struct sensor, driver, driver);

    if (number == CMD_EXISTS)
        return command_success();
    for (uint32_t i = 0; i < SENSOR_QUANTITIES; i++) {
        if (traits[self->kind].commands[i] == number)
            return command_status(measure(self, caller, i, argument));
    }
    if (traits[self->kind].extra == EXTRA_WATCH && number == CMD_EXTRA_FIRST)
        return command_status(watch(self, caller, argument, high));
    return extra_command(self, number);
}

void sensor_init(struct sensor *self, enum sensor_kind kind)
{
    static const struct driver_ops ops = {.command = command};
    static const struct grant_layout layout = {
        .upcalls = 1,
        .size = sizeof(struct sensor_grant),
    };

    *self = (struct sensor){
        .driver = {.ops = &ops, .grant = &layout},
        .work = work_make(step),
        .kind = kind,
    };
}

void sensor_set_source(struct sensor *self, uint32_t quantity,
                       struct hil_sensor *sensor)
{
    static const struct hil_sensor_client_ops client_ops = {measured, changed};

    if (quantity >= SENSOR_QUANTITIES)
        return;
    self->sources[quantity] = (struct sensor_source){
        .client = {&client_ops},
        .owner = self,
        .sensor = sensor,
    };
    sensor->client = &ELEMENT(self->sources, quantity)->client;
}

void sensor_set_range(struct sensor *self, uint32_t least, uint32_t greatest)
{
    self->least = least;
    self->greatest = greatest;
}
