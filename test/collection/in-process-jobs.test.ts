import { InProcessJobs } from '../../src/core/collection/in-process-jobs';
import { describeJobs } from '../contracts/jobs.contract';

describeJobs('in process', () => new InProcessJobs());
