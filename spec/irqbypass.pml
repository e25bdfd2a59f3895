/* SPDX-License-Identifier: MIT */
/*
 * The IRQ bypass manager, said a third time: for the model checker SPIN.
 *
 * spec/rules say what every trace must satisfy. spec/model.ts says what an operation may do, as one step. Here is how it
 * is done while others are at it too: a lock, callbacks that begin and end, and a caller for every object.
 *
 *     caller of p0    lock  stop stop  add add  start start  enter  unlock
 *     caller of c0       waits for the lock . . . . . . . . . . . . . . .   lock ...
 *
 * SPIN takes every interleaving of these steps, with every fallible callback failing and not failing, and finds no state
 * in which a rule asserted below does not hold, and none in which a caller can never go on.
 *
 * With ATOMIC, an operation is one step. Its states and steps are those of spec/model.ts, compared one by one; so are
 * the operations of callers that run at the same time, each from lock to unlock. dev/promela does all of this.
 *
 * What is chosen when it is compiled:
 *   N_PRODUCERS, N_CONSUMERS, N_TOKENS   the scope
 *   CALLERS                              how many callers each object has; 1
 *   LINUX_4_7, LINUX_6_17                the profile; core without either
 *   NO_NULL_TOKEN, NO_MEMORY_FAILURE     leave these out
 *   ANY_CALLBACKS                        objects have any set of callbacks; all of them without it
 *   ATOMIC                               an operation is one step
 *   TELL                                 print what each operation did
 *   BARE                                 assert nothing, to measure speed
 *
 * Rules that are not asserted (irqbypass-rules.pml) are covered by that comparison. Left to the other two: what is stated
 * of several runs (ORDER, TOKEN-8, ISO-2, ISO-3), and logs (LIFE-9).
 */

/* ---- The scope and the words ------------------------------------------------------------------------------------ */

#ifndef N_PRODUCERS
#define N_PRODUCERS 2
#endif
#ifndef N_CONSUMERS
#define N_CONSUMERS 2
#endif
#ifndef N_TOKENS
#define N_TOKENS 2
#endif
#ifndef CALLERS
#define CALLERS 1
#endif

/* Objects are numbers: the producers, then the consumers. */
#define N_OBJECTS      (N_PRODUCERS + N_CONSUMERS)
#define IS_PRODUCER(o) ((o) < N_PRODUCERS)
#define NOBODY         255

/* Tokens are numbers from 1. The null token is the last of them: a token like any other, unless it is refused. */
#define NONE       0
#define NULL_TOKEN (N_TOKENS + 1)
#ifdef NO_NULL_TOKEN
#define LAST_TOKEN N_TOKENS
#else
#define LAST_TOKEN NULL_TOKEN
#endif

/* The interrupt with which a producer registers. */
#define IRQ(o)     (32 + (o))
#define NO_IRQ     0

#define HAS_STOP  1
#define HAS_START 2
#define HAS_ADD   4
#define HAS_DEL   8
#ifdef ANY_CALLBACKS
byte has[N_OBJECTS];
#define HAS(o, callbacks) ((has[o] & (callbacks)) == (callbacks))
#else
#define HAS(o, callbacks) true
#endif
/* The callbacks of a consumer are mandatory but for stop and start. */
#define INCOMPLETE (!IS_PRODUCER(self) && !HAS(self, HAS_ADD + HAS_DEL))

mtype = { stop, start, addConsumer, delConsumer, addProducer, delProducer };

/* What an operation returns. `failed` is what the callback that failed returned: any number but 0, passed on as it is. */
mtype = { ok, failed, EBUSY, EINVAL, ENOMEM };

/* What an operation finds. */
mtype = {
	registered, null_token, missing_callback, duplicate_token, no_memory,
	alone, peer_waiting, not_registered, unpaired, paired
};

#ifdef ATOMIC
#define OPERATION atomic
#else
#define OPERATION
#endif

/* ---- The manager's state ---------------------------------------------------------------------------------------- */

bool locked;
byte token[N_OBJECTS];              /* under which an object is registered, or NONE */
byte partner[N_OBJECTS] = NOBODY;   /* with whom it is a pair */
byte irq[N_PRODUCERS];              /* with which a producer is registered */

/* Who holds a token. Producers' and consumers' tokens are separate name spaces: an index for each side. */
#define N_SLOTS      (LAST_TOKEN + 1)
byte index[2 * N_SLOTS] = NOBODY;
#define SIDE(o)      (IS_PRODUCER(o) -> 0 : N_SLOTS)
#define HOLDER(o, t) index[SIDE(o) + (t)]
#define PEER(o, t)   index[N_SLOTS - SIDE(o) + (t)]

/* ---- The evidence, and the rules that it must satisfy ------------------------------------------------------------ */

#include "irqbypass-rules.pml"

#ifdef TELL
#include "tell.pml"
#else
#define remember()
#define note(name, o, with, shown)
#define note_failure()
#define tell()
#endif

/* ---- Callbacks: each begins, and ends some time later ------------------------------------------------------------ */

inline begin(name, o, with, shown)
{
	atomic {
		allowed(name, o, with, shown);
		note(name, o, with, shown)
	}
}

inline call_stop(o)
{
	if
	:: HAS(o, HAS_STOP) ->
		atomic {
			begin(stop, o, NOBODY, NO_IRQ);
			see(stopped[o] = COUNTS(o))
		}
		ended()
	:: else
	fi
}

inline call_start(o)
{
	if
	:: HAS(o, HAS_START) ->
		atomic {
			begin(start, o, NOBODY, NO_IRQ);
			see(stopped[o] = false)
		}
		ended()
	:: else
	fi
}

/* Whether it fails is not the manager's to decide. */
inline call_add(name, o, with, shown)
{
	if
	:: HAS(o, HAS_ADD) ->
		begin(name, o, with, shown);
		atomic {
			if
			:: result = ok; see(told[o] = (LEARNS(o) -> with : NOBODY))
			:: result = failed; see(gave_up = true); note_failure()
			fi;
			ended()
		}
	:: else
	fi
}

inline call_del(name, o, with)
{
	if
	:: HAS(o, HAS_DEL) ->
		atomic {
			begin(name, o, with, NO_IRQ);
			see(told[o] = NOBODY)
		}
		ended()
	:: else
	fi
}

/* ---- The manager ------------------------------------------------------------------------------------------------ */

/*
 * One lock, over the search, all callbacks, and the entry or removal. What a caller asks for is made up when it has the
 * lock: nobody can see it before, so that SPIN need not tell apart those who wait.
 */
inline lock()
{
	atomic { !locked -> locked = true; select (asked : NONE .. LAST_TOKEN); remember() }
}

/* What a caller leaves behind would only make SPIN tell apart what is the same. */
inline unlock()
{
	atomic {
		returned();
		tell();
		d_step { asked = 0; starved = 0; peer = 0; producer = 0; consumer = 0; interrupt = 0; result = 0; finds = 0 };
		locked = false
	}
}

/* Both are still while they are joined, and what was stopped is started, whatever came of it (CALL-1, FAIL-1, FAIL-2). */
inline connect()
{
	call_stop(producer);
	call_stop(consumer);
	result = ok;
	call_add(addConsumer, producer, consumer, NO_IRQ);
	if
	:: result == ok ->
		call_add(addProducer, consumer, producer, interrupt);
		if
		:: result != ok -> call_del(delConsumer, producer, consumer)
		:: else -> partner[producer] = consumer; partner[consumer] = producer
		fi
	:: else
	fi;
	call_start(consumer);
	call_start(producer)
}

/* The consumer lets go first, whoever leaves (CALL-2). */
inline disconnect()
{
	call_stop(producer);
	call_stop(consumer);
	call_del(delProducer, consumer, producer);
	call_del(delConsumer, producer, consumer);
	call_start(consumer);
	call_start(producer);
	partner[producer] = NOBODY;
	partner[consumer] = NOBODY
}

#define REGISTERED (token[self] != NONE)
#define TAKEN (HOLDER(self, asked) != NOBODY && HOLDER(self, asked) != self)

#define refuse(why, with) finds = (REGISTERED -> registered : why); result = with

/* Where several reasons apply, core lets any of them give the status; a version looks at them in its order (TOKEN-9). */
inline look_for_reasons_to_refuse()
{
	if
#if defined(LINUX_4_7)
	:: asked == NULL_TOKEN -> refuse(null_token, EINVAL)
	:: asked != NULL_TOKEN && INCOMPLETE -> refuse(missing_callback, EINVAL)
	:: asked != NULL_TOKEN && !INCOMPLETE && REGISTERED -> refuse(registered, EBUSY)
	:: asked != NULL_TOKEN && !INCOMPLETE && !REGISTERED && TAKEN -> refuse(duplicate_token, EBUSY)
	:: asked != NULL_TOKEN && !INCOMPLETE && !REGISTERED && !TAKEN && starved -> refuse(no_memory, ENOMEM)
#elif defined(LINUX_6_17)
	:: REGISTERED -> refuse(registered, EINVAL)
	:: !REGISTERED && INCOMPLETE -> refuse(missing_callback, EINVAL)
	:: !REGISTERED && !INCOMPLETE && asked == NULL_TOKEN -> refuse(null_token, EINVAL)
	:: !REGISTERED && !INCOMPLETE && TAKEN -> refuse(duplicate_token, EBUSY)
	:: !REGISTERED && !INCOMPLETE && !TAKEN && starved -> refuse(no_memory, ENOMEM)
#else
	:: REGISTERED -> refuse(registered, EBUSY)
	:: REGISTERED -> refuse(registered, EINVAL)
	:: asked == NULL_TOKEN -> refuse(null_token, EINVAL)
	:: INCOMPLETE -> refuse(missing_callback, EINVAL)
	:: TAKEN -> refuse(duplicate_token, EBUSY)
	:: TAKEN -> refuse(duplicate_token, EINVAL)
	:: starved -> refuse(no_memory, ENOMEM)
#endif
#if defined(LINUX_4_7)
	:: asked != NULL_TOKEN && !REGISTERED && !INCOMPLETE && !TAKEN && !starved -> result = ok
#else
	/* Whether the null token is refused is left open (TOKEN-3). */
	:: !REGISTERED && !INCOMPLETE && !TAKEN && !starved -> result = ok
#endif
	fi
}

inline register()
{
#ifndef NO_MEMORY_FAILURE
	if
	:: starved = true
	:: starved = false
	fi;
#endif
	look_for_reasons_to_refuse();
	if
	:: result == ok ->
		peer = PEER(self, asked);
		if
		:: peer == NOBODY -> finds = alone
		:: else ->
			finds = peer_waiting;
			producer = (IS_PRODUCER(self) -> self : peer);
			consumer = (IS_PRODUCER(self) -> peer : self);
			interrupt = (IS_PRODUCER(self) -> IRQ(self) : irq[producer]);
			connect()
		fi
	:: else
	fi;
	if
	:: result == ok ->
		token[self] = asked;
		HOLDER(self, asked) = self;
		if
		:: IS_PRODUCER(self) -> irq[self] = IRQ(self)
		:: else
		fi
	:: else
	fi
}

/* What is not registered is left alone: it is the object that counts, not a token that it asked for (LIFE-1 to 4). */
inline unregister()
{
	if
	:: !REGISTERED -> finds = not_registered
	:: else ->
		peer = partner[self];
		if
		:: peer == NOBODY -> finds = unpaired
		:: else ->
			finds = paired;
			producer = (IS_PRODUCER(self) -> self : peer);
			consumer = (IS_PRODUCER(self) -> peer : self);
			disconnect()
		fi;
		HOLDER(self, token[self]) = NOBODY;
		token[self] = NONE;
		if
		:: IS_PRODUCER(self) -> irq[self] = NO_IRQ
		:: else
		fi
	fi
}

/* ---- The callers: each, for ever, registers its object under any token, or unregisters it, whether it is or not ---- */

proctype caller(byte self)
{
	byte asked;                 /* the token under which to register; NONE to unregister */
	bool starved;               /* whether the manager finds no memory */
	byte peer, producer, consumer, interrupt;
	mtype result;
	mtype finds;

	do
	:: OPERATION {
		lock();
		if
		:: asked != NONE -> register()
		:: else -> unregister()
		fi;
progress_returns:
		unlock()
	}
	od
}

init
{
	byte n;
	atomic {
#ifdef ANY_CALLBACKS
		for (n : 0 .. N_OBJECTS - 1) {
			byte callbacks;
			select (callbacks : 0 .. HAS_STOP + HAS_START + HAS_ADD + HAS_DEL);
			has[n] = callbacks;
			callbacks = 0
		}
#endif
		for (n : 0 .. CALLERS * N_OBJECTS - 1) { run caller(n % N_OBJECTS) }
		n = 0
	}
}
