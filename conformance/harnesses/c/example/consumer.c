/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* An example of a consumer in C: VMs with routes and irqfds on every back end, written from the rules. */
#include "irqbypass_role.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NONE (-1)

/* What a back end does that cannot shortcut an interrupt. */
static enum { POSTS, FORWARDS, REFUSES } back_end;

/* Where a GSI goes: a pin, or a message to vCPUs, of which there are none where it goes nowhere. */
struct route {
	int gsi, pin, vector, vcpu_count, vcpus[16];
	enum { FIXED, LOWEST_PRIORITY, NMI } delivery;
};

struct irqfd {
	struct irqfd *next;
	struct role_object object;
	struct role_waiter waiter;
	int vm, eventfd, resample, gsi;
	struct route route;
	bool registered, asserts, ends;
	/* Whether it is paired, with the producer of which interrupt, and whether the hardware was told where that goes. */
	bool paired, mapped;
	int irq;
};

struct vm {
	struct vm *next;
	int id, route_count;
	struct route *routes;
};

/* Who an interrupt is for, in the words of the kit. */
#define PIN "'target':{'vm':'vm%d','vcpu':0,'vector':'pin %d'}"
#define MESSAGE "'target':{'vm':'vm%d','vcpu':%d,'vector':%d}"
#define NMI_MESSAGE "'target':{'vm':'vm%d','vcpu':%d,'vector':'nmi'}"

static struct irqfd *irqfds;
static struct vm *vms;
/* Whether the manager heeds a refusal. Where it does not, whoever comes is paired. */
static bool can_refuse;

static void begin(json_t *arguments)
{
	bool forwards = role_is(arguments, "backEnd", "arm-forwarding");

	back_end = forwards ? FORWARDS : role_is(arguments, "backEnd", "refusing") ? REFUSES : POSTS;
	can_refuse = !json_is_false(json_object_get(arguments, "canRefuse"));
	for (struct irqfd *irqfd; (irqfd = irqfds); free(irqfd))
		irqfds = irqfd->next;
	for (struct vm *vm; (vm = vms); free(vm)) {
		vms = vm->next;
		free(vm->routes);
	}
}

static struct vm *find_vm(json_t *call)
{
	struct vm *vm = vms;

	while (vm && vm->id != role_number(call, "vm"))
		vm = vm->next;
	return vm;
}

static struct route read_route(json_t *json)
{
	struct route route = {.gsi = role_number(json, "gsi"), .pin = role_number(json, "pin"),
			      .vector = role_number(json, "vector")};
	json_t *vcpu;
	size_t at;

	route.delivery = role_is(json, "delivery", "nmi") ? NMI :
			 role_is(json, "delivery", "lowest-priority") ? LOWEST_PRIORITY : FIXED;
	json_array_foreach(json_object_get(json, "vcpus"), at, vcpu)
		if (at < sizeof(route.vcpus) / sizeof(int))
			route.vcpus[route.vcpu_count++] = (int)json_integer_value(vcpu);
	return route;
}

static struct route route_for(const struct vm *vm, int gsi)
{
	for (int at = 0; at < vm->route_count; at++)
		if (vm->routes[at].gsi == gsi)
			return vm->routes[at];
	return (struct route){.gsi = gsi, .pin = NONE};
}

static bool forwards_line(const struct irqfd *irqfd)
{
	return back_end == FORWARDS && role_ask_number("isLine", "'irq':%d", irqfd->irq);
}

/* Tell the hardware to send it there by itself, if it can; what was pending in an entry that goes is not lost. */
static bool set_entry(struct irqfd *irqfd, bool may)
{
	const struct route *route = &irqfd->route;
	bool line = may && forwards_line(irqfd);
	bool can = line ? route->pin != NONE :
			  may && route->pin == NONE && route->vcpu_count == 1 &&
				  (route->delivery == FIXED || (back_end == POSTS && route->delivery != NMI));

	bool was = irqfd->mapped;

	irqfd->mapped = can;
	if (can && line) {
		role_ask("map", "'irq':%d," PIN, irqfd->irq, irqfd->vm, route->pin);
	} else if (can) {
		role_ask("map", "'irq':%d," MESSAGE, irqfd->irq, irqfd->vm, route->vcpus[0], route->vector);
	} else if (was) {
		json_t *pending = role_ask("unmap", "'irq':%d", irqfd->irq);

		if (json_is_object(pending))
			role_ask("inject", "'target':%s", json_dumps(pending, 0));
	}
	return can;
}

static struct irqfd *irqfd_of(struct role_object *object)
{
	return role_container(object, struct irqfd, object);
}

static int add_producer(struct role_object *object, int irq)
{
	struct irqfd *irqfd = irqfd_of(object);

	if (back_end == REFUSES)
		return 1;
	irqfd->irq = irq;
	irqfd->paired = set_entry(irqfd, true) || back_end == POSTS || !can_refuse;
	return irqfd->paired ? 0 : -ENOENT;
}

static void del_producer(struct role_object *object)
{
	irqfd_of(object)->paired = false;
	set_entry(irqfd_of(object), false);
}

static void stop(struct role_object *object)
{
	role_ask("halt", "'vm':'vm%d'", irqfd_of(object)->vm);
}

static void start(struct role_object *object)
{
	role_ask("resume", "'vm':'vm%d'", irqfd_of(object)->vm);
}

/* Several irqfds may lead to one pin: it is asserted as long as one of them asserts it. */
static bool another_asserts(const struct irqfd *irqfd, int pin)
{
	for (const struct irqfd *other = irqfds; other; other = other->next)
		if (other != irqfd && other->asserts && other->vm == irqfd->vm && other->route.pin == pin)
			return true;
	return false;
}

static void set_pin(struct irqfd *irqfd, const struct route *route, const char *level)
{
	if (route->pin != NONE && !another_asserts(irqfd, route->pin))
		role_ask("setPin", "'vm':'vm%d','pin':%d,'level':'%s'", irqfd->vm, route->pin, level);
}

static void signalled(struct role_waiter *waiter)
{
	struct irqfd *irqfd = role_container(waiter, struct irqfd, waiter);
	const struct route *route = &irqfd->route;

	if (irqfd->paired && irqfd->mapped && forwards_line(irqfd)) {
		role_ask("injectForwarded", "'irq':%d", irqfd->irq);
		return;
	}
	irqfd->asserts = irqfd->resample != NONE;
	if (irqfd->asserts)
		set_pin(irqfd, route, "asserted");
	else if (route->pin != NONE)
		role_ask("inject", PIN, irqfd->vm, route->pin);
	for (int at = 0; at < route->vcpu_count && (at == 0 || route->delivery != LOWEST_PRIORITY); at++) {
		if (route->delivery == NMI)
			role_ask("inject", NMI_MESSAGE, irqfd->vm, route->vcpus[at]);
		else
			role_ask("inject", MESSAGE, irqfd->vm, route->vcpus[at], route->vector);
	}
}

static bool deassert(struct irqfd *irqfd)
{
	if (!irqfd->asserts)
		return false;
	irqfd->asserts = false;
	set_pin(irqfd, &irqfd->route, "deasserted");
	return true;
}

/* Whoever resamples asserts the level again, if there is still cause. */
static void resample(const struct irqfd *irqfd)
{
	role_ask("signal", "'eventfd':'e%d'", irqfd->resample);
}

static void end_level(struct irqfd *irqfd)
{
	if (deassert(irqfd))
		resample(irqfd);
}

static void enlist(struct irqfd *irqfd)
{
	irqfd->registered = role_register(&irqfd->object, irqfd->eventfd, NONE) == 0;
}

static void delist(struct irqfd *irqfd)
{
	if (irqfd->registered)
		role_unregister(&irqfd->object);
	irqfd->registered = false;
}

static bool take(const struct irqfd *irqfd, int eventfd)
{
	return eventfd == NONE || role_ask_number("takeReference", "'eventfd':'e%d','holder':'vm%d.e%d'", eventfd,
						  irqfd->vm, irqfd->eventfd);
}

static void drop(const struct irqfd *irqfd, int eventfd)
{
	if (eventfd != NONE)
		role_ask("dropReference", "'eventfd':'e%d','holder':'vm%d.e%d'", eventfd, irqfd->vm, irqfd->eventfd);
}

static void release(struct irqfd *irqfd)
{
	struct irqfd **place = &irqfds;

	while (*place != irqfd)
		place = &(*place)->next;
	*place = irqfd->next;
	delist(irqfd);
	role_end_waiting(&irqfd->waiter);
	end_level(irqfd);
	drop(irqfd, irqfd->resample);
	drop(irqfd, irqfd->eventfd);
	free(irqfd);
}

static void hung_up(struct role_waiter *waiter)
{
	release(role_container(waiter, struct irqfd, waiter));
}

static struct irqfd *find_irqfd(int eventfd)
{
	struct irqfd *irqfd = irqfds;

	while (irqfd && irqfd->eventfd != eventfd)
		irqfd = irqfd->next;
	return irqfd;
}

static int assign_irqfd(json_t *call)
{
	struct vm *vm = find_vm(call);
	struct irqfd *irqfd = vm ? calloc(1, sizeof(*irqfd)) : NULL;
	bool first, second;

	if (!irqfd)
		return -EBADF;
	*irqfd = (struct irqfd){
		.next = irqfds, .vm = vm->id, .eventfd = role_number(call, "eventfd"),
		.resample = role_number(call, "resample"), .gsi = role_number(call, "gsi"),
		.waiter = {signalled, hung_up, 0}, .object = {NULL, NULL, add_producer, del_producer, 0},
	};
	irqfd->route = route_for(vm, irqfd->gsi);
	if (back_end == FORWARDS)
		irqfd->object = (struct role_object){stop, start, add_producer, del_producer, 0};
	first = take(irqfd, irqfd->eventfd);
	second = first && take(irqfd, irqfd->resample);
	/* Host-wide: of two irqfds with one eventfd, only the first would be told. */
	if (second && !find_irqfd(irqfd->eventfd)) {
		irqfds = irqfd;
		role_wait(&irqfd->waiter, irqfd->eventfd);
		enlist(irqfd);
		return 0;
	}
	if (second)
		drop(irqfd, irqfd->resample);
	if (first)
		drop(irqfd, irqfd->eventfd);
	free(irqfd);
	return second ? -EBUSY : -EBADF;
}

static int deassign_irqfd(json_t *call)
{
	struct irqfd *irqfd = find_irqfd(role_number(call, "eventfd"));

	if (!find_vm(call))
		return -EBADF;
	if (irqfd && irqfd->vm == role_number(call, "vm") && irqfd->gsi == role_number(call, "gsi"))
		release(irqfd);
	return 0;
}

static void reroute(struct irqfd *irqfd, struct route route)
{
	struct route old = irqfd->route;

	irqfd->route = route;
	if (memcmp(&old, &route, sizeof(route)) == 0)
		return;
	if (irqfd->asserts) {
		set_pin(irqfd, &old, "deasserted");
		set_pin(irqfd, &route, "asserted");
	}
	if (irqfd->registered && irqfd->paired && forwards_line(irqfd)) {
		/* The producer of a line has to hear of it. */
		delist(irqfd);
		enlist(irqfd);
	} else if (irqfd->registered && irqfd->paired) {
		set_entry(irqfd, back_end == POSTS);
	}
}

static int set_routes(json_t *call)
{
	struct vm *vm = find_vm(call);
	json_t *routes = json_object_get(call, "routes"), *route;
	size_t at;

	if (!vm)
		return -EBADF;
	free(vm->routes);
	vm->routes = calloc(json_array_size(routes) + 1, sizeof(*vm->routes));
	vm->route_count = (int)json_array_size(routes);
	json_array_foreach(routes, at, route)
		vm->routes[at] = read_route(route);
	for (struct irqfd *irqfd = irqfds; irqfd; irqfd = irqfd->next)
		if (irqfd->vm == vm->id)
			reroute(irqfd, route_for(vm, irqfd->gsi));
	return 0;
}

static int create_vm(json_t *call)
{
	struct vm *vm = calloc(1, sizeof(*vm));

	if (!vm)
		return -ENOMEM;
	*vm = (struct vm){.next = vms, .id = role_number(call, "vm")};
	vms = vm;
	return 0;
}

static int destroy_vm(json_t *call)
{
	struct vm *vm = find_vm(call), **place = &vms;

	if (!vm)
		return -EBADF;
	for (struct irqfd *next, *irqfd = irqfds; irqfd; irqfd = next) {
		next = irqfd->next;
		if (irqfd->vm == vm->id)
			release(irqfd);
	}
	while (*place != vm)
		place = &(*place)->next;
	*place = vm->next;
	free(vm->routes);
	free(vm);
	return 0;
}

/* All that assert the pin let go of it before anybody resamples: what is asserted again then is a new interrupt. */
static int end_of_interrupt(json_t *told)
{
	for (struct irqfd *irqfd = irqfds; irqfd; irqfd = irqfd->next)
		irqfd->ends = irqfd->vm == role_number(told, "vm") &&
			      irqfd->route.pin == role_number(told, "pin") && deassert(irqfd);
	for (struct irqfd *irqfd = irqfds; irqfd; irqfd = irqfd->next) {
		if (!irqfd->ends)
			continue;
		resample(irqfd);
		/* Who shares the eventfd was told by that, too. */
		for (struct irqfd *other = irqfd->next; other; other = other->next)
			if (other->resample == irqfd->resample)
				other->ends = false;
	}
	return 0;
}

int main(void)
{
	static const struct role_function functions[] = {
		{"createVm", create_vm}, {"destroyVm", destroy_vm}, {"setRoutes", set_routes},
		{"assignIrqfd", assign_irqfd}, {"deassignIrqfd", deassign_irqfd}, {"endOfInterrupt", end_of_interrupt},
		{NULL, NULL},
	};

	return role_main(&(struct irqbypass_role){
		.name = "example consumer", .version = "1", .plays = "consumer", .begin = begin, .functions = functions,
	});
}
