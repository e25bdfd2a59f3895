/** What may be in the package, and where its pages lead. */

/** Whether a file is only for those who work on the kit: a test, what tests use and make, a build cache, the floor `dev`. */
export function isOurs(file: string): boolean {
  return /\.test\.|\.(?:tsbuildinfo|built)$|(?:^|\/)(?:fixtures|golden|__snapshots__)\/|^(?:dist\/)?dev\/|^dist\/pictures\//.test(
    file,
  );
}

/** The links of a page that lead nowhere: relative ones for which nothing is there. */
export function danglingLinks(markdown: string, isThere: (path: string) => boolean): readonly string[] {
  const links = [...markdown.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links.filter((link) => !/^(?:[a-z]+:|#)/.test(link) && !isThere(link.replace(/#.*$/, '')));
}
