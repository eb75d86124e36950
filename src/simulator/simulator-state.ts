import type { SessionStore } from './auth/sessions';
import type { CallLog } from './call-log';
import type { SimulatorClock } from './clock';
import type { Faults } from './faults';
import type { Oracle } from './metrics/oracle';
import type { StsSettings } from './sts-settings';
import type { World } from './world/world';

/** The parts of one running simulator; several may run in one process. */
export interface SimulatorState {
  world: World;
  sessions: SessionStore;
  sts: StsSettings;
  faults: Faults;
  calls: CallLog;
  clock: SimulatorClock;
  oracle: Oracle;
  /** 0 to below 1. */
  random: () => number;
}
