import { Canaries } from '../security/support/canary';

/** The files below a folder that hold the text, in any form in which it may have been written. */
export function filesContaining(folder: string, text: string): string[] {
  const canaries = new Canaries();
  canaries.add('text', text);
  return [...new Set(canaries.leaksInFiles(folder).map(({ where }) => where))];
}
