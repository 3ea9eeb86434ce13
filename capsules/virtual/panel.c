/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "panel.h"

#include "base/attr.h"
#include "capsule/element.h"
#include "capsule/self.h"

/* Items: first the LEDs, then the pins. */
enum { ITEM_PINS = PANEL_LEDS };

_Static_assert(PANEL_LEDS + PANEL_PINS <= 32, "a bit for each item");

/* --- lines that come out -------------------------------------------------- */

struct word {
    char text[16];
};

struct word_pair {
    struct word off;
    struct word on;
};

static uint32_t word_len(const struct word *word)
{
    uint32_t len = 0;

    while (len < sizeof(word->text) && word->text[len] != '\0')
        len++;
    return len;
}

/* Returns where the text ends. */
static uint32_t put_word(struct span to, uint32_t at, const struct word *word)
{
    for (uint32_t i = 0; i < word_len(word); i++)
        span_set(to, at++, (uint8_t)word->text[i]);
    return at;
}

static uint32_t put_number(struct span to, uint32_t at, uint32_t number)
{
    if (number >= 10)
        span_set(to, at++, (uint8_t)('0' + number / 10 % 10));
    span_set(to, at++, (uint8_t)('0' + number % 10));
    return at;
}

/* led N on, gpio N low; returns its length. */
static uint32_t put_line(struct span to, uint32_t item, bool is_on)
{
    static const struct word led = {"led "}, pin = {"gpio "};
    static const struct word_pair lit = {{" off\n"}, {" on\n"}};
    static const struct word_pair levels = {{" low\n"}, {" high\n"}};
    bool is_pin = item >= ITEM_PINS;
    const struct word_pair *states = is_pin ? &levels : &lit;
    uint32_t at = put_word(to, 0, is_pin ? &pin : &led);

    at = put_number(to, at, is_pin ? item - ITEM_PINS : item);
    return put_word(to, at, is_on ? &states->on : &states->off);
}

/* --- the queue of changes ------------------------------------------------- */

static bool is_on(const struct panel *self, uint32_t item)
{
    if (item >= ITEM_PINS)
        return self->pins[item - ITEM_PINS].pin.is_set;

    struct hil_led *lamp = self->leds[item].lamp;

    return lamp->ops->get(lamp);
}

static bool is_shown_on(const struct panel *self, uint32_t item)
{
    return (self->shown >> item & 1u) != 0;
}

static void note_shown(struct panel *self, uint32_t item, bool on)
{
    self->shown = (self->shown & ~(1u << item)) | (uint32_t)on << item;
}

/* The first item that is late and not as it was last told. */
static bool take_late(struct panel *self, struct panel_change *out)
{
    for (uint8_t item = 0; self->late != 0 && item < 32; item++) {
        if ((self->late & 1u << item) == 0)
            continue;
        self->late &= ~(1u << item);
        *out = (struct panel_change){item, is_on(self, item)};
        if (out->is_on != is_shown_on(self, item)) {
            note_shown(self, item, out->is_on);
            return true;
        }
    }
    return false;
}

static bool take_change(struct panel *self, struct panel_change *out)
{
    if (self->first_change == self->last_change)
        return take_late(self, out);
    *out = self->changes[self->first_change++ % PANEL_CHANGES];
    return true;
}

/* A port that refuses loses the line and is asked again at the next change. */
static void send_next(struct panel *self)
{
    struct span out = {self->out, sizeof(self->out)};
    struct panel_change change;

    if (self->is_sending || !take_change(self, &change))
        return;
    out = span_part(out, 0, put_line(out, change.item, change.is_on));
    self->is_sending = self->port->ops->transmit(self->port, out) == TOCK_OK;
}

static void transmitted(struct hil_uart_client *client, uint32_t sent,
                        enum tock_error status)
{
    struct panel *self = CAPSULE_SELF(struct panel, client, client);

    (void)sent;
    (void)status;
    self->is_sending = false;
    send_next(self);
}

/* Once an item is late its changes stay out of the queue: only how it is in the
 * end counts, and that is maybe what was told last. */
static void tell(struct panel *self, uint32_t item, bool on)
{
    bool is_full = self->last_change - self->first_change == PANEL_CHANGES;

    if (is_full || (self->late & 1u << item) != 0) {
        self->late |= 1u << item;
    } else {
        self->changes[self->last_change++ % PANEL_CHANGES] =
            (struct panel_change){(uint8_t)item, on};
        note_shown(self, item, on);
    }
    send_next(self);
}

/* --- LEDs and pins -------------------------------------------------------- */

static bool get_led(struct hil_led *led)
{
    struct hil_led *lamp = CAPSULE_SELF(struct panel_led, led, led)->lamp;

    return lamp->ops->get(lamp);
}

static void set_led(struct hil_led *led, bool is_lit)
{
    struct panel_led *self = CAPSULE_SELF(struct panel_led, led, led);
    bool was_lit = get_led(led);

    self->lamp->ops->set(self->lamp, is_lit);
    if (was_lit != is_lit)
        tell(self->panel, self->index, is_lit);
}

static void pin_output(struct simulated_pin *pin)
{
    struct panel_pin *self = CAPSULE_SELF(struct panel_pin, pin, pin);

    if (self->panel->place == PANEL_ALONE)
        tell(self->panel, ITEM_PINS + self->index, pin->is_set);
}

/* --- lines that come in --------------------------------------------------- */

/* The first word of what is left, which is shortened by it. */
static struct span take_word(struct span *rest)
{
    uint32_t start = 0, end;

    while (start < rest->len && span_get(*rest, start) == ' ')
        start++;
    end = start;
    while (end < rest->len && span_get(*rest, end) != ' ')
        end++;

    struct span word = span_part(*rest, start, end - start);

    *rest = span_part(*rest, end, UINT32_MAX);
    return word;
}

static bool is_word(struct span word, const struct word *text)
{
    if (word.len != word_len(text))
        return false;
    for (uint32_t i = 0; i < word.len; i++) {
        if (span_get(word, i) != (uint8_t)text->text[i])
            return false;
    }
    return true;
}

/* A decimal number up to most; false if it is something else. */
static bool read_digits(struct span word, uint32_t most, uint32_t *out)
{
    uint32_t value = 0;

    for (uint32_t i = 0; i < word.len; i++) {
        uint32_t digit = (uint32_t)span_get(word, i) - '0';

        if (digit > 9 || digit > most || value > (most - digit) / 10)
            return false;
        value = 10 * value + digit;
    }
    *out = value;
    return word.len != 0;
}

static bool take_number(struct span *rest, int32_t *out)
{
    struct span word = take_word(rest);
    bool is_negative = span_get(word, 0) == '-';
    uint32_t value;

    if (!read_digits(span_part(word, is_negative, UINT32_MAX),
                     (uint32_t)INT32_MAX + is_negative, &value))
        return false;
    *out = is_negative ? (int32_t)-value : (int32_t)value;
    return true;
}

static bool is_end(struct span rest)
{
    struct span word = take_word(&rest);

    return word.len == 0;
}

/* An index, one of two words, and nothing more. */
static bool take_state(struct span rest, const struct word_pair *states,
                       uint32_t count, uint32_t *index, bool *is_high)
{
    struct span state;

    if (!read_digits(take_word(&rest), count - 1, index))
        return false;
    state = take_word(&rest);
    *is_high = is_word(state, &states->on);
    return (*is_high || is_word(state, &states->off)) && is_end(rest);
}

static void read_button(struct panel *self, struct span rest)
{
    static const struct word_pair states = {{"up"}, {"down"}};
    uint32_t index;
    bool is_down;

    if (take_state(rest, &states, PANEL_BUTTONS, &index, &is_down))
        simulated_pin_drive(ELEMENT(self->buttons, index), is_down);
}

static void read_pin(struct panel *self, struct span rest)
{
    static const struct word_pair states = {{"low"}, {"high"}};
    uint32_t index;
    bool is_high;

    if (take_state(rest, &states, PANEL_PINS, &index, &is_high))
        simulated_pin_drive(&ELEMENT(self->pins, index)->pin, is_high);
}

struct sensor_name {
    struct word name;
    bool is_vector;
    struct hil_sample at_first;
};

static const struct sensor_name sensor_names[PANEL_SENSORS] = {
    [PANEL_TEMPERATURE] = {{"temperature"}, false, {2150, 0, 0}},
    [PANEL_HUMIDITY] = {{"humidity"}, false, {5000, 0, 0}},
    [PANEL_LIGHT] = {{"light"}, false, {300, 0, 0}},
    [PANEL_PROXIMITY] = {{"proximity"}, false, {0, 0, 0}},
    [PANEL_SOUND_PRESSURE] = {{"sound_pressure"}, false, {40, 0, 0}},
    [PANEL_CO2] = {{"co2"}, false, {400, 0, 0}},
    [PANEL_TVOC] = {{"tvoc"}, false, {50, 0, 0}},
    [PANEL_PRESSURE] = {{"pressure"}, false, {1013, 0, 0}},
    [PANEL_DISTANCE] = {{"distance"}, false, {500, 0, 0}},
    [PANEL_MOISTURE] = {{"moisture"}, false, {3000, 0, 0}},
    [PANEL_RAINFALL] = {{"rainfall"}, false, {0, 0, 0}},
    [PANEL_ACCELERATION] = {{"acceleration"}, true, {0, 0, 1000}},
    [PANEL_MAGNETIC_FIELD] = {{"magnetic_field"}, true, {200, 0, -400}},
    [PANEL_ROTATION] = {{"rotation"}, true, {0, 0, 0}},
};

static void read_sensor(struct panel *self, struct span name, struct span rest)
{
    uint32_t which = 0;
    struct hil_sample sample = {0};

    while (which < PANEL_SENSORS &&
           !is_word(name, &ELEMENT(sensor_names, which)->name))
        which++;
    if (which == PANEL_SENSORS || !take_number(&rest, &sample.x))
        return;
    if (sensor_names[which].is_vector &&
        (!take_number(&rest, &sample.y) || !take_number(&rest, &sample.z)))
        return;
    if (is_end(rest))
        fixed_sensor_set(ELEMENT(self->sensors, which), sample);
}

static void read_line(struct panel *self, struct span line)
{
    static const struct word button = {"button"}, gpio = {"gpio"};
    struct span name = take_word(&line);

    if (is_word(name, &button))
        read_button(self, line);
    else if (is_word(name, &gpio))
        read_pin(self, line);
    else
        read_sensor(self, name, line);
}

static void read_byte(struct panel *self, uint8_t byte)
{
    if (byte == '\n' || byte == '\r') {
        if (self->line_len <= PANEL_LINE)
            read_line(self,
                      span_part((struct span){self->line, sizeof(self->line)},
                                0, self->line_len));
        self->line_len = 0;
    } else if (self->line_len < PANEL_LINE) {
        self->line[self->line_len++] = byte;
    } else {
        self->line_len = PANEL_LINE + 1;
    }
}

static void receive_next(struct panel *self)
{
    (void)self->port->ops->receive(
        self->port, (struct span){self->byte, sizeof(self->byte)});
}

/* A port that fails is not asked again: it would fail for ever. */
static void received(struct hil_uart_client *client, uint32_t count,
                     enum tock_error status)
{
    struct panel *self = CAPSULE_SELF(struct panel, client, client);

    if (count != 0)
        read_byte(self, self->byte[0]);
    if (status == TOCK_OK)
        receive_next(self);
}

/* --- set-up --------------------------------------------------------------- */

static void init_pins(struct panel *self)
{
    for (uint32_t i = 0; i < PANEL_PINS; i++) {
        struct panel_pin *pin = ELEMENT(self->pins, i);

        (void)simulated_pin_init(&pin->pin, pin_output);
        pin->panel = self;
        pin->index = i;
    }
    simulated_pin_join(&self->pins[0].pin, &self->pins[1].pin);
    for (uint32_t i = 0; i < PANEL_BUTTONS; i++)
        (void)simulated_pin_init(ELEMENT(self->buttons, i), NULL);
}

void panel_init(struct panel *self, struct hil_uart *port,
                enum panel_place place)
{
    static const struct hil_uart_client_ops client_ops = {
        .transmitted = transmitted,
        .received = received,
    };

    *self = (struct panel){
        .client = {&client_ops},
        .port = port,
        .place = place,
    };
    port->client = &self->client;
    init_pins(self);
    for (uint32_t i = 0; i < PANEL_SENSORS; i++)
        (void)fixed_sensor_init(ELEMENT(self->sensors, i),
                                sensor_names[i].at_first);
    if (place == PANEL_ALONE)
        receive_next(self);
}

struct hil_led *panel_add_led(struct panel *self, struct hil_led *lamp)
{
    static const struct hil_led_ops ops = {.set = set_led, .get = get_led};

    if (self->led_count == PANEL_LEDS)
        return lamp;

    struct panel_led *led = ELEMENT(self->leds, self->led_count);

    *led = (struct panel_led){{&ops}, self, lamp, self->led_count};
    self->led_count++;
    lamp->ops->set(lamp, false);
    return &led->led;
}

struct hil_gpio *panel_pin(struct panel *self, uint32_t index)
{
    return &ELEMENT(self->pins, index)->pin.gpio;
}

struct hil_gpio *panel_button(struct panel *self, uint32_t index)
{
    return &ELEMENT(self->buttons, index)->gpio;
}

struct hil_sensor *panel_sensor(struct panel *self, enum panel_sensor which)
{
    return &ELEMENT(self->sensors, which)->sensor;
}
