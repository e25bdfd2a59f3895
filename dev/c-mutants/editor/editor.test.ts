/** The editor of C, on a text of our own: what it reads, what it changes, and what it refuses. */
import { describe, expect, test } from 'vitest';
import { applyEdit, declare, type Edit, within } from './edits.js';
import { call, NoSuchPlace, statement, word } from './places.js';
import { allStatements, readSource, SyntaxProblem } from './syntax.js';
import { essence, tokenize } from './tokens.js';

const GARDEN = `
#define PLANTED(x) \\
	do_plant(x)
static DEFINE_BED(bed); /* not a function { */

static int water(struct plant *plant, int litres)
{
	int left = 0;
	struct pot *pot;

	if (!plant->pot || litres == 0)
		return -EINVAL; // ( unbalanced in a comment
	guard(hose)(&bed);
	each_pot(pot, &bed, node) {
		if (pot == plant->pot)
			continue;
		left = pour(pot, litres);
		break;
	}
	if (left)
		goto out;
	else
		plant->mood = "wet ) \\" {";
	while (left--)
		drip();
out:
	PLANTED(plant);
	return left;
}
EXPORT(water);

void sing(void) { hum(); }
`;

const water = within('water');

/** The body of water() after an edit, without blanks. */
function bodyAfter(edit: Edit, mark = ''): string {
  const text = essence(applyEdit(GARDEN, edit, mark)[mark === '' ? 'plain' : 'marked']);
  return text.slice(text.indexOf('{'), text.indexOf('EXPORT'));
}

describe('reading', () => {
  test('tokens leave out blanks and comments; a directive is one, a string is one', () => {
    expect(tokenize('a->b /* x */ != "c \\" d"; // y\n# define z \\\n 1\n').map(({ text }) => text)).toEqual([
      'a',
      '->',
      'b',
      '!=',
      '"c \\" d"',
      ';',
      '# define z \\\n 1',
    ]);
  });

  test('finds the functions, and their statements as a tree', () => {
    const { functions } = readSource(GARDEN);
    expect(functions.map(({ name }) => name)).toEqual(['water', 'sing']);
    const [first] = functions;
    const kinds = first === undefined ? [] : [...allStatements(first.body)].map(({ kind }) => kind);
    expect(kinds.join(' ')).toBe(
      'block declaration declaration if return simple loop block if continue simple break if goto simple loop simple label simple return',
    );
  });

  test.each([
    ['int f(void) { if (a { b(); } }', /never closed/],
    ['int f(void) { a() }', /has no end/],
  ])('refuses %s', (text, message) => {
    expect(() => readSource(text)).toThrow(SyntaxProblem);
    expect(() => readSource(text)).toThrow(message);
  });
});

describe('an edit', () => {
  const body = essence(GARDEN).slice(essence(GARDEN).indexOf('{'), essence(GARDEN).indexOf('EXPORT'));

  test.each<[string, Edit, string, string]>([
    ['drops a call', water.drop(call('guard')), 'guard ( hose ) ( & bed ) ;', ';'],
    ['drops a jump under a condition', water.drop(statement('continue')), 'continue ;', '{ ; }'],
    ['repeats a call', water.repeat(call('drip')), 'drip ( ) ;', '{ drip ( ) ; drip ( ) ; }'],
    ['turns a condition round', water.negate(2), '( pot == plant -> pot )', '( ! ( pot == plant -> pot ) )'],
    ['takes a condition for true', water.always(3), 'if ( left )', 'if ( 1 )'],
    ['takes a condition for false', water.never(3), 'if ( left )', 'if ( 0 )'],
    ['asks something else', water.ask(3, 'left > 1'), 'if ( left )', 'if ( left > 1 )'],
    ['drops a part of a condition', water.dropPart(1, 1), '! plant -> pot || litres == 0', 'litres == 0'],
    ['changes an operator', water.change(word('=='), '!='), 'litres == 0', 'litres != 0'],
    ['changes what joins a condition', water.change(word('||'), '&&'), 'pot || litres', 'pot && litres'],
    ['changes a number in a declaration', water.change(word('0'), '7'), 'int left = 0 ;', 'int left = 7 ;'],
    ['changes a name in the head of a loop', water.change(word('bed', 2), 'shed'), '& bed , node', '& shed , node'],
    ['changes what is called', water.change(call('pour'), 'spill'), 'pour (', 'spill ('],
    ['forgets a result', water.ignoreResult(call('pour')), 'left = pour ( pot , litres ) ;', 'pour ( pot , litres ) ;'],
    ['pretends a call', water.pretend(call('pour'), '3'), 'left = pour ( pot , litres ) ;', 'left = 3 ;'],
    [
      'compares fields',
      water.compareField(word('==', 2), 'size'),
      'pot == plant -> pot )',
      'pot -> size == plant -> pot -> size )',
    ],
    ['compares the whole', water.compareWhole(word('==', 2)), 'pot == plant -> pot )', 'pot == plant )'],
    ['returns first', water.returnFirst('0'), '{ int', '{ return 0 ; int'],
    ['returns something else', water.returnInstead(1, '0'), 'return - EINVAL ;', '{ return 0 ; }'],
    [
      'returns behind a call',
      water.returnBehind(call('pour'), '1', 'left'),
      'litres ) ; break',
      'litres ) ; if ( left ) { return 1 ; } break',
    ],
    ['locks without a guard', water.lockWithoutGuard(), 'guard ( hose ) ( & bed ) ;', 'mutex_lock ( & bed ) ;'],
    ['releases at once', water.releaseAtOnce(), 'guard ( hose ) ( & bed ) ;', '{ guard ( hose ) ( & bed ) ; }'],
  ])('%s', (_what, edit, old, now) => {
    expect(body).toContain(old);
    expect(bodyAfter(edit)).toBe(body.replace(old, now));
  });

  test('swaps two statements with what they are under', () => {
    const text = bodyAfter(water.swap(call('guard'), call('drip')));
    expect(text.indexOf('while ( left -- ) drip ( ) ;')).toBeLessThan(text.indexOf('each_pot'));
    expect(text.indexOf('guard ( hose )')).toBeGreaterThan(text.indexOf('each_pot'));
  });

  test('puts C of our own around a statement, in braces where only one may stand', () => {
    const edit = [water.surround(call('pour'), 'lift();', 'drop();'), water.surround(call('drip'), '', 'wipe();')];
    const text = bodyAfter(edit, 'MARK');
    expect(text).toContain('MARK ; lift ( ) ; left = pour ( pot , litres ) ; drop ( ) ;');
    expect(text).toContain('{ MARK ; drip ( ) ; wipe ( ) ; }');
  });

  test('puts C of our own in place of a statement, and declares behind what is included', () => {
    const edit = [declare('static int spade;'), water.replace(call('guard'), 'spade++;')];
    expect(applyEdit(`#include "pots.h"\n${GARDEN}`, edit, '').plain).toMatch(
      /^#include "pots.h"\nstatic int spade;\n/,
    );
    expect(bodyAfter(edit, 'MARK')).toContain('MARK ; spade ++ ;');
  });

  test('refuses edits that are made in the same place', () => {
    const twice = [water.replace(call('guard'), 'a();'), water.replace(call('guard'), 'b();')];
    expect(() => applyEdit(GARDEN, twice, '')).toThrow(/in the same place/);
  });

  test('moves statements before another', () => {
    const text = bodyAfter(water.move(call('pour'), call('guard'), 2));
    expect(text).toContain('left = pour ( pot , litres ) ; break ; guard ( hose ) ( & bed ) ;');
    expect(text).toContain('continue ; ; ; }');
  });

  test('does nothing to other functions', () => {
    expect(applyEdit(GARDEN, within('sing').drop(call('hum')), '').plain).toBe(GARDEN.replace('hum();', ';'));
  });

  test.each<[string, Edit, RegExp]>([
    ['no such function', within('dig').returnFirst(), /defines no function dig/],
    ['no such call', water.drop(call('drip', 2)), /water has 1 of call drip, so there is no 2/],
    ['no such part', water.dropPart(1, 3), /2 parts, and part 3 cannot go/],
    ['a condition of one part', water.dropPart(2, 1), /1 parts/],
    ['a result that is not kept', water.ignoreResult(call('drip')), /is kept nowhere/],
    ['an operator outside a condition', water.compareWhole(word('=')), /not in a condition/],
    ['one statement inside the other', water.swap(call('pour'), statement('loop', 1)), /not in two statements/],
    ['nothing that changes', water.change(call('pour'), 'pour'), /changes nothing/],
  ])('is refused where there is %s', (_what, edit, message) => {
    expect(() => applyEdit(GARDEN, edit, 'MARK')).toThrow(NoSuchPlace);
    expect(() => applyEdit(GARDEN, edit, 'MARK')).toThrow(message);
  });
});

describe('a mark', () => {
  test.each<[string, Edit, string]>([
    ['in place of a call', water.drop(call('guard')), 'return - EINVAL ; MARK ; each_pot'],
    ['where only one statement may stand', water.drop(statement('goto')), 'if ( left ) { MARK ; } else'],
    ['in a condition', water.negate(3), 'if ( ( MARK , ( ! ( left ) ) ) )'],
    [
      'only in the part that is changed',
      water.change(word('=='), '!='),
      '! plant -> pot || ( MARK , ( litres != 0 ) )',
    ],
    ['before a loop whose head is changed', water.change(word('bed', 2), 'shed'), 'MARK ; each_pot ( pot , & shed'],
    ['behind a declaration', water.change(word('0'), '7'), 'int left = 7 ; MARK ;'],
    ['only where a jump is taken', water.returnBehind(call('drip'), '1', 'left'), 'if ( left ) { MARK ; return 1 ; }'],
  ])('stands %s', (_what, edit, text) => {
    expect(bodyAfter(edit, 'MARK')).toContain(text);
  });

  test('is all that the marked text has more than the plain one', () => {
    const edit = water.drop(call('guard'));
    expect(essence(applyEdit(GARDEN, edit, 'MARK').marked).replace('MARK ; ', '')).toBe(
      essence(applyEdit(GARDEN, edit, 'MARK').plain.replace('\t;\n', '\n')),
    );
  });
});
