import { addMedia, addPayments, addShop } from './demo-customers';
import { demoAccountIds, demoGatewayUser } from './demo-principals';
import { World } from './world';

/**
 * Three customer accounts with two Regions each, some thirty instances, six databases and eight load balancers. There
 * are no roles: whoever connects an account makes its role. Every day from 14:10 to 14:50 UTC the shop's checkout is in
 * trouble.
 */
export function demoWorld(): World {
  const world = new World();
  addGateway(world);
  addShop(world);
  addMedia(world);
  addPayments(world);
  return world;
}

function addGateway(world: World): void {
  world.addAccount({
    id: demoAccountIds.gateway,
    name: 'Rolecall',
    enabledRegions: ['us-east-1', 'eu-central-1'],
  });
  world.addUser({
    ...demoGatewayUser,
    permissionPolicy: {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: 'arn:aws:iam::*:role/*' },
    },
  });
}
