/** The accounts of the demo world: the gateway's own, and three customers'. */
export const demoAccountIds = {
  gateway: '210987654321',
  shop: '111122223333',
  media: '444455556666',
  payments: '777788889999',
} as const;

/** The gateway's own IAM user, which may assume any role. The keys are worth nothing outside a simulator. */
export const demoGatewayUser = {
  accountId: demoAccountIds.gateway,
  name: 'rolecall-gateway',
  accessKeyId: 'AKIASIMULATORGATEWAY',
  secretAccessKey: 'simulatedSecretOfTheGateway/0123456789ab',
} as const;

/** An IAM user of the payments account, which is connected the old way, by access key. */
export const demoAccessKeyUser = {
  accountId: demoAccountIds.payments,
  name: 'legacy-monitoring',
  accessKeyId: 'AKIASIMULATORPAYMENT',
  secretAccessKey: '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',
} as const;
