import { InProcessBus } from '../../src/core/live/in-process-bus';
import { describeBus } from '../contracts/bus.contract';

describeBus('in process', () => new InProcessBus());
