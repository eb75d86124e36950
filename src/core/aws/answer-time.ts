const answeredAt = new WeakMap<object, number>();

/** Remembers when AWS answered a call, by AWS's own clock (the Date header). */
export function noteAnswerTime(output: object, date: string | undefined): void {
  const instant = Date.parse(date ?? '');
  if (!Number.isNaN(instant)) answeredAt.set(output, instant);
}

/**
 * When AWS gave this answer, epoch ms by AWS's own clock, to the second below; null where it did not say. A gateway whose
 * clock is ahead asks for periods that have not ended, and must not take their absence for an answer.
 */
export function answerTimeOf(output: object): number | null {
  return answeredAt.get(output) ?? null;
}
