/* SPDX-License-Identifier: MIT */
/*
 * The IRQ bypass manager, said a third time: for the model checker SPIN.
 *
 * spec/rules say what every trace must satisfy. spec/model.ts says what an operation may do, as one step. Here is how it
 * is done while others are at it too: a lock, callbacks that begin and end, and a caller for every object.
 *
 *     caller of p0   lock  stop stop  add add  start start  enter  unlock
 *     caller of c0     waits for the lock . . . . . . . . . . . . . . .  lock  ...
 *
 * SPIN runs every interleaving of these steps, with every fallible callback failing and not failing, and finds no state
 * in which a rule asserted below does not hold, and none in which nobody can go on.
 *
 * With ATOMIC an operation is one step. These states and steps are compared, one by one, with those of spec/model.ts;
 * so are the operations of callers that run at once, each from lock to unlock. conformance/promela does all of this.
 *
 * What is chosen when it is compiled:
 *   N_PRODUCERS, N_CONSUMERS, N_TOKENS   the scope
 *   CALLERS                              how many callers each object has; 1
 *   LINUX_4_7, LINUX_6_17                the profile; else core
 *   NO_NULL_TOKEN, NO_MEMORY_FAILURE     leave these out
 *   ANY_CALLBACKS                        objects may lack callbacks; else each has all four
 *   ATOMIC                               an operation is one step
 *   TELL                                 print every operation from lock to unlock (compile the verifier with PRINTF)
 *   BARE                                 assert nothing, for measuring speed
 *
 * Left to the other two formulations: more than one run at a time (ORDER-*, TOKEN-8, ISO-2, ISO-3), and logs (LIFE-9).
 */

/* ---- The scope -------------------------------------------------------------------------------------------------- */

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

/* Tokens are numbers from 1. The null token, where there is one, is the last: a token like any other, unless refused. */
#define NONE       0
#define NULL_TOKEN (N_TOKENS + 1)
#ifdef NO_NULL_TOKEN
#define LAST_TOKEN N_TOKENS
#else
#define LAST_TOKEN NULL_TOKEN
#endif

/* Linux 4.7 links the object itself into a list, and allocates nothing. */
#ifdef LINUX_4_7
#define NO_MEMORY_FAILURE
#endif

/* The interrupt with which a producer registers. */
#define IRQ(o) (32 + (o))

#define HAS_STOP  1
#define HAS_START 2
#define HAS_ADD   4
#define HAS_DEL   8
#ifdef ANY_CALLBACKS
byte has[N_OBJECTS];
#define HAS(o, callbacks) ((has[o] & (callbacks)) == (callbacks))
#else
#define HAS(o, callbacks) (true)
#endif

#ifdef ATOMIC
#define OPERATION atomic
#else
#define OPERATION
#endif

mtype:callback = { stop, start, addConsumer, delConsumer, addProducer, delProducer };

/* What an operation returns. Any number but 0 is a failure of a callback, and is passed on: `failed`. */
mtype:status = { ok, failed, EBUSY, EINVAL, ENOMEM };

/* What an operation finds. */
mtype:situation = {
	registered, null_token, missing_callback, duplicate_token, no_memory,
	alone, peer_waiting, not_registered, unpaired, paired
};

/* ---- The manager's state ---------------------------------------------------------------------------------------- */

bool locked;
byte token[N_OBJECTS];                      /* under which it is registered, or NONE */
byte partner[N_OBJECTS] = NOBODY;           /* with whom it is a pair */
byte irq[N_PRODUCERS];                      /* as long as it is registered */

/* Producers' and consumers' tokens are separate name spaces: one index for each side. */
#define N_SLOTS (LAST_TOKEN + 1)
byte holder[2 * N_SLOTS] = NOBODY;
#define SIDE(o)          (IS_PRODUCER(o) -> 0 : N_SLOTS)
#define HOLDER(o, token) holder[SIDE(o) + (token)]
#define PEER(o, token)   holder[N_SLOTS - SIDE(o) + (token)]

/* ---- The evidence: what the callbacks and the callers see, and the rules that it must satisfy -------------------- */

byte running;                               /* callbacks that have begun and not ended */
bool stopped[N_OBJECTS];                    /* by a stop that has no start yet */
byte told[N_OBJECTS] = NOBODY;              /* of whom, by an add that has no del yet */
byte known[N_OBJECTS];                      /* the token under which it is registered, going by what operations returned */

/* Counters over loops that are one step. */
hidden byte i;
hidden byte j;

/* Never true. They make SPIN name the rule when it reports an assertion. */
hidden byte CALL_3, CALL_6, CALL_8, BAL_1, BAL_2, PAIR_1, PAIR_3, PAIR_4, TOKEN_1, FAIL_4, LIFE_5, LIFE_7;

#ifdef BARE
#define MUST(rule, that)
#else
#define MUST(rule, that) assert((that) || rule)
#endif

#define COUNTS(o) HAS(o, HAS_STOP + HAS_START)
#define LEARNS(o) HAS(o, HAS_ADD + HAS_DEL)
#define PAIR(p, c) (known[p] != NONE && known[p] == known[c])

/* What holds whenever an operation returns. `self` and `asked` are its object and the token asked for. */
inline returns()
{
	d_step {
		if
		:: asked == NONE -> known[self] = NONE
		:: asked != NONE && status == ok -> known[self] = asked
		:: else
		fi;
#ifndef BARE
		for (i : 0 .. N_OBJECTS - 1) {
			MUST(BAL_1, !stopped[i]);
			MUST(LIFE_7, token[i] == known[i]);     /* FAIL-4 as well: what failed is not registered */
			for (j : 0 .. i) {
				MUST(TOKEN_1, i == j || SIDE(i) != SIDE(j) || known[i] == NONE || known[i] != known[j])
			}
		};
		for (i : 0 .. N_PRODUCERS - 1) {
			for (j : N_PRODUCERS .. N_OBJECTS - 1) {
				MUST(PAIR_1, !PAIR(i, j) || !LEARNS(i) || told[i] == j);
				MUST(PAIR_1, !PAIR(i, j) || !LEARNS(j) || told[j] == i);
				MUST(PAIR_4, PAIR(i, j) || told[i] != j);
				MUST(PAIR_4, PAIR(i, j) || told[j] != i);
				MUST(PAIR_3, (partner[i] == j) == PAIR(i, j));
				MUST(PAIR_3, (partner[j] == i) == PAIR(i, j))
			}
		};
		i = 0;
		j = 0;
#endif
	}
}

/* ---- Telling: one line for every operation ---------------------------------------------------------------------- */

#ifdef TELL
typedef deed { mtype:callback callback; byte object; byte counterpart; byte number; bool fails };
deed journal[12];
byte deeds;
byte before[N_OBJECTS];

inline remember()
{
	d_step {
		for (i : 0 .. N_OBJECTS - 1) { before[i] = token[i] };
		i = 0
	}
}

inline write(name, on, with, irq_shown)
{
	journal[deeds].callback = name;
	journal[deeds].object = on;
	journal[deeds].counterpart = with;
	journal[deeds].number = irq_shown;
	deeds++
}

inline print_object(o)
{
	if
	:: IS_PRODUCER(o) -> printf("p%d", o)
	:: else -> printf("c%d", o - N_PRODUCERS)
	fi
}

inline print_token(t)
{
	if
	:: (t) == NONE -> printf(" -")
	:: (t) == NULL_TOKEN -> printf(" null")
	:: else -> printf(" t%d", (t) - 1)
	fi
}

/* operation: [callbacks of each object] tokens before | operation | situation | callbacks | status | tokens after */
inline tell()
{
	d_step {
		printf("operation:");
#ifdef ANY_CALLBACKS
		for (i : 0 .. N_OBJECTS - 1) { printf(" %d", has[i]) };
		printf(" |");
#endif
		for (i : 0 .. N_OBJECTS - 1) { print_token(before[i]) };
		if
		:: asked == NONE -> printf(" | unregister ")
		:: else -> printf(" | register ")
		fi;
		print_object(self);
		if
		:: asked != NONE -> print_token(asked)
		:: else
		fi;
		if
		:: starved -> printf(" without memory")
		:: else
		fi;
		printf(" | ");
		printm(situation);
		printf(" |");
		for (i : 0 .. deeds - 1) {
			printf(" ");
			print_object(journal[i].object);
			printf(".");
			printm(journal[i].callback);
			if
			:: journal[i].counterpart != NOBODY -> printf("("); print_object(journal[i].counterpart)
			:: else
			fi;
			if
			:: journal[i].number != 0 -> printf(" %d)", journal[i].number)
			:: journal[i].number == 0 && journal[i].counterpart != NOBODY -> printf(")")
			:: else
			fi;
			if
			:: journal[i].fails -> printf("!")
			:: else
			fi
		};
		printf(" | ");
		if
		:: asked != NONE -> printm(status)
		:: else -> printf("-")
		fi;
		printf(" |");
		for (i : 0 .. N_OBJECTS - 1) { print_token(token[i]) };
		printf("\n");

		for (i : 0 .. deeds - 1) { journal[i].fails = false; write_nothing() };
		for (i : 0 .. N_OBJECTS - 1) { before[i] = 0 };
		deeds = 0;
		i = 0
	}
}
#endif
