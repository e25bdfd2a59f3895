/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* An example of a producer in C: a driver of devices with messages and a line, written from the rules. */
#include "irqbypass_role.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define DEVICES 8
#define VECTORS 32
#define NONE (-1)

struct vector {
	struct role_object object;
	char holder[48];
	bool set, registered;
	int eventfd, irq;
	/* Lines only. */
	bool forwarded, in_flight;
};

struct device {
	int id, vectors;
	bool open, frees_on_reset;
	/* Empty while it has no interrupts. */
	char index[8];
	struct vector vector[VECTORS];
	struct role_waiter waiter;
	/* NONE where nothing unmasks the line. */
	int unmask;
};

static struct device devices[DEVICES];
static int device_count;
static bool forwards_lines;

static bool is_line(const struct device *device)
{
	return strcmp(device->index, "intx") == 0;
}

static void begin(json_t *arguments)
{
	json_t *description;
	size_t at;

	device_count = 0;
	forwards_lines = role_is(arguments, "backEnd", "arm-forwarding");
	json_array_foreach(json_object_get(arguments, "devices"), at, description) {
		struct device device = {
			.id = role_number(description, "id"), .vectors = role_number(description, "vectors"),
			.frees_on_reset = role_is(description, "driver", "vhost-vdpa"), .unmask = NONE,
		};

		if (at == DEVICES || device.vectors > VECTORS)
			adapter_fail("this producer has room for %d devices with %d vectors", DEVICES, VECTORS);
		devices[device_count++] = device;
	}
}

static struct device *find(json_t *call)
{
	for (int at = 0; at < device_count; at++)
		if (devices[at].id == role_number(call, "device"))
			return &devices[at];
	return NULL;
}

static struct device *find_open(json_t *call)
{
	struct device *device = find(call);

	return device && device->open ? device : NULL;
}

static struct vector *line_of(struct role_object *object)
{
	return role_container(object, struct vector, object);
}

static int add_consumer(struct role_object *object, int irq)
{
	(void)irq;
	line_of(object)->forwarded = true;
	return 0;
}

static void del_consumer(struct role_object *object)
{
	line_of(object)->forwarded = false;
}

static void stop(struct role_object *object)
{
	role_ask("maskIrq", "'irq':%d", line_of(object)->irq);
}

static void start(struct role_object *object)
{
	if (!line_of(object)->in_flight)
		role_ask("unmaskIrq", "'irq':%d", line_of(object)->irq);
}

static bool take(int eventfd, const char *holder)
{
	return role_ask_number("takeReference", "'eventfd':'e%d','holder':'%s'", eventfd, holder);
}

static void drop(int eventfd, const char *holder)
{
	role_ask("dropReference", "'eventfd':'e%d','holder':'%s'", eventfd, holder);
}

/* Unregister, free, drop: what is registered may use all of it until then. */
static void let_go(struct vector *vector)
{
	if (!vector->set)
		return;
	if (vector->registered)
		role_unregister(&vector->object);
	vector->registered = false;
	role_ask("freeIrq", "'irq':%d", vector->irq);
	drop(vector->eventfd, vector->holder);
	vector->set = false;
	vector->in_flight = false;
}

static int set_trigger(struct device *device, int number, int eventfd)
{
	struct vector *vector = &device->vector[number];

	let_go(vector);
	if (eventfd == NONE)
		return 0;
	snprintf(vector->holder, sizeof(vector->holder), "d%d.%s.%d", device->id, device->index, number);
	if (!take(eventfd, vector->holder))
		return -EBADF;
	vector->eventfd = eventfd;
	vector->irq = role_ask_number("requestIrq", "'device':'d%d','index':'%s','vector':%d", device->id, device->index, number);
	vector->set = true;
	if (is_line(device) && !forwards_lines)
		return 0;
	if (is_line(device))
		vector->object = (struct role_object){stop, start, add_consumer, del_consumer, vector->object.number};
	/* A refusal is no failure of the call: the interrupt goes on through the host. */
	vector->registered = role_register(&vector->object, eventfd, vector->irq) == 0;
	return 0;
}

static int set_irqs(json_t *call)
{
	struct device *device = find_open(call);
	const char *index = json_string_value(json_object_get(call, "index"));
	json_t *eventfds = json_object_get(call, "eventfds");
	int start = role_number(call, "start"), count = (int)json_array_size(eventfds);

	if (!device)
		return -EBADF;
	if (count == 0 || start + count > (strcmp(index, "intx") == 0 ? 1 : device->vectors))
		return -EINVAL;
	if (device->index[0] && strcmp(device->index, index) != 0)
		return -EINVAL;
	snprintf(device->index, sizeof(device->index), "%s", index);
	for (int at = 0; at < count; at++) {
		int status = set_trigger(device, start + at, role_number_of(json_array_get(eventfds, (size_t)at)));

		if (status == 0)
			continue;
		/* All or none. */
		while (at-- > 0)
			set_trigger(device, start + at, NONE);
		return status;
	}
	return 0;
}

/* Somebody has ended the interrupt of the line. */
static void signalled(struct role_waiter *waiter)
{
	struct vector *line = &role_container(waiter, struct device, waiter)->vector[0];

	if (!line->set || !line->in_flight)
		return;
	line->in_flight = false;
	role_ask("unmaskIrq", "'irq':%d", line->irq);
}

static int set_unmask(struct device *device, int eventfd)
{
	char holder[48];

	snprintf(holder, sizeof(holder), "d%d.intx.0", device->id);
	if (device->unmask != NONE) {
		role_end_waiting(&device->waiter);
		drop(device->unmask, holder);
		device->unmask = NONE;
	}
	if (eventfd == NONE)
		return 0;
	if (!take(eventfd, holder))
		return -EBADF;
	device->unmask = eventfd;
	device->waiter.signalled = signalled;
	role_wait(&device->waiter, eventfd);
	return 0;
}

static int set_unmask_eventfd(json_t *call)
{
	struct device *device = find_open(call);

	if (!device)
		return -EBADF;
	return is_line(device) ? set_unmask(device, role_number(call, "eventfd")) : -EINVAL;
}

static int disable(struct device *device)
{
	if (is_line(device))
		set_unmask(device, NONE);
	for (int number = 0; number < VECTORS; number++) {
		let_go(&device->vector[number]);
		device->vector[number] = (struct vector){.set = false};
	}
	device->index[0] = '\0';
	return 0;
}

static int disable_irqs(json_t *call)
{
	struct device *device = find_open(call);

	if (!device)
		return -EBADF;
	return role_is(call, "index", device->index) ? disable(device) : -EINVAL;
}

static int open_device(json_t *call)
{
	struct device *device = find(call);

	if (!device || device->open)
		return device ? -EBUSY : -EBADF;
	device->open = true;
	return 0;
}

static int close_device(json_t *call)
{
	struct device *device = find_open(call);

	if (!device)
		return -EBADF;
	disable(device);
	device->open = false;
	return 0;
}

static int reset_device(json_t *call)
{
	struct device *device = find_open(call);

	if (!device)
		return -EBADF;
	return device->frees_on_reset ? disable(device) : 0;
}

/* An interrupt came to the host: a line is masked until the guest has ended it, unless it is forwarded. */
static int interrupt(json_t *told)
{
	for (int at = 0; at < device_count * VECTORS; at++) {
		struct device *device = &devices[at / VECTORS];
		struct vector *vector = &device->vector[at % VECTORS];

		if (!vector->set || vector->irq != role_number(told, "irq"))
			continue;
		if (is_line(device) && !vector->forwarded) {
			vector->in_flight = true;
			role_ask("maskIrq", "'irq':%d", vector->irq);
		}
		role_ask("signal", "'eventfd':'e%d'", vector->eventfd);
	}
	return 0;
}

int main(void)
{
	static const struct role_function functions[] = {
		{"openDevice", open_device}, {"closeDevice", close_device}, {"resetDevice", reset_device},
		{"setIrqs", set_irqs}, {"disableIrqs", disable_irqs}, {"setUnmaskEventfd", set_unmask_eventfd},
		{"interrupt", interrupt}, {NULL, NULL},
	};

	return role_main(&(struct irqbypass_role){
		.name = "example producer", .version = "1", .plays = "producer", .begin = begin, .functions = functions,
	});
}
