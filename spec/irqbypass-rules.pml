/* SPDX-License-Identifier: MIT */
/*
 * Included by spec/irqbypass.pml: the evidence, and the rules that it must satisfy.
 *
 * The evidence is what the participants see, and no more: which callbacks have begun and ended, and what operations
 * returned. A rule is an assertion on it, made when a callback begins or when an operation returns. Two of them, LIFE-7
 * and PAIR-3, hold the manager's own state against it as well.
 */

#ifdef BARE

#define see(what)                      skip
#define allowed(name, o, with, shown)  skip
#define ended()                        skip
#define returned()                     skip

#else

byte running;                       /* callbacks that have begun and not ended */
bool stopped[N_OBJECTS];            /* by a stop whose start has not come */
byte told[N_OBJECTS] = NOBODY;      /* of whom, by an add whose del has not come */
byte known[N_OBJECTS];              /* the token under which it is registered, going by what operations returned */
byte stage;                         /* how far the callbacks of this operation have come; see STAGE */
bool gave_up;                       /* a callback of this operation failed */

/* Never true: they make SPIN name the rule when it reports an assertion. */
bool BAL_1, BAL_2, CALL_1, CALL_2, CALL_5, CALL_6, CALL_7, CALL_8, FAIL_1, FAIL_2, FAIL_3, FAIL_7, ISO_1;
bool LIFE_1, LIFE_5, LIFE_7, PAIR_1, PAIR_3, PAIR_4, TOKEN_1, TOKEN_6;
#define MUST(rule, that) assert((that) || rule)
#define see(what)        what

/* Balance can be asked only of an object that has both. */
#define COUNTS(o)  HAS(o, HAS_STOP + HAS_START)
#define LEARNS(o)  HAS(o, HAS_ADD + HAS_DEL)
#define STILL(o)   (stopped[o] || !COUNTS(o))
#define PAIR(p, c) (known[p] != NONE && known[p] == known[c])

/* The token that the operation is about. */
#define ABOUT      (asked == NONE -> known[self] : asked)
/* Whether an object is registered, or is the one that registers now. */
#define INVOLVED(o) (known[o] != NONE || (o == self && asked != NONE))

/* The order of the callbacks of an operation (CALL-1, CALL-2); a roll-back comes before the starts. */
#define STAGE(name, o) ( \
	(name) == stop  -> (IS_PRODUCER(o) -> 1 : 2) : ( \
	(name) == addConsumer || (name) == delProducer -> 3 : ( \
	(name) == addProducer -> 4 : ( \
	(name) == delConsumer -> 5 : \
	(IS_PRODUCER(o) -> 7 : 6)))))

#define IS_ADD(name) ((name) == addConsumer || (name) == addProducer)

/* What is asked of the callbacks of an operation, whether it connects or disconnects. */
#define MUST_DO(that) MUST(CALL_1, asked == NONE || (that)); MUST(CALL_2, asked != NONE || (that))

/* What holds whenever a callback begins. */
inline allowed(name, o, with, shown)
{
	d_step {
		MUST(CALL_8, running == 0);
		MUST(LIFE_1, asked != NONE || known[self] != NONE);
		MUST(LIFE_5, INVOLVED(o) && (with == NOBODY || INVOLVED(with)));
		MUST(ISO_1, known[o] == NONE || known[o] == ABOUT);
		MUST(FAIL_7, asked == NONE || !starved);
		if
		:: name == stop -> MUST(BAL_1, !stopped[o])
		:: name == start -> MUST(BAL_1, STILL(o))
		:: else ->
			MUST(CALL_5, with != NOBODY && SIDE(o) != SIDE(with) && (known[with] == NONE || known[with] == ABOUT));
			MUST_DO(STILL(o) && STILL(with));
			if
			:: IS_ADD(name) ->
				MUST(FAIL_1, !gave_up);
				MUST(PAIR_3, told[o] == NOBODY);
				MUST(CALL_6, name != addProducer || shown == IRQ(with))
			:: else ->
				MUST(FAIL_2, !gave_up || name == delConsumer);
				MUST(BAL_2, told[o] == with || !LEARNS(o))
			fi
		fi;
		MUST_DO(stage < STAGE(name, o));
		stage = STAGE(name, o);
		running++
	}
}

inline ended()
{
	running--
}

byte i, j;

/* What holds whenever an operation returns. */
inline returned()
{
	d_step {
		MUST(CALL_8, running == 0);
		if
		:: asked == NONE ->
			known[self] = NONE
		:: else ->
			MUST(CALL_7, !INCOMPLETE || result != ok);
			MUST(TOKEN_6, known[self] == NONE || result != ok);
			MUST(FAIL_3, gave_up == (result == failed));
			MUST(FAIL_7, !starved || result != ok);
			if
			:: result == ok -> known[self] = asked
			:: else
			fi
		fi;
		MUST(LIFE_7, token[self] == known[self]);
		for (i : 0 .. N_OBJECTS - 1) {
			MUST(BAL_1, !stopped[i]);
			for (j : 0 .. N_OBJECTS - 1) {
				MUST(TOKEN_1, i == j || SIDE(i) != SIDE(j) || known[i] == NONE || known[i] != known[j])
			}
		}
		for (i : 0 .. N_PRODUCERS - 1) {
			for (j : N_PRODUCERS .. N_OBJECTS - 1) {
				MUST(PAIR_1, !PAIR(i, j) || ((told[i] == j || !LEARNS(i)) && told[j] == i));
				MUST(PAIR_4, PAIR(i, j) || (told[i] != j && told[j] != i));
				MUST(PAIR_3, (partner[i] == j) == PAIR(i, j) && (partner[j] == i) == PAIR(i, j))
			}
		}
		i = 0;
		j = 0;
		stage = 0;
		gave_up = false
	}
}

#endif
