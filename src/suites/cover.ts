/**
 * Take every edge of a graph, in walks of limited length that all start at node 0.
 *
 * A walk goes on along edges not yet taken; where there is none, it goes the shortest way to the nearest one. That is
 * no shortest tour (the Chinese postman's), but within a third of it on the machines at hand, and made in one pass.
 */

/** The nodes that the edges of each node lead to; an edge is a node and a place in its list. */
export type Graph = readonly (readonly number[])[];

/** A walk: the places of its edges in the lists of the nodes it comes through, from node 0. */
export type Walk = readonly number[];

/**
 * Walks that together take every edge that can be reached from node 0.
 *
 * @param longest the most edges of a walk; at least as many as it takes to reach any edge
 * @throws {RangeError} when an edge is farther from node 0 than that
 */
export function cover(graph: Graph, longest: number): readonly Walk[] {
  const taken = graph.map((edges) => new Uint8Array(edges.length));
  const left = graph.map((edges) => edges.length);
  const next = graph.map(() => 0);
  const search = new Search(graph, (node) => (left[node] ?? 0) > 0);
  const walks: Walk[] = [];
  for (;;) {
    const walk: number[] = [];
    let fresh = 0;
    let node = 0;
    const take = (place: number): void => {
      const marks = taken[node];
      if (marks !== undefined && marks[place] === 0) {
        marks[place] = 1;
        left[node] = (left[node] ?? 0) - 1;
        fresh++;
      }
      walk.push(place);
      node = graph[node]?.[place] ?? 0;
    };
    while (walk.length < longest) {
      if ((left[node] ?? 0) === 0) {
        const way = search.from(node);
        if (way === undefined || walk.length + way.length >= longest) break;
        for (const place of way) take(place);
      }
      const marks = taken[node];
      let place = next[node] ?? 0;
      while (marks?.[place] === 1) place++;
      next[node] = place;
      if (marks === undefined || place >= marks.length) break;
      take(place);
    }
    if (fresh === 0) {
      if (search.from(0) !== undefined) throw new RangeError(`An edge is more than ${longest} edges away.`);
      return walks;
    }
    walks.push(walk);
  }
}

/** Breadth-first search for the nearest node that is wanted. */
class Search {
  readonly #seen: Int32Array;
  readonly #cameFrom: Int32Array;
  readonly #cameBy: Int32Array;
  readonly #queue: Int32Array;
  /** Nodes with the very same list of edges lead to the same nodes, so one of them is enough. */
  readonly #list: Int32Array;
  readonly #listSeen: Int32Array;
  #stamp = 0;

  constructor(
    readonly graph: Graph,
    readonly wanted: (node: number) => boolean,
  ) {
    this.#seen = new Int32Array(graph.length);
    this.#cameFrom = new Int32Array(graph.length);
    this.#cameBy = new Int32Array(graph.length);
    this.#queue = new Int32Array(graph.length);
    const lists = new Map([...new Set(graph)].map((edges, number) => [edges, number]));
    this.#list = Int32Array.from(graph, (edges) => lists.get(edges) ?? 0);
    this.#listSeen = new Int32Array(lists.size);
  }

  /** The places of the edges on a shortest way to a wanted node; undefined when none can be reached. */
  from(start: number): readonly number[] | undefined {
    this.#stamp++;
    this.#queue[0] = start;
    this.#seen[start] = this.#stamp;
    for (let head = 0, tail = 1; head < tail; head++) {
      const node = this.#queue[head] ?? 0;
      if (this.wanted(node)) return this.#way(start, node);
      const list = this.#list[node] ?? 0;
      if (this.#listSeen[list] === this.#stamp) continue;
      this.#listSeen[list] = this.#stamp;
      const edges = this.graph[node] ?? [];
      for (let place = 0; place < edges.length; place++) {
        const to = edges[place] ?? 0;
        if (this.#seen[to] === this.#stamp) continue;
        this.#seen[to] = this.#stamp;
        this.#cameFrom[to] = node;
        this.#cameBy[to] = place;
        this.#queue[tail++] = to;
      }
    }
    return undefined;
  }

  #way(start: number, end: number): readonly number[] {
    const way: number[] = [];
    for (let node = end; node !== start; node = this.#cameFrom[node] ?? start) way.unshift(this.#cameBy[node] ?? 0);
    return way;
  }
}
