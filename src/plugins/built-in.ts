import type { Plugin } from './contract';
import { ec2Plugin } from './ec2';
import { elbPlugin } from './elb';
import { rdsPlugin } from './rds';

/** The plugins that come with Rolecall. */
export const builtInPlugins: readonly Plugin[] = [ec2Plugin, elbPlugin, rdsPlugin];
