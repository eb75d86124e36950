/** Of the plugins that are there, those that an account, or a collection by hand, has chosen: all when it names none. */
export function chosenPlugins<Named extends { name: string }>(
  enabled: readonly Named[],
  { plugins }: { readonly plugins: readonly string[] },
): Named[] {
  return enabled.filter(({ name }) => plugins.length === 0 || plugins.includes(name));
}
