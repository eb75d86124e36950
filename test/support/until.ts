/** Waits for a condition, at most five seconds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + 5_000;
  while (!(await condition())) {
    if (Date.now() > giveUpAt) throw new Error(`Not so after 5 s: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
