import type { SimulatorClock } from '../clock';
import { readInstant, type Route } from './route';

/** Read and move the clock. */
export const clockRoutes: Route[] = [
  { method: 'GET', path: 'clock', handle: ({ clock }) => describe(clock) },
  {
    method: 'POST',
    path: 'clock',
    handle({ clock }, { body }) {
      if (body.reset === true) clock.reset();
      if (body.now !== undefined) {
        const instant = readInstant(body.now, 'now');
        if (body.fixed === true) clock.fix(instant);
        else clock.set(instant);
      }
      if (body.advanceMs !== undefined) clock.advance(readInstant(body.advanceMs, 'advanceMs'));
      return describe(clock);
    },
  },
];

function describe(clock: SimulatorClock): object {
  const state = clock.state();
  return { ...state, iso: new Date(state.now).toISOString() };
}
