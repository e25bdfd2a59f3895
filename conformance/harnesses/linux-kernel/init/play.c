/* SPDX-License-Identifier: MIT */
/* A program to the agent, its events back. */
#define _GNU_SOURCE
#include "init.h"

#include "../../c/library/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A lane without an event for so long hangs. A call takes microseconds; the machine may be slow and busy. */
#define WATCHDOG_MS 10000

struct agent_facts agent_facts;

extern int agent;

static struct agent_memory *memory;

void play_begin(void)
{
	for (int waited = 0;; waited += 10) {
		agent = open("/dev/" AGENT_DEVICE, O_RDWR | O_CLOEXEC);
		if (agent >= 0)
			break;
		if (waited >= 2000)
			give_up("the agent has no device: %s", strerror(errno));
		usleep(10000);
	}
	memory = mmap(NULL, sizeof(*memory), PROT_READ | PROT_WRITE, MAP_SHARED, agent, 0);
	if (memory == MAP_FAILED)
		give_up("the agent's memory cannot be mapped: %s", strerror(errno));
	if (ioctl(agent, AGENT_ATTACH))
		give_up("the kernel has no IRQ bypass manager: neither its module nor one built in exports irq_bypass_register_producer");
	if (ioctl(agent, AGENT_GET_FACTS, &agent_facts))
		give_up("the agent does not answer: %s", strerror(errno));
}

/* --- To the agent --- */

static __u32 place_of(const struct program *program, const struct object *object)
{
	for (size_t i = 0; i < program->object_count; i++)
		if (program->objects[i] == object)
			return (__u32)i;
	adapter_fail("an operation names an object that the program does not have");
}

static struct agent_operation encode_operation(const struct program *program, const struct operation *operation)
{
	return (struct agent_operation){
		.kind = (__u32)operation->kind,
		.object = place_of(program, operation->object),
		.token = (__s32)operation->token,
		.irq = operation->irq,
		.no_memory = operation->no_memory,
	};
}

/* Writes the program into the shared memory: see struct agent_program. */
static void encode(const struct program *program)
{
	struct agent_program *header = (void *)memory->program;
	size_t reentry_count = 0, result_count = 0, operation_count = 0;

	for (size_t i = 0; i < program->object_count; i++) {
		result_count += program->objects[i]->result_count;
		reentry_count += program->objects[i]->reentry_count;
	}
	for (size_t i = 0; i < program->lane_count; i++)
		operation_count += program->lanes[i].count;
	if (program->object_count > AGENT_MOST_OBJECTS || program->lane_count > AGENT_MOST_LANES ||
	    operation_count > AGENT_PROGRAM_SIZE / 2 / sizeof(struct agent_operation) ||
	    result_count > AGENT_PROGRAM_SIZE / 8 / sizeof(__s32) ||
	    reentry_count > AGENT_PROGRAM_SIZE / 8 / sizeof(struct agent_reentry) || program->gate_count > AGENT_MOST_GATES)
		adapter_fail("a program is larger than the agent takes: %d objects, %d lanes, %zu operations, %d gates at the most",
			     AGENT_MOST_OBJECTS, AGENT_MOST_LANES, AGENT_PROGRAM_SIZE / 2 / sizeof(struct agent_operation),
			     AGENT_MOST_GATES);

	struct agent_object *objects = (void *)(header + 1);
	__s32 *results = (void *)(objects + program->object_count);
	struct agent_reentry *reentries = (void *)(results + result_count);
	struct agent_lane *lanes = (void *)(reentries + reentry_count);
	struct agent_operation *operations = (void *)(lanes + program->lane_count);
	struct agent_gate *gates = (void *)(operations + operation_count);

	*header = (struct agent_program){
		.object_count = (__u32)program->object_count,
		.result_count = (__u32)result_count,
		.reentry_count = (__u32)reentry_count,
		.lane_count = (__u32)program->lane_count,
		.operation_count = (__u32)operation_count,
		.gate_count = (__u32)program->gate_count,
		.stream = shared->streaming,
	};
	result_count = reentry_count = operation_count = 0;
	for (size_t i = 0; i < program->object_count; i++) {
		const struct object *object = program->objects[i];

		objects[i] = (struct agent_object){
			.is_producer = object->is_producer,
			.callbacks = object->callbacks,
			.first_result = (__u32)result_count,
			.result_count = (__u32)object->result_count,
			.first_reentry = (__u32)reentry_count,
			.reentry_count = (__u32)object->reentry_count,
		};
		for (size_t j = 0; j < object->result_count; j++)
			results[result_count++] = object->results[j];
		for (size_t j = 0; j < object->reentry_count; j++)
			reentries[reentry_count++] = (struct agent_reentry){
				.callback = (__u32)object->reentries[j].callback,
				.operation = encode_operation(program, &object->reentries[j].operation),
			};
	}
	for (size_t i = 0; i < program->lane_count; i++) {
		const struct lane *lane = &program->lanes[i];

		lanes[i] = (struct agent_lane){(__u32)operation_count, (__u32)lane->count};
		for (size_t j = 0; j < lane->count; j++)
			operations[operation_count++] = encode_operation(program, &lane->operations[j]);
	}
	for (size_t i = 0; i < program->gate_count; i++) {
		const struct gate *gate = &program->gates[i];

		gates[i] = (struct agent_gate){
			.object = gate->object ? place_of(program, gate->object) : AGENT_NOBODY,
			.held_lane = gate->held_lane,
			.held_operation = (__u32)gate->held_operation,
			.callback = (__u32)gate->callback,
			.lane = gate->lane,
			.operation = (__u32)gate->operation,
			.until_returned = gate->until_returned,
		};
	}
}

/* --- Back --- */

/* The lane that logged last. Events of other lanes come between the lines of its report, and end it not. */
static unsigned int logging_lane;

static void tell_logged(void)
{
	current_lane = logging_lane;
	report_flush();
}

static void tell(const struct program *program, const struct agent_event *event)
{
	/* Only the agent writes these, but what it writes went through a kernel that may be broken. */
	struct object *object = event->object < program->object_count ? program->objects[event->object] : NULL;
	struct object *other = event->counterpart < program->object_count ? program->objects[event->counterpart] : NULL;

	if (event->type == AGENT_LOG ? event->lane != logging_lane : event->lane == logging_lane)
		tell_logged();
	current_lane = event->lane;
	if (event->type == AGENT_LOG) {
		logging_lane = event->lane;
		if ((size_t)event->value + (size_t)event->second <= AGENT_TEXT_SIZE)
			report_line(memory->text + event->value, (size_t)event->second);
		return;
	}
	if (event->type == AGENT_GAVE_UP) {
		event_gave_up();
		return;
	}
	if (event->type == AGENT_RETURN) {
		event_return(event->flag, event->value);
		return;
	}
	if (!object)
		adapter_fail("the agent names object %u, which the program does not have", event->object);
	switch (event->type) {
	case AGENT_CALL:
		event_call(&(struct operation){(enum operation_kind)event->what, object, event->value, event->second, event->flag});
		break;
	case AGENT_ENTER:
		event_enter(object, (enum callback)event->what, other,
			    event->what == AGENT_ADD && !object->is_producer ? &event->value : NULL);
		break;
	case AGENT_LEAVE:
		event_leave(object, (enum callback)event->what, event->flag ? &event->value : NULL);
		break;
	}
}

/* --- Streaming: another thread passes on each event while the program waits for it --- */

static struct {
	const struct program *program;
	size_t told;
	bool over;
	pthread_t thread;
} stream;

static void tell_new(void)
{
	size_t count = __atomic_load_n(&memory->event_count, __ATOMIC_ACQUIRE);

	while (stream.told < count)
		tell(stream.program, &memory->events[stream.told++]);
	__atomic_store_n(&memory->taken, (__u32)stream.told, __ATOMIC_RELEASE);
}

static void *pass_on(void *nothing)
{
	while (!__atomic_load_n(&stream.over, __ATOMIC_ACQUIRE)) {
		tell_new();
		usleep(200);
	}
	return nothing;
}

static void start_streaming(const struct program *program)
{
	stream.program = program;
	stream.told = 0;
	stream.over = false;
	memory->event_count = 0;
	memory->taken = 0;
	if (shared->streaming && pthread_create(&stream.thread, NULL, pass_on, NULL))
		adapter_fail("the adapter cannot start a thread to stream with");
}

static void stop_streaming(void)
{
	if (shared->streaming) {
		__atomic_store_n(&stream.over, true, __ATOMIC_RELEASE);
		pthread_join(stream.thread, NULL);
	}
	tell_new();
}

/* --- A program --- */

static void tell_hang(const struct agent_ending *ending)
{
	char text[128];

	if (ending->ended == AGENT_ENDLESS)
		snprintf(text, sizeof(text), "the program makes events without end");
	else if (ending->deadlock)
		snprintf(text, sizeof(text), "lane %u waits for a lock that nobody will release", ending->lane);
	else
		snprintf(text, sizeof(text), "lane %u did nothing for %d seconds", ending->lane, WATCHDOG_MS / 1000);
	event_hang(text);
}

/*
 * What the kernel reports once a boot, it reports once a program. The agent sees to the reports of the manager's module;
 * this is for those of the rest of the kernel, and takes as long as a program.
 */
static void forget_reports(void)
{
	write_file("/sys/kernel/debug/clear_warn_once", "1\n");
}

/* The guest starts with one processor, because that is faster; lanes that are to overlap need more. */
static void add_processors(void)
{
	static bool added;
	char path[64];

	for (int i = 1; !added && i < AGENT_MOST_LANES; i++) {
		snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/online", i);
		if (!write_file(path, "1"))
			break;
	}
	added = true;
}

bool play(const struct program *program)
{
	struct agent_ending ending = {.watchdog = WATCHDOG_MS};

	if (program->lane_count > 1)
		add_processors();
	encode(program);
	logging_lane = 0;
	report_begin(memory);
	start_streaming(program);
	if (ioctl(agent, AGENT_RUN, &ending))
		adapter_fail("the agent does not run a program: %s", strerror(errno));
	stop_streaming();

	current_lane = logging_lane;

	const char *cause = report_end(ending.ended == AGENT_DIED);

	current_lane = ending.lane;
	switch ((enum agent_ended)ending.ended) {
	case AGENT_RETURNED:
		break;
	case AGENT_DIED:
		event_crash(cause);
		break;
	case AGENT_HUNG:
	case AGENT_ENDLESS:
		tell_hang(&ending);
		break;
	}
	if (ending.warned && (report_is_foreign() || !has_manager_module()))
		forget_reports();
	if (ending.clean || (ending.left && replace_manager()))
		return true;
	fprintf(stderr, "\n%s\n", ASKS_FOR_ANOTHER);
	return false;
}
