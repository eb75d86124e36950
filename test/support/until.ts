/** Waits for a condition, at most 15 seconds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + 15_000;
  while (!(await condition())) {
    if (Date.now() > giveUpAt) throw new Error(`Not so after 15 s: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
